/**
 * Histograms with the edges of `sim/figures/distributions.py`, of one column or of several on the same axis.
 *
 * Days have bins of a whole number of days; what had not happened by the horizon is counted apart. Few whole numbers
 * have a bin each. Numbers with a long tail, and ratios, have bins whose edges double.
 */

import { quantileRank } from "./quantiles";
import type { Column } from "./sums";

const BARS = 30;
const DATE_BARS = 40;

export interface Histograms {
  /** One more than counts; the last bin includes its upper edge. */
  edges: number[];
  /** `days` and `plain` edges are evenly spaced; `doubling` ones are 0, 1, 2, 4, ... or, of a `ratio`, four a doubling. */
  scale: "days" | "plain" | "doubling" | "ratio";
  /** For each column: how many replications fall into each bin. */
  counts: number[][];
  /** For each column: in how many it did not happen by the horizon. */
  never: number[];
}

/** Return histograms of an outcome in several columns, on the same edges. */
export function histograms(kind: string, unit: string, columns: readonly Column[], horizon: number): Histograms {
  const finite = columns.map((column) => column.filter(Number.isFinite).sort());
  const all = Float64Array.from(finite.flatMap((column) => [...column])).sort();
  const never = columns.map((column, i) => column.length - finite[i].length);
  const { edges, scale } = kind === "day" ? dateEdges(horizon) : numberEdges(all, unit);
  return { edges, scale, counts: finite.map((column) => counted(column, edges)), never };
}

function dateEdges(horizon: number): Pick<Histograms, "edges" | "scale"> {
  const width = Math.ceil(horizon / DATE_BARS);
  const bins = Math.ceil(horizon / width);
  return { edges: Array.from({ length: bins + 1 }, (_, i) => i * width), scale: "days" };
}

function numberEdges(ordered: Column, unit: string): Pick<Histograms, "edges" | "scale"> {
  const [low, high] = [ordered[0], ordered[ordered.length - 1]];
  if (unit === "ratio" && low > 0) return { edges: doublingEdges(ordered, true), scale: "ratio" };
  const q95 = ordered[quantileRank(95, ordered.length) - 1];
  if (low >= 0 && high >= Math.max(8, 3 * q95)) return { edges: doublingEdges(ordered), scale: "doubling" };
  return { edges: plainEdges(ordered), scale: "plain" };
}

/** Return even edges; if there are few whole numbers, each is in the middle of its bin. */
export function plainEdges(ordered: Column): number[] {
  const [low, high] = [ordered[0], ordered[ordered.length - 1]];
  if (high - low <= BARS && ordered.every(Number.isInteger)) {
    return Array.from({ length: high - low + 2 }, (_, i) => low - 0.5 + i);
  }
  if (low === high) return [low - 0.5, low + 0.5];
  const step = (high - low) / BARS;
  return Array.from({ length: BARS + 1 }, (_, i) => (i < BARS ? i * step + low : high));
}

/** Return edges 0, 1, 2, 4, 8, ...; without values below 1, or where halving matters as much, four a doubling. */
export function doublingEdges(ordered: Column, belowOne = false): number[] {
  const [low, high] = [ordered[0], ordered[ordered.length - 1]];
  const top = Math.floor(Math.log2(high)) + 1;
  if (low >= 1 || belowOne) {
    const first = Math.floor(Math.log2(low));
    return Array.from({ length: 4 * (top - first) + 1 }, (_, i) => 2 ** (first + i / 4));
  }
  return [0, ...Array.from({ length: top + 1 }, (_, i) => 2 ** i)];
}

/** Count values in order by bin, as NumPy does: a bin has its lower edge, the last also its upper one. */
function counted(ordered: Column, edges: readonly number[]): number[] {
  const below = edges.map((edge) => lowerBound(ordered, edge));
  const last = edges[edges.length - 1];
  while (below[below.length - 1] < ordered.length && ordered[below[below.length - 1]] === last) {
    below[below.length - 1]++;
  }
  return below.slice(1).map((upto, i) => upto - below[i]);
}

/** Return how many values in order lie below a limit. */
function lowerBound(ordered: Column, limit: number): number {
  let [low, high] = [0, ordered.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ordered[middle] < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
