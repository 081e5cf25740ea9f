/** Paired differences of the two timelines with their 95 % intervals. */

import * as Plot from "@observablehq/plot";
import type { Difference } from "../document";
import { COLOUR, plot } from "./frame";
import { numberText, pointsText } from "./numbers";
import type { Chart, Key, Panel } from "./shown";

/** Differences on one axis: chances in points, dates in days, everything else as a share of the base. */
interface Group {
  title: string;
  unit: string;
  rows: Row[];
}

interface Row {
  label: string;
  value: number;
  low: number;
  high: number;
  verdict: Verdict;
}

export type Verdict = "better" | "worse" | "unclear" | "differs";

/** Say what an interval allows to say: nothing, as long as it includes zero. */
export function verdictOf(of: Pick<Difference, "difference" | "ci95" | "better">): Verdict {
  if (of.difference === null || !of.ci95 || (of.ci95[0] <= 0 && of.ci95[1] >= 0)) return "unclear";
  if (of.better === "") return "differs";
  return of.difference < 0 === (of.better === "low") ? "better" : "worse";
}

const LOOK: Record<Verdict, { colour: string; filled: boolean; symbol: Plot.SymbolType }> = {
  better: { colour: COLOUR.better, filled: true, symbol: "circle" },
  worse: { colour: COLOUR.worse, filled: true, symbol: "diamond" },
  differs: { colour: COLOUR.changed, filled: true, symbol: "square" },
  unclear: { colour: COLOUR.muted, filled: false, symbol: "circle" },
};

/** Draw the differences of the outcomes that a run prints. */
export function forestChart(differences: Difference[]): Chart {
  const main = differences.filter((of) => of.main);
  const groups = [
    group("Chances, percentage points", main, (of) => of.kind === "yes_no", () => 100),
    group("Dates, days", main, (of) => of.kind === "day", () => 1),
    group("Everything else, % of the mean in the file", main, (of) => of.kind === "number" || of.kind === "ratio", (of) => 100 / Math.abs(of.base ?? 0)),
  ].filter((of) => of.rows.length > 0);
  return {
    panels: groups.map((of): Panel => ({ title: of.title, draw: (width) => drawGroup(of, width) })),
    key: KEY,
    words: main.map((of) => differenceWords(of)).join(" "),
    head: ["outcome", "unit", "base", "changed", "difference", "ci95_low", "ci95_high"],
    rows: main.map((of) => [of.outcome, of.unit, of.base, of.value, of.difference, of.ci95?.[0] ?? null, of.ci95?.[1] ?? null]),
  };
}

const KEY: Key[] = [
  { look: "better", words: "Better" },
  { look: "worse", words: "Worse" },
  { look: "unclear", words: "Cannot be told: the 95 % interval includes no difference" },
];

function group(title: string, all: Difference[], belongs: (of: Difference) => boolean, scale: (of: Difference) => number): Group {
  const rows = all.filter(belongs).flatMap((of): Row[] => {
    const by = scale(of);
    if (of.difference === null || !of.ci95 || !Number.isFinite(by)) return [];
    return [{ label: of.label, value: by * of.difference, low: by * of.ci95[0], high: by * of.ci95[1], verdict: verdictOf(of) }];
  });
  return { title, unit: title.split(", ")[1] ?? "", rows };
}

function drawGroup(of: Group, width: number): SVGSVGElement {
  const narrow = width < 520;
  const left = narrow ? 8 : 300;
  const step = narrow ? 40 : 24;
  const ends = of.rows.flatMap((row) => [row.low, row.high]);
  const most = Math.max(1e-9, ...ends.map(Math.abs));
  const [low, high] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  const pad = 0.06 * (high - low || most);
  const y = (row: Row) => row.label;
  const marks: Plot.Markish[] = [
    Plot.gridX({ ticks: narrow ? 4 : 6, stroke: COLOUR.rule, strokeOpacity: 1 }),
    Plot.axisX({ ticks: narrow ? 4 : 6, tickSize: 4, color: COLOUR.muted, label: null, tickFormat: (v: number) => numberText(v, "+") }),
    Plot.ruleX([0], { stroke: COLOUR.ink }),
    Plot.text(of.rows, narrow ? { y, frameAnchor: "left", textAnchor: "start", dx: 0, dy: -12, text: y, fill: COLOUR.ink, stroke: COLOUR.paper, strokeWidth: 4 } : { y, frameAnchor: "left", textAnchor: "end", dx: -10, text: y, fill: COLOUR.ink }),
    Plot.link(of.rows, { x1: "low", x2: "high", y1: y, y2: y, stroke: (row: Row) => LOOK[row.verdict].colour, strokeWidth: 2.5, dy: narrow ? 6 : 0 } as Plot.LinkOptions),
    ...of.rows.map((row) =>
      Plot.dot([row], { x: "value", y, symbol: LOOK[row.verdict].symbol, r: 5, fill: LOOK[row.verdict].filled ? LOOK[row.verdict].colour : COLOUR.paper, stroke: LOOK[row.verdict].colour, strokeWidth: 2, dy: narrow ? 6 : 0 } as Plot.DotOptions),
    ),
  ];
  return plot(width, of.rows.length * step + 44, {
    marginLeft: left,
    marginTop: 8,
    x: { domain: [low - pad, high + pad] },
    y: { type: "band", domain: of.rows.map(y), axis: null },
    color: { type: "identity" },
    marks,
  });
}

/** A difference in words. */
export function differenceWords(of: Difference): string {
  if (of.difference === null) return `${of.label}: no difference can be stated.`;
  const [text, unit] = of.kind === "yes_no" ? [(v: number) => pointsText(v, "+"), "percentage points"] : [(v: number) => numberText(v, "+"), of.kind === "day" ? "days" : of.unit];
  const interval = of.ci95 ? ` (95 % interval ${text(of.ci95[0])} to ${text(of.ci95[1])})` : "";
  const said = { better: ", better", worse: ", worse", unclear: ", which may be none", differs: "" }[verdictOf(of)];
  return `${of.label}: ${text(of.difference)} ${unit}${interval}${said}.`;
}
