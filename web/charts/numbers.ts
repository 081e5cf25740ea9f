/** Numbers and dates as readers write them. */

const DAY = 86_400_000;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** The date of a day after the start, at midnight UTC. */
export function dateOf(start: string, day: number): Date {
  return new Date(Date.parse(start) + Math.floor(day) * DAY);
}

/** The number of days from the start to a date. */
export function dayOf(start: string, date: string): number {
  return Math.round((Date.parse(date) - Date.parse(start)) / DAY);
}

/** A date as 2024-02-12. */
export function isoDate(date: Date): string {
  return date.toISOString().slice(0, 10);
}

/** A date as 12 Feb 2024. */
export function dateText(date: Date | string): string {
  const of = typeof date === "string" ? new Date(date) : date;
  return `${of.getUTCDate()} ${MONTHS[of.getUTCMonth()]} ${of.getUTCFullYear()}`;
}

/** A date without its day: Feb 2024. */
export function monthText(date: Date): string {
  return `${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

/** A number to three significant digits, whole from 1,000 on, with commas and a true minus. */
export function numberText(value: number, sign = ""): string {
  const size = Math.abs(value);
  const text = size >= 100 ? Math.round(size).toLocaleString("en-GB") : String(Number(size.toPrecision(size < 0.1 ? 2 : 3)));
  if (text === "0") return "0";
  return (value < 0 ? "−" : sign) + text;
}

/** A share as a percentage. */
export function shareText(share: number): string {
  return `${pointsText(share)} %`;
}

/** A share, or a difference of two, in percentage points without a unit. */
export function pointsText(share: number, sign = ""): string {
  const size = Math.abs(100 * share);
  const text = size > 0 && size < 0.05 ? "<0.1" : String(Number(size.toFixed(size < 10 || size > 90 ? 1 : 0)));
  return text === "0" ? "0" : (share < 0 ? "−" : sign) + text;
}

/** The place of the last day that is no later than another; 0 if all are. */
export function lastUpTo(days: number[], day: number): number {
  let index = 0;
  while (index + 1 < days.length && (days[index + 1] as number) <= day) index += 1;
  return index;
}
