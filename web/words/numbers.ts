/**
 * Numbers in words: amounts, shares, points, differences, lengths of time and lists, as `sim/words/phrases.py` writes
 * them. Everything on the page that shows a number writes it with these.
 */

import type { Interval } from "../statistics/intervals";

/** Write a number with so many decimals and commas between thousands; halves go to the even digit, as in Python. */
export function fixed(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value < 0 ? "-inf" : "inf";
  const [whole = "", rest] = rounded(Math.abs(value), decimals).split(".");
  const text = whole.replace(/\B(?=(\d{3})+$)/g, ",") + (rest === undefined ? "" : `.${rest}`);
  return (value < 0 || Object.is(value, -0) ? "-" : "") + text;
}

/** Round a number to decimals. */
function rounded(value: number, decimals: number): string {
  return toEven(value.toFixed(decimals), value.toFixed(Math.min(100, decimals + BEYOND)));
}

/** So many digits more show whether a number lies exactly in the middle. */
const BEYOND = 30;

/** JavaScript rounds a half up: given the number in full as well, round it to the even digit. */
function toEven(up: string, exact: string): string {
  const last = Number(up[up.length - 1]);
  const point = Number(!up.includes(".") && exact.includes("."));
  const isHalf = /^50*$/.test(exact.slice(up.length + point));
  return isHalf && last % 2 === 1 ? up.slice(0, -1) + (last - 1) : up;
}

/** Write a number with so many significant digits, without zeros at the end; powers of ten as in Python's `g`. */
export function significant(value: number, digits: number): string {
  if (!Number.isFinite(value) || value === 0) return value === 0 ? "0" : fixed(value, 0);
  const power = Number(value.toExponential(digits - 1).split("e")[1]);
  if (power < -4 || power >= digits) {
    const [up, exact] = [digits - 1, digits + BEYOND].map((more) => value.toExponential(more).split("e")[0]);
    const mantissa = trimmed(toEven(up!, exact!));
    return `${mantissa}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
  }
  return trimmed(plain(value, digits - 1 - power));
}

/** Write a number with so many decimals, and without commas. */
function plain(value: number, decimals: number): string {
  return fixed(value, decimals).replaceAll(",", "");
}

function trimmed(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** Write the minus sign of a number as a minus, not as a hyphen. */
export function minus(text: string): string {
  return text.replaceAll("-", "−");
}

/** Write a number with a minus or, if wanted, a plus; without a sign if it is rounded to zero. */
export function withSign(text: string, plus = true): string {
  const digits = text.replace(/^[+-]+/, "");
  if (!/[^0.,]/.test(digits)) return digits;
  return (text.startsWith("-") ? "−" : plus ? "+" : "") + digits;
}

/** Write a number with three digits, or all of those before the point; never as a power of ten. */
export function number(value: number): string {
  if (!(Math.abs(value) < 100)) return minus(fixed(value, 0));
  if (value === 0) return "0";
  const power = Number(value.toExponential(2).split("e")[1]);
  return minus(trimmed(fixed(value, Math.max(0, 2 - power))));
}

/** Write a whole number of something: `1 attack` or `12 attacks`. */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${fixed(count, 0)} ${count === 1 ? singular : plural}`;
}

/** Write what so many do, with a verb in its plain form at the start: `leave under`, for one `leaves under`. */
export function they(count: number, verb: string): string {
  return count === 1 ? verb.replace(/^\S+/, "$&s") : verb;
}

/** Write a number of troops. */
export function troops(count: number): string {
  return counted(count, "soldier", "troops");
}

/** Write a length of time. */
export function days(length: number): string {
  return length < 1 ? "less than a day" : counted(Math.floor(length + 0.5), "day");
}

/** Write a share as a percentage with one or two digits. */
export function share(value: number): string {
  const percent = 100 * value;
  const whole = Math.abs(percent) >= 10 || Math.abs(percent) < 0.05;
  return minus(`${whole ? plain(percent, 0) : significant(percent, 2)} %`);
}

/** Write a share as a percentage with three digits: `53.8 %`. */
export function percent(value: number): string {
  return `${number(100 * value)} %`;
}

/** Write a share as a whole percentage. */
export function wholePercent(value: number): string {
  return minus(`${plain(100 * value, 0)} %`);
}

/** Write a difference of shares in percentage points, to the digits that its half-width leaves certain. */
export function points(value: number, halfWidth = 0): string {
  let text = share(value).replace(" %", "");
  if (halfWidth > 0) {
    text = minus(plain(100 * value, Math.max(0, 1 - Math.floor(Math.log10(100 * halfWidth)))));
  }
  return `${text} point${text === "1" || text === "−1" ? "" : "s"}`;
}

/** Below this share of what an interval is about, half its length is nothing but rounding. */
const ROUNDING = 1e-9;

/** Write a difference and half the length of its interval, such as `−28 ± 3`; that of a chance in points. */
export function giveOrTake(difference: number, ci95: Interval | null, kind: string, sign = true): string {
  const scale = kind === "yes_no" ? 100 : 1;
  const half = ci95 === null ? 0 : (scale * (ci95[1] - ci95[0])) / 2;
  const value = scale * (sign ? difference : Math.abs(difference));
  if (half <= ROUNDING * Math.abs(value)) {
    return withSign(Math.abs(value) < 1e4 ? commas(significant(value, 4)) : fixed(value, 0), sign);
  }
  const power = Math.floor(Math.log10(half));
  const digits = -power + Number(half < 2 * 10 ** power || power > 0); // 1.2, 12 or 34, but 3 or 0.3
  const shown = (amount: number) => fixed(toDigits(amount, digits), Math.max(0, digits));
  return `${withSign(shown(value), sign)} ± ${shown(half)}`;
}

/** Round to decimals or, if negative, to tens, hundreds and so on. */
function toDigits(value: number, digits: number): number {
  return digits >= 0 ? Number(plain(value, digits)) : Number(plain(value / 10 ** -digits, 0)) * 10 ** -digits;
}

function commas(text: string): string {
  const [whole = "", rest] = text.split(".");
  return whole.replace(/\B(?=(\d{3})+$)/g, ",") + (rest === undefined ? "" : `.${rest}`);
}

/** Join words to a list in a sentence, `a, b and c`; if there are too many, say how many more there are. */
export function listed(words: Iterable<string>, most = Infinity): string {
  let names = [...words];
  if (names.length > most) names = [...names.slice(0, most - 1), `${names.length - most + 1} more`];
  return names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}` : names.join("");
}
