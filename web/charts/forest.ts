/** Paired differences of the two timelines with their 95 % intervals. */

import * as Plot from "@observablehq/plot";
import type { Difference } from "../document";
import { giveOrTake, number } from "../words/numbers";
import { COLOUR, plot, short } from "./frame";
import type { Chart, Key, Panel } from "./shown";

/** What is drawn of a difference; those of the document and those of fresh replications have it. */
export type Apart = Omit<Difference, "scenario" | "p_worse" | "practical">;

/** Differences on one axis. */
interface Group {
  title: string;
  rows: Row[];
}

interface Row {
  label: string;
  value: number;
  low: number;
  high: number;
  look: Look;
}

export type Look = "better" | "worse" | "differs" | "small" | "unclear";

const VERDICTS: { [verdict: string]: Look } = {
  better: "better", worse: "worse", higher: "differs", lower: "differs", negligible: "small", "never differs": "small",
};

/** What is said of a difference beside its numbers, by what the data show of it; nothing if it is neither good nor bad. */
export const SAID: { [verdict: string]: string } = {
  better: "better", worse: "worse", negligible: "negligible", "not shown": "not shown", "never differs": "never differs",
};

/** Say how a difference looks, by what the data show of it. */
export function lookOf(of: Pick<Apart, "verdict">): Look {
  return VERDICTS[of.verdict] ?? "unclear";
}

/** Shapes differ as well as colours, for those who print in grey. */
const LOOKS: Record<Look, { colour: string; filled: boolean; symbol: Plot.SymbolType }> = {
  better: { colour: COLOUR.better, filled: true, symbol: "circle" },
  worse: { colour: COLOUR.worse, filled: true, symbol: "diamond" },
  differs: { colour: COLOUR.changed, filled: true, symbol: "square" },
  small: { colour: COLOUR.muted, filled: true, symbol: "square" },
  unclear: { colour: COLOUR.muted, filled: false, symbol: "circle" },
};

/** Draw the differences of the outcomes that a run prints: chances, dates, and the rest as shares of the base. */
export function forestChart(differences: Apart[]): Chart {
  const main = differences.filter((of) => of.main);
  const groups = [
    group("Chances: percentage points", main.filter((of) => of.kind === "yes_no"), () => 100),
    group("Dates: days", main.filter((of) => of.kind === "day"), () => 1),
    group("Amounts and rates: % of the base", main.filter((of) => of.kind === "number" || of.kind === "ratio"), (of) => 100 / Math.abs(of.base ?? 0)),
  ].filter((of) => of.rows.length > 0);
  return {
    panels: groups.map((of): Panel => ({ title: of.title, draw: (width) => drawGroup(of, width) })),
    key: keyOf(groups),
    words: main.map(differenceWords).join(" "),
    head: ["outcome", "unit", "base", "changed", "difference", "ci95_low", "ci95_high"],
    rows: main.map((of) => [of.outcome, of.unit, of.base, of.value, of.difference, of.ci95?.[0] ?? null, of.ci95?.[1] ?? null]),
  };
}

function keyOf(groups: Group[]): Key[] {
  const seen = new Set(groups.flatMap((of) => of.rows.map((row) => row.look)));
  const all: Key[] = [
    { look: "better", words: "Better" },
    { look: "worse", words: "Worse" },
    { look: "differs", words: "Different" },
    { look: "small", words: "The same, or too small to matter" },
    { look: "unclear", words: "Not shown, allowing for all outcomes that are compared at once" },
  ];
  return all.filter(({ look }) => seen.has(look as Look));
}

function group(title: string, all: Apart[], scale: (of: Apart) => number): Group {
  const rows = all.flatMap((of): Row[] => {
    const by = scale(of);
    if (of.difference === null || !of.ci95 || !Number.isFinite(by)) return [];
    return [{ label: of.label, value: by * of.difference, low: by * of.ci95[0], high: by * of.ci95[1], look: lookOf(of) }];
  });
  return { title, rows };
}

/** On narrower charts, labels stand above the intervals. */
const NARROW = 560;

function drawGroup(of: Group, width: number): SVGSVGElement {
  const narrow = width < NARROW;
  const ends = [0, ...of.rows.flatMap((row) => [row.low, row.high])];
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const pad = 0.06 * (high - low || 1);
  const y = (row: Row) => row.label;
  const shift = narrow ? 8 : 0;
  const common = { y, fill: COLOUR.ink, text: (row: Row) => short(row.label) };
  const label = narrow
    ? Plot.text(of.rows, { ...common, frameAnchor: "left", textAnchor: "start", dy: -9, stroke: COLOUR.paper, strokeWidth: 4 })
    : Plot.text(of.rows, { ...common, frameAnchor: "left", textAnchor: "end", dx: -12 });
  const marks: Plot.Markish[] = [
    Plot.gridX({ ticks: narrow ? 4 : 6, stroke: COLOUR.rule, strokeOpacity: 1 }),
    Plot.axisX({ ticks: narrow ? 4 : 6, tickSize: 4, color: COLOUR.muted, label: null, tickFormat: signed }),
    Plot.ruleX([0], { stroke: COLOUR.ink }),
    label,
    ...of.rows.flatMap((row) => {
      const { colour, filled, symbol } = LOOKS[row.look];
      return [
        Plot.link([row], { x1: "low", x2: "high", y1: y, y2: y, stroke: colour, strokeWidth: 2.5, dy: shift }),
        Plot.dot([row], { x: "value", y, symbol, r: 5, fill: filled ? colour : COLOUR.paper, stroke: colour, strokeWidth: 2, dy: shift }),
      ];
    }),
  ];
  return plot(width, of.rows.length * (narrow ? 42 : 25) + 44, {
    marginLeft: narrow ? 8 : 290,
    marginTop: 8,
    x: { domain: [low - pad, high + pad] },
    y: { type: "band", domain: of.rows.map(y), axis: null },
    marks,
  });
}

function signed(value: number): string {
  return value > 0 ? `+${number(value)}` : number(value);
}

/** A difference and half the width of its interval; of chances and dates with its unit: −28 ± 3 days. */
export function differenceText(of: Pick<Apart, "difference" | "ci95" | "kind" | "unit">): string {
  if (of.difference === null) return "–";
  const unit = { yes_no: " points", day: " days", number: "", ratio: "" }[of.kind];
  return giveOrTake(of.difference, of.ci95 ? [of.ci95[0], of.ci95[1]] : null, of.kind) + unit;
}

function differenceWords(of: Apart): string {
  const said = SAID[of.verdict] ? `, ${SAID[of.verdict]}` : "";
  const unit = of.kind === "number" && of.unit ? ` (${of.unit})` : "";
  return `${of.label}${unit}: ${differenceText(of)}${said}.`;
}
