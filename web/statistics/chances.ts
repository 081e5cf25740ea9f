/** The chance that something has happened by a date, and how two chances differ, as in `sim/estimate/by_date.py`. */

import type { Curve } from "../document";
import { bonettPrice, type Interval, wilson } from "./intervals";
import type { Column } from "./sums";

/** Count by day, up to the horizon, in how many replications something has happened by the end of that day. */
export function countsByDay(days: Column, horizon: number): Int32Array {
  const counts = new Int32Array(Math.floor(horizon));
  for (const day of days) {
    if (Math.floor(day) < counts.length) counts[Math.floor(day)]++;
  }
  for (let day = 1; day < counts.length; day++) counts[day] += counts[day - 1];
  return counts;
}

/** Return the chance of an event by each day, with its interval. */
export function curve(label: string, days: Column, horizon: number): Curve {
  const counts = [...countsByDay(days, horizon)];
  const ends = counts.map((happened) => wilson(happened, days.length));
  const end = (which: 0 | 1) => (days.length < 2 ? null : ends.map((interval) => interval![which]));
  return {
    label, days: counts.map((_, day) => day), chance: counts.map((happened) => happened / days.length),
    low: end(0), high: end(1),
  };
}

/** The paired difference of two chances, with its interval. */
export interface Apart {
  difference: number;
  ci95: Interval;
}

/** Return by how much the chance that something has happened by the end of a day differs from that in the base. */
export function apartBy(base: Column, changed: Column, day: number): Apart {
  let [before, here, both] = [0, 0, 0];
  base.forEach((date, i) => {
    const [was, is] = [date < day + 1, changed[i] < day + 1];
    before += Number(was);
    here += Number(is);
    both += Number(was && is);
  });
  if (before === here && here === both) return { difference: 0, ci95: [0, 0] };
  return { difference: (here - before) / base.length, ci95: bonettPrice(here - both, before - both, base.length) };
}
