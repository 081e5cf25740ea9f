/** Bands over replications and shares of replications over time, from the counts of courses, in the document's form. */

import type { Band } from "../document";
import type { CourseRow, Courses } from "../drawdown";
import { PERCENTS, quantileRank } from "./quantiles";

/** Step in which the logarithms of threat, capability and their ratio are recorded. */
const INDEX_STEP = 0.005;
/** States of a phase that is under way. */
const [MOVING, HELD] = [1, 2];

export type Bands = { [track: string]: Band };

/** Return a quantile of a row at some times: the smallest level that at least so many percent do not exceed. */
export function quantileAt(row: CourseRow, percent: number, replications: number, times: readonly number[]): number[] {
  const rank = quantileRank(percent, replications);
  return times.map((time) => {
    let [bin, upto] = [0, row.counts[time * row.bins]!];
    while (upto < rank) upto += row.counts[time * row.bins + ++bin]!;
    return (bin + row.low) * row.step;
  });
}

/** Return the mean of a row at some times, of the levels themselves. */
export function meanAt(row: CourseRow, replications: number, times: readonly number[]): number[] {
  return times.map((time) => row.sums[time]! / replications);
}

/** Return the share of replications at a level at some times; only for bins of width 1. */
export function shareAt(row: CourseRow, level: number, replications: number, times: readonly number[]): number[] {
  const bin = level - row.low;
  return times.map((time) => (bin >= 0 && bin < row.bins ? row.counts[time * row.bins + bin]! / replications : 0));
}

/**
 * Return the tracks of a scenario as they have been played anew.
 *
 * @param embedded Those of the document: the tracks, rows and days are the same.
 */
export function bands({ replications, rows }: Courses, embedded: Bands): Bands {
  const of = (track: CourseRow["track"]) => rows.filter((row) => row.track === track);
  const index = of("index");
  const asLevel = (steps: number) => Math.exp(INDEX_STEP * steps);
  const quantiles = (chosen: readonly CourseRow[], level = (number: number) => number): Fresh => (times) => {
    const [low, lower, middle, upper, high] = PERCENTS.map((percent) =>
      chosen.map((row) => quantileAt(row, percent, replications, times).map(level)));
    return { low, lower, middle, upper, high };
  };
  const shares = (chosen: readonly CourseRow[], levels: readonly number[]): Fresh => (times) => ({
    share: chosen.map((row) => levels.map((level) => shareAt(row, level, replications, times)).reduce(added)),
  });
  const fresh: { [track: string]: (labels: number) => Fresh } = {
    troops: (labels) => quantiles(of("troops").slice(0, labels)),
    attacks: (labels) => quantiles(of("attacks").slice(0, labels)),
    threat: () => quantiles(index.slice(0, 1), asLevel),
    capability: () => quantiles(index.slice(1, 2), asLevel),
    ratio: () => quantiles(index.slice(2), asLevel),
    tension: () => shares(of("tension"), [1]),
    phases: () => shares(of("phase"), [MOVING, HELD]),
    talks: (labels) => (times) => ({
      share: Array.from({ length: labels }, (_, state) => shareAt(of("talks")[0]!, state, replications, times)),
    }),
  };
  return Object.fromEntries(Object.entries(embedded).filter(([name]) => name in fresh).map(([name, band]) => {
    const every = name === "attacks" ? DAYS_PER_WEEK : 1;
    const times = band.days.map((day) => day / every);
    return [name, { rows: band.rows, unit: band.unit, days: band.days, ...fresh[name]!(band.rows.length)(times) }];
  }));
}

const DAYS_PER_WEEK = 7;

type Fresh = (times: readonly number[]) => Partial<Band>;

function added(some: number[], more: number[]): number[] {
  return some.map((share, i) => share + more[i]!);
}
