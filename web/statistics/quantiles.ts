/** The one rule for quantiles: the smallest value that at least so many percent of replications do not exceed. */

import { type Column, mean } from "./sums";

export const PERCENTS = [5, 25, 50, 75, 95] as const;

/** By percent. What had not happened ranks last, and is `null`. */
export type Quantiles = { [percent: string]: number | null };

/** Return the rank, from 1, of the quantile among `n` values in order. */
export function quantileRank(percent: number, n: number): number {
  return Math.ceil((percent * n) / 100);
}

/** Return the 5, 25, 50, 75 and 95 % quantiles. */
export function quantiles(values: Column): Quantiles {
  const ordered = values.slice().sort();
  const found: Quantiles = {};
  for (const percent of PERCENTS) {
    const level = ordered[quantileRank(percent, values.length) - 1];
    found[percent] = Number.isFinite(level) ? level : null;
  }
  return found;
}

/** Return the mean of the highest 5 % of values, rounded up to whole replications. */
export function worstMean(values: Column): number {
  const worst = quantileRank(5, values.length);
  return mean(values.slice().sort().slice(-worst));
}
