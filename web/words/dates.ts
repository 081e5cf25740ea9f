/** Dates in words: `5 Jul 2026`, and `after 31 Dec 2028` for what has not happened by the end. */

import { number, percent } from "./numbers";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAY = 86_400_000;

/** The first and the last date of a scenario, as 2024-02-12. */
export interface Span {
  start: string;
  end: string;
}

/** Write a date that is given as 2024-03-12: `12 Mar 2024`. */
export function dateText(date: string): string {
  const [year, month, day] = date.split("-").map(Number);
  return `${day} ${MONTHS[month! - 1]} ${year}`;
}

/** Return the date, as 2024-03-12, on which a time falls, in days since the start; the end for anything later. */
export function dateOn(day: number, { start, end }: Span): string {
  const last = (Date.parse(end) - Date.parse(start)) / DAY;
  return new Date(Date.parse(start) + Math.floor(Math.min(day, last)) * DAY).toISOString().slice(0, 10);
}

/** Write when something happened, in days since the start; `null` or infinity is `after` the end. */
export function dayText(day: number | null, span: Span): string {
  const isOver = day === null || day >= (Date.parse(span.end) - Date.parse(span.start)) / DAY + 1;
  return isOver ? `after ${dateText(span.end)}` : dateText(dateOn(day, span));
}

/** Write the mean of an outcome: a day as its date, a chance as a percentage. */
export function meanText(mean: number, kind: string, span: Span): string {
  if (kind === "day") return dateText(dateOn(mean, span));
  return kind === "yes_no" ? percent(mean) : number(mean);
}
