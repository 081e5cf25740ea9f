/** Bands over replications and shares of replications over time, from the counts of courses, in the document's form. */

import type { Band } from "../document";
import type { CourseRow, Courses } from "../drawdown";
import { PERCENTS, quantileRank } from "./quantiles";

/** Step in which the logarithms of threat, capability and their ratio are recorded. */
const INDEX_STEP = 0.005;
/** States of a phase that is under way. */
const [MOVING, HELD] = [1, 2];

export type Bands = { [track: string]: Band };

/** Return a quantile of a row, day by day: the smallest level that at least so many percent do not exceed. */
export function quantileByDay({ counts, bins, low, step, days }: CourseRow, percent: number, replications: number): number[] {
  const rank = quantileRank(percent, replications);
  return Array.from(days, (_, time) => {
    let [bin, upto] = [0, counts[time * bins]];
    while (upto < rank) upto += counts[time * bins + ++bin];
    return (bin + low) * step;
  });
}

/** Return the mean of a row, day by day, of the levels themselves. */
export function meanByDay({ sums }: CourseRow, replications: number): number[] {
  return Array.from(sums, (total) => total / replications);
}

/** Return the share of replications at one of some levels, day by day; only for bins of width 1. */
export function shareByDay({ counts, bins, low, days }: CourseRow, levels: readonly number[], replications: number): number[] {
  const here = levels.map((level) => level - low).filter((bin) => bin >= 0 && bin < bins);
  return Array.from(days, (_, time) =>
    here.map((bin) => counts[time * bins + bin] / replications).reduce((some, more) => some + more, 0));
}

/**
 * Return the tracks of a scenario as they have been played anew.
 *
 * @param embedded Those of the document: the tracks, rows and units are the same.
 */
export function bands({ replications, rows }: Courses, embedded: Bands): Bands {
  const of = (track: CourseRow["track"]) => rows.filter((row) => row.track === track);
  const quantiles = (chosen: readonly CourseRow[], level = (number: number) => number): Partial<Band> => {
    const [low, lower, middle, upper, high] = PERCENTS.map((percent) =>
      chosen.map((row) => quantileByDay(row, percent, replications).map(level)));
    return { days: [...chosen[0].days], low, lower, middle, upper, high };
  };
  const shares = (chosen: readonly CourseRow[], ...levels: number[]): Partial<Band> =>
    ({ days: [...chosen[0].days], share: chosen.map((row) => shareByDay(row, levels, replications)) });
  const index = (row: number) => quantiles([of("index")[row]], (steps) => Math.exp(INDEX_STEP * steps));
  const fresh: { [track: string]: (band: Band) => Partial<Band> } = {
    troops: (band) => quantiles(of("troops").slice(0, band.rows.length)),
    attacks: (band) => {
      const own = of("attacks").slice(0, band.rows.length);
      return { ...quantiles(own), mean: own.map((row) => meanByDay(row, replications)) };
    },
    threat: () => index(0),
    capability: () => index(1),
    ratio: () => index(2),
    tension: () => shares(of("tension"), 1),
    phases: () => shares(of("phase"), MOVING, HELD),
    talks: (band) => {
      const [row] = of("talks");
      return { days: [...row.days], share: band.rows.map((_, state) => shareByDay(row, [state], replications)) };
    },
  };
  return Object.fromEntries(Object.entries(embedded).filter(([name]) => name in fresh)
    .map(([name, band]) => [name, { rows: band.rows, unit: band.unit, ...fresh[name](band) } as Band]));
}
