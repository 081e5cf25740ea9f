/** Days of a scenario, which count from its start, and dates. */

const DAY = 86_400_000;

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

/** A day as 2024-02-12. */
export function isoDay(start: string, day: number): string {
  return isoDate(dateOf(start, day));
}

/** The place of the last day that is no later than another; 0 if all are. */
export function lastUpTo(days: number[], day: number): number {
  let index = 0;
  while (index + 1 < days.length && (days[index + 1] as number) <= day) index += 1;
  return index;
}
