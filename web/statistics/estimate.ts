/** From replications to an estimate with its standard error and interval, as in `sim/estimate/estimate.py`. */

import type { Entry } from "../document";
import { around, type Interval, meanInterval, wilson } from "./intervals";
import { PERCENTS, type Quantiles, quantiles, worstMean } from "./quantiles";
import type { Sample } from "./sample";
import { type Column, deviation, mean, standardError, sum } from "./sums";

/** A mean, chance or rate. */
export interface Estimate {
  /** NaN for a rate without exposure. */
  value: number;
  /** Infinite if there are too few replications to tell, NaN if there is no value. */
  se: number;
  interval: Interval | null;
  /** A number for each replication whose mean is the value; `null` if there is none. */
  terms: Column | null;
}

/** Return what replications say about an outcome (days as restricted means) or a rate. */
export function estimate(sample: Sample, name: string): Estimate {
  const entry = sample.entry(name);
  if (!("kind" in entry)) return rate(sample.read(entry.numerator), sample.read(entry.denominator), entry.scale);
  const values = sample.values(name);
  const interval = entry.kind === "yes_no" ? wilson(sum(values), values.length) : meanInterval(values);
  return { value: mean(values), se: standardError(values), interval, terms: values };
}

/** Return a ratio of means, with the error that the jackknife gives. */
function rate(above: Column, below: Column, scale: number): Estimate {
  const n = above.length;
  const exposure = sum(below);
  if (exposure === 0) return { value: NaN, se: NaN, interval: null, terms: null };
  const value = scale * (sum(above) / exposure);
  const without = leftOut(above, below);
  if (without === null) return { value, se: NaN, interval: null, terms: null };
  const middle = mean(without);
  const terms = without.map((ratio) => value - (n - 1) * scale * (ratio - middle));
  const se = standardError(terms);
  return { value, se, interval: around(value, se, n), terms };
}

/** Return the ratio of two means without each replication in turn; `null` if it has no value without some of them. */
function leftOut(numerator: Column, denominator: Column): Column | null {
  const [above, below] = [sum(numerator), sum(denominator)];
  const without = denominator.map((value) => below - value);
  if (numerator.length < 2 || without.includes(0)) return null;
  return without.map((value, i) => (above - numerator[i]) / value);
}

/** An entry of a summary, without what only Python works out (the shares of the variance). */
export type Fresh = Pick<Entry, "label" | "n" | "kind" | "unit" | "better" | "main" | "definition" | "mean" | "ci95" | "quantiles" | "happened"> & {
  /** Of numbers: the standard deviation, `null` for a single value. */
  sd?: number | null;
  /** Of numbers of which fewer are better: the mean of the worst 5 %. */
  cvar95?: number;
};

/** Return an entry of the summary of a run, as `sim/words/summary.py` makes it. */
export function summarise(sample: Sample, name: string): Fresh {
  const entry = sample.entry(name);
  const { value, interval } = estimate(sample, name);
  const { label, unit, better, main, definition } = entry;
  const about = { label, unit, better, main, definition };
  if (!("kind" in entry)) {
    const none: Quantiles = Object.fromEntries(PERCENTS.map((percent) => [percent, null]));
    const n = sample.read(entry.numerator).length;
    return { ...about, n, kind: "ratio", mean: Number.isNaN(value) ? null : value, ci95: interval, quantiles: none };
  }
  const values = sample.read(name);
  const n = values.length;
  const fresh: Fresh = { ...about, n, kind: entry.kind, mean: value, ci95: interval, quantiles: quantiles(values) };
  if (entry.kind === "yes_no") return fresh;
  if (entry.kind === "day") {
    const happened = values.filter(Number.isFinite).length;
    return { ...fresh, happened: { share: happened / n, ci95: wilson(happened, n) } };
  }
  fresh.sd = n > 1 ? deviation(values) : null;
  return entry.better === "low" ? { ...fresh, cvar95: worstMean(values) } : fresh;
}
