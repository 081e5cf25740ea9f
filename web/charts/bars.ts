/** Shares of a whole as bars: how much of each outcome's variance comes from uncertain numbers. */

import * as Plot from "@observablehq/plot";
import type { Entry } from "../document";
import { percent, wholePercent } from "../words/numbers";
import { COLOUR, plot, short } from "./frame";
import type { Chart } from "./shown";

interface Bar {
  label: string;
  share: number;
  low: number;
  high: number;
}

/** Draw the share of each outcome's variance that would be gone if the uncertain numbers were known, largest first. */
export function varianceChart(summary: { [name: string]: Entry }): Chart | undefined {
  const bars = Object.values(summary)
    .flatMap(({ label, main, variance }): Bar[] => (main && variance ? [{ label, share: variance.parameters, low: variance.ci95[0], high: variance.ci95[1] }] : []))
    .sort((a, b) => b.share - a.share);
  if (bars.length === 0) return undefined;
  return {
    panels: [{ title: "", draw: (width) => drawBars(bars, width) }],
    key: [
      { look: "bars", words: "Due to uncertain numbers; the rest is chance" },
      { look: "interval", words: "95 % interval" },
    ],
    words: bars.map(({ label, share, low, high }) => `${label}: ${wholePercent(share)} (95 % interval ${wholePercent(low)} to ${wholePercent(high)}).`).join(" "),
    head: ["outcome", "share", "ci95_low", "ci95_high"],
    rows: bars.map(({ label, share, low, high }) => [label, share, low, high]),
  };
}

/** On narrower charts, labels stand above the bars. */
const NARROW = 560;

function drawBars(bars: Bar[], width: number): SVGSVGElement {
  const narrow = width < NARROW;
  const y = (bar: Bar) => bar.label;
  const shift = narrow ? 8 : 0;
  const label = { y, text: (bar: Bar) => short(bar.label), fill: COLOUR.ink };
  return plot(width, bars.length * (narrow ? 40 : 24) + 44, {
    marginLeft: narrow ? 8 : 290,
    marginTop: 8,
    marginRight: 20,
    x: { domain: [0, 1] },
    y: { type: "band", domain: bars.map(y), axis: null, padding: narrow ? 0.6 : 0.35 },
    marks: [
      Plot.gridX({ ticks: 4, stroke: COLOUR.rule, strokeOpacity: 1 }),
      Plot.axisX({ ticks: 4, tickSize: 4, color: COLOUR.muted, label: null, tickFormat: (share: number) => percent(share) }),
      Plot.barX(bars, { x: "share", y, fill: COLOUR.changed, fillOpacity: 0.75, dy: shift }),
      Plot.link(bars, { x1: "low", x2: "high", y1: y, y2: y, stroke: COLOUR.ink, strokeWidth: 1.4, dy: shift }),
      Plot.ruleX([0], { stroke: COLOUR.muted }),
      narrow
        ? Plot.text(bars, { ...label, frameAnchor: "left", textAnchor: "start", dy: -9, stroke: COLOUR.paper, strokeWidth: 4 })
        : Plot.text(bars, { ...label, frameAnchor: "left", textAnchor: "end", dx: -12 }),
    ],
  });
}
