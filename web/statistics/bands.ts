/** Bands over replications and shares of replications over time, from the counts of courses, in the document's form. */

import type { Band, Labels, Scenario } from "../document";
import type { CourseRow, Courses } from "../drawdown";
import { PERCENTS, quantileRank } from "./quantiles";

/** Step in which the logarithms of threat, capability and their ratio are recorded. */
const INDEX_STEP = 0.005;
/** States of a phase: moving and held. */
const [MOVING, HELD] = [1, 2];

/** Return a quantile of a row over time: the smallest level that at least so many percent of replications do not exceed. */
export function quantileOverTime(row: CourseRow, percent: number, replications: number): number[] {
  const rank = quantileRank(percent, replications);
  return Array.from(row.days, (_, time) => {
    let [bin, upto] = [0, row.counts[time * row.bins]!];
    while (upto < rank) upto += row.counts[time * row.bins + ++bin]!;
    return (bin + row.low) * row.step;
  });
}

/** Return the mean of a row over time, of the levels themselves. */
export function meanOverTime(row: CourseRow, replications: number): number[] {
  return Array.from(row.sums, (total) => total / replications);
}

/** Return the share of replications at a level over time; only for bins of width 1. */
export function shareOverTime(row: CourseRow, level: number, replications: number): number[] {
  const bin = level - row.low;
  const has = bin >= 0 && bin < row.bins;
  return Array.from(row.days, (_, time) => (has ? row.counts[time * row.bins + bin]! / replications : 0));
}

/**
 * Return the bands and shares of all tracks.
 *
 * @param rows The labels of the rows of a scenario's bands, as the document gives them.
 */
export function bands(courses: Courses, labels: Labels, embedded: Scenario["bands"]): { [track: string]: Band } {
  const of = (track: CourseRow["track"]) => courses.rows.filter((row) => row.track === track);
  const [threat, capability, ratio] = of("index");
  const found: { [track: string]: Band } = {};
  const put = (name: string, band: Omit<Band, "unit"> | undefined) => {
    const known = embedded[name];
    if (known && band) found[name] = { ...band, unit: known.unit };
  };
  const everywhere = (name: string) => embedded[name]?.rows ?? labels.theatres;
  put("troops", band(of("troops"), everywhere("troops"), courses.replications));
  put("attacks", band(of("attacks"), everywhere("attacks"), courses.replications));
  const asLevel = (step: number) => Math.exp(INDEX_STEP * step);
  put("threat", threat && band([threat], everywhere("threat"), courses.replications, asLevel));
  put("capability", capability && band([capability], everywhere("capability"), courses.replications, asLevel));
  put("ratio", ratio && band([ratio], everywhere("ratio"), courses.replications, asLevel));
  put("talks", shares(of("talks"), everywhere("talks"), (row, state) => shareOverTime(row, state, courses.replications)));
  put("tension", shares(of("tension"), everywhere("tension"), (row) => shareOverTime(row, 1, courses.replications)));
  put("phases", shares(of("phase"), everywhere("phases"), (row) => {
    const held = shareOverTime(row, HELD, courses.replications);
    return shareOverTime(row, MOVING, courses.replications).map((share, day) => share + held[day]!);
  }));
  return found;
}

/** Return a band of the first rows, as many as there are labels. */
function band(
  rows: readonly CourseRow[], labels: string[], replications: number, level = (number: number) => number,
): Omit<Band, "unit"> | undefined {
  const first = rows[0];
  if (first === undefined) return undefined;
  const shown = rows.slice(0, labels.length);
  const [low, lower, middle, upper, high] = PERCENTS.map((percent) =>
    shown.map((row) => quantileOverTime(row, percent, replications).map(level)));
  return { rows: labels, days: [...first.days], low, lower, middle, upper, high };
}

/** Return shares: of a state for each label if there is one row, otherwise of a row for each label. */
function shares(
  rows: readonly CourseRow[], labels: string[], share: (row: CourseRow, state: number) => number[],
): Omit<Band, "unit"> | undefined {
  const first = rows[0];
  if (first === undefined) return undefined;
  return { rows: labels, days: [...first.days], share: labels.map((_, i) => share(rows[i] ?? first, i)) };
}
