/** Numbers as `check` writes them. */

/** Write a number with so many digits, as Python's format `g` does. */
export function general(value: number, digits: number): string {
  if (value === 0) return "0";
  const [mantissa, power] = value.toExponential(digits - 1).split("e");
  const exponent = Number(power);
  const short = (text: string): string => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);
  if (exponent < -4 || exponent >= digits) {
    return `${short(mantissa)}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
  }
  return short(value.toFixed(Math.max(0, digits - 1 - exponent)));
}

/** Write a number for a reader, such as 1,000,000. */
export function plain(value: number): string {
  const text = general(value, 12);
  if (text.includes("e")) return text;
  const [whole, part] = text.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return part === undefined ? grouped : `${grouped}.${part}`;
}
