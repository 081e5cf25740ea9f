/** 95 % intervals of means, chances and paired differences over replications, as in `sim/estimate/intervals.py`. */

import { studentReach, studentUpto } from "./chance";
import { type Column, deviation, mean } from "./sums";

export type Interval = [number, number];

/** Half the length of a normal 95 % interval, in standard errors. */
export const REACH = 1.9599639845400536;

/** Below this, the transform of `skewedInterval` equals the t-statistic up to rounding. */
const NO_SKEWNESS = 1e-6;

/** Return the t-interval of the mean; `null` for a single value. */
export function meanInterval(values: Column): Interval | null {
  if (values.length < 2) return null;
  return around(mean(values), deviation(values) / Math.sqrt(values.length), values.length);
}

/** Return the t-interval of an estimate with a standard error from n replications. */
export function around(middle: number, error: number, n: number): Interval {
  const reach = studentReach(n - 1) * error;
  return [middle - reach, middle + reach];
}

/** Return the interval of a chance (Wilson's, without continuity correction); `null` for a single trial. */
export function wilson(successes: number, n: number): Interval | null {
  if (n < 2) return null;
  const p = successes / n;
  const middle = p + (REACH * REACH) / (2 * n);
  const scale = 1 + (REACH * REACH) / n;
  const reach = REACH * Math.sqrt((p * (1 - p)) / n + (REACH * REACH) / (4 * n * n));
  return [successes === 0 ? 0 : (middle - reach) / scale, successes === n ? 1 : (middle + reach) / scale];
}

/** Return the interval of a paired difference of chances (Bonett and Price 2012). */
export function bonettPrice(higher: number, lower: number, n: number): Interval {
  const p = (higher + 1) / (n + 2);
  const q = (lower + 1) / (n + 2);
  const reach = REACH * Math.sqrt((p + q - (p - q) * (p - q)) / (n + 2));
  return [Math.max(-1, p - q - reach), Math.min(1, p - q + reach)];
}

/** Return the interval of a mean of paired differences, corrected for skewness (Hall 1992); `null` for a single one. */
export function skewedInterval(differences: Column): Interval | null {
  const n = differences.length;
  if (n < 2) return null;
  const { middle, error, skewness: a } = moments(differences);
  const end = (q: number) => (Math.abs(a) > NO_SKEWNESS ? (3 / a) * (Math.cbrt(1 + a * (q - a / 6)) - 1) : q);
  const reach = studentReach(n - 1);
  return [middle - error * end(reach), middle - error * end(-reach)];
}

/** Return the p-value of a mean difference of zero, by the same transform; `null` if all differences are zero. */
export function meanTest(differences: Column): number | null {
  if (differences.every((difference) => difference === 0)) return null;
  if (differences.length < 2) return 1;
  const { middle, error, skewness: a } = moments(differences);
  if (error === 0) return 0;
  const t = middle / error;
  return 2 * studentUpto(-Math.abs(t + (a * t * t) / 3 + (a * a * t * t * t) / 27 + a / 6), differences.length - 1);
}

/** The mean, its standard error, and the skewness over the square root of how many values there are. */
function moments(values: Column): { middle: number; error: number; skewness: number } {
  const middle = mean(values);
  const sd = deviation(values);
  if (sd === 0) return { middle, error: 0, skewness: 0 };
  const root = Math.sqrt(values.length);
  const cubes = values.map((value) => ((value - middle) / sd) ** 3);
  return { middle, error: sd / root, skewness: mean(cubes) / root };
}
