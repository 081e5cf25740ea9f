/**
 * How the changed timeline differs from the base, replication by replication, as in `sim/estimate/difference.py`.
 *
 * Replication i has the same random numbers in both, so any difference comes from the change.
 */

import type { Better } from "../document";
import { headsUpto } from "./chance";
import { type Estimate, estimate } from "./estimate";
import { bonettPrice, type Interval, meanTest, skewedInterval, wilson } from "./intervals";
import type { Sample } from "./sample";
import { deviation, mean } from "./sums";

/** For an outcome, the one that has the same mean and a smaller spread. */
const SMOOTHED: { [name: string]: string } = { killed: "killed_expected" };

/** As `sim.estimate.difference.Difference`, with the same names. */
export interface Difference {
  outcome: string;
  label: string;
  kind: "number" | "yes_no" | "day" | "ratio";
  unit: string;
  better: Better;
  main: boolean;
  base: number | null;
  value: number | null;
  difference: number | null;
  ci95: Interval | null;
  /** Of the hypothesis of no difference; `null` if no replication differs. */
  p_value: number | null;
  p_higher: number | null;
  p_lower: number | null;
  ci95_higher: Interval | null;
  /** The difference in standard deviations of the base; `null` if there is none. */
  spreads: number | null;
  /** `p_value` adjusted for all tests made at once. */
  adjusted: number | null;
  /** From what size on the difference matters. */
  practical: number;
  /** What the data show: see `verdictOf`. */
  verdict: string;
}

/** Return the outcome from which the mean of another is estimated: of killed in a theatre, its expected deaths. */
function smoothed(name: string): string {
  const [stem = "", ...place] = name.split(".");
  return [SMOOTHED[stem] ?? stem, ...place].join(".");
}

/** Whether the mean of an outcome is estimated from another. */
export function isSmoothed(name: string): boolean {
  return smoothed(name) !== name;
}

/** A difference that has not been judged together with others. */
type Unjudged = Omit<Difference, "adjusted" | "practical" | "verdict">;

/** Compare an outcome or a rate in two samples of the same replications, as many of each. */
function difference(base: Sample, changed: Sample, name: string): Unjudged {
  const entry = changed.entry(name);
  const { label, unit, better, main } = entry;
  const about = { outcome: name, label, unit, better, main };
  if (!("kind" in entry)) return { ...about, kind: "ratio", ...ofRates(estimate(base, name), estimate(changed, name)) };
  const [first, second] = [base.read(name), changed.read(name)];
  const n = first.length;
  if (second.length !== n) throw new RangeError("differences need the same replications of both");
  const higher = second.reduce((count, value, i) => count + Number(value > first[i]), 0);
  const lower = second.reduce((count, value, i) => count + Number(value < first[i]), 0);
  const [a, b] = [base.values(smoothed(name)), changed.values(smoothed(name))];
  const apart = b.map((value, i) => value - a[i]);
  const sd = deviation(a);
  const paired = entry.kind === "yes_no" && higher + lower > 0;
  return {
    ...about, kind: entry.kind, base: mean(a), value: mean(b), difference: mean(apart),
    ci95: paired ? bonettPrice(higher, lower, n) : skewedInterval(apart),
    p_value: paired ? mcnemar(higher, lower) : meanTest(apart),
    p_higher: higher / n, p_lower: lower / n, ci95_higher: wilson(higher, n),
    spreads: sd > 0 ? mean(apart) / sd : null,
  };
}

function ofRates(base: Estimate, changed: Estimate) {
  const hasValue = !Number.isNaN(base.value) && !Number.isNaN(changed.value);
  const [a, b] = [base.terms, changed.terms];
  const apart = a && b ? b.map((value, i) => value - a[i]) : null;
  return {
    base: Number.isNaN(base.value) ? null : base.value, value: Number.isNaN(changed.value) ? null : changed.value,
    difference: hasValue ? changed.value - base.value : null, ci95: apart && skewedInterval(apart),
    p_value: apart && meanTest(apart), p_higher: null, p_lower: null, ci95_higher: null, spreads: null,
  };
}

/** Return the exact p-value of as many pairs going up as down (McNemar 1947). */
function mcnemar(higher: number, lower: number): number {
  return Math.min(1, 2 * headsUpto(Math.min(higher, lower), higher + lower));
}

/**
 * Compare everything that both samples measure, and judge it: allowing for the number of tests (Holm 1979), and for the
 * size from which on a difference matters, as the base states it.
 */
export function differences(base: Sample, changed: Sample): Difference[] {
  const shared = new Set(base.names);
  const found = changed.names.filter((name) => shared.has(name)).map((name) => difference(base, changed, name));
  const adjusted = holm(found.flatMap(({ p_value }) => p_value ?? []));
  let tests = 0;
  return found.map((entry) => {
    const { size, relative } = base.entry(entry.outcome).least;
    const judged = {
      ...entry, adjusted: entry.p_value === null ? null : adjusted[tests++],
      practical: relative ? size * Math.abs(entry.base ?? 0) : size,
    };
    return { ...judged, verdict: verdictOf(judged) };
  });
}

/** Return the adjusted p-values of many tests made at once, in their order. */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, i) => i).sort((i, j) => pValues[i] - pValues[j] || i - j);
  const adjusted = new Array<number>(pValues.length);
  let highest = 0;
  order.forEach((i, rank) => {
    highest = Math.max(highest, Math.min(1, (order.length - rank) * pValues[i]));
    adjusted[i] = highest;
  });
  return adjusted;
}

/** Say what the data show of a difference, in the words of `sim/comparison/verdicts.py`. */
export function verdictOf(entry: Omit<Difference, "verdict">): string {
  const { p_value, adjusted, difference: apart, practical, better } = entry;
  if (p_value === null && apart !== null) return "never differs";
  if (adjusted === null || adjusted > 0.05 || apart === null) return "not shown";
  if (Math.abs(apart) < practical) return "negligible";
  if (better !== "") return apart < 0 === (better === "low") ? "better" : "worse";
  return apart > 0 ? "higher" : "lower";
}

/** Return the share of replications in which the changed timeline is worse; `null` if no direction is better. */
export function shareWorse(entry: Difference): number | null {
  return { low: entry.p_higher, high: entry.p_lower, "": null }[entry.better];
}
