/** What all charts have in common: margins, axes of dates, marks of the two timelines. */

import * as Plot from "@observablehq/plot";
import { dateText } from "../words/dates";
import { number } from "../words/numbers";
import { dateOf, dayOf } from "./days";
import type { Setting } from "./shown";

/** Colours are variables of `page.css`, so that a chart follows light, dark and print. */
export const COLOUR = {
  ink: "var(--ink)",
  muted: "var(--muted)",
  rule: "var(--rule)",
  paper: "var(--paper)",
  base: "var(--base)",
  changed: "var(--blue)",
  better: "var(--better)",
  worse: "var(--worse)",
  never: "var(--never)",
};
/** Lines differ in dashes as well, for those who print in grey. */
export const DASHES = { base: "7 3", plan: "1.5 3" };

const YEAR = 365.25;

/** A label for which there is room in a chart. */
export function short(words: string, most = 48): string {
  return words.length > most ? `${words.slice(0, most - 1)}…` : words;
}

/** Draw marks on axes; a chart says only what differs. */
export function plot(width: number, height: number, options: Plot.PlotOptions): SVGSVGElement {
  const drawn = Plot.plot({
    width,
    height,
    marginTop: 22,
    marginRight: 14,
    marginBottom: 30,
    marginLeft: 46,
    ...options,
    className: "plot",
    style: { fontFamily: "var(--sans)", fontSize: "12px", overflow: "visible", background: "none", ...(options.style as object) },
  });
  const svg = drawn instanceof SVGSVGElement ? drawn : (drawn.querySelector("svg") as SVGSVGElement);
  svg.setAttribute("aria-hidden", "true"); // the words beside it say the same
  svg.removeAttribute("role");
  svg.querySelector("style")?.remove(); // the page allows no styles but its own; these are in page.css
  return svg;
}

/** The axis of dates from one day to another: years, or months where there are few years. */
export function dateAxis(setting: Setting, from: number, to: number, width: number): { x: Plot.ScaleOptions; marks: Plot.Markish[] } {
  const [first, last] = [dateOf(setting.start, from), dateOf(setting.start, to)];
  const years = (to - from) / YEAR;
  const room = width / years; // pixels a year
  const axis = { stroke: COLOUR.muted, color: COLOUR.muted, tickSize: 5, label: null };
  const next = Date.UTC(first.getUTCFullYear() + 1, 0, 1);
  const begins = (next - first.getTime()) / 86_400_000 / 365.25 > 80 / room // there is room before the first year
    ? [Plot.axisX([first], { ...axis, tickFormat: (d: Date) => dateText(d.toISOString().slice(0, 10)).replace(/^\d+ /, ""), textAnchor: "start", tickSize: 0, tickPadding: 8 } as Plot.AxisXOptions)]
    : [];
  const marks =
    years < 2.2
      ? [Plot.axisX({ ...axis, ticks: width < 500 ? 4 : 8 })]
      : [
          Plot.axisX({ ...axis, ticks: "3 months", tickFormat: () => "", tickSize: 3, strokeOpacity: room > 60 ? 0.6 : 0 }),
          ...begins,
          Plot.axisX({ ...axis, ticks: room > 34 ? "year" : "2 years", tickFormat: (d: Date) => String(d.getUTCFullYear()) }),
        ];
  return { x: { type: "utc", domain: [first, last], label: null }, marks };
}

/** A vertical axis of numbers with pale lines across; `label` stands above it, with its unit. */
export function valueAxis(label: string, options: { ticks?: number[]; format?: (value: number) => string } = {}): Plot.Markish[] {
  const ticks = options.ticks ?? 4;
  return [
    Plot.gridY({ ticks: ticks as number, stroke: COLOUR.rule, strokeOpacity: 1 }),
    Plot.axisY({
      ticks: ticks as number,
      tickSize: 0,
      tickPadding: 6,
      label,
      labelAnchor: "top",
      labelArrow: "none",
      labelOffset: 46,
      color: COLOUR.muted,
      tickFormat: options.format ?? ((value: number) => number(value)),
    }),
  ];
}

/** The room that the words about a deadline take, in pixels. */
const WORDS = 140;

/** Deadlines as lines with their words, if they lie between two days; the words of a second one stand in a line of their own. */
export function deadlineMark(setting: Setting, from: number, to: number, width: number, place: "top" | "bottom" = "top"): Plot.Markish[] {
  return setting.deadlines.flatMap((deadline, i) => {
    const day = dayOf(setting.start, deadline);
    if (day < from || day > to) return [];
    const at = dateOf(setting.start, day + 1); // the whole day counts
    const share = (day - from) / (to - from);
    const left = (1 - share) * (width - 60) < WORDS && share > 0.5;
    const fits = Math.max(share, 1 - share) * (width - 60) >= WORDS; // otherwise the axis says when
    const side = left ? "right" : "left"; // a frame anchor only sets the height here
    return [
      Plot.ruleX([at], { stroke: COLOUR.ink, strokeWidth: 1, strokeDasharray: "8 3 2 3" }),
      Plot.text([at], {
        x: (d: Date) => d,
        text: () => (fits ? `deadline ${dateText(deadline)}` : "deadline"),
        frameAnchor: `${place}-${side}`,
        textAnchor: left ? "end" : "start",
        dx: left ? -5 : 5,
        dy: place === "top" ? 2 + 13 * i : -4 - 13 * i,
        fill: COLOUR.ink,
        stroke: COLOUR.paper,
        strokeWidth: 4,
      }),
    ];
  });
}

/** What a pointer over a chart of dates reads off: a line, and a box of words. */
export function reading<T>(points: T[], x: (point: T) => Date, words: (point: T) => string): Plot.Markish[] {
  return [
    Plot.ruleX(points, Plot.pointerX({ x, stroke: COLOUR.muted, strokeWidth: 1 })),
    Plot.tip(
      points,
      Plot.pointerX({
        x,
        frameAnchor: "top",
        title: words,
        fill: COLOUR.paper,
        stroke: COLOUR.muted,
        fontSize: 12,
        lineHeight: 1.25,
        pathFilter: "none",
      } as Plot.TipOptions),
    ),
  ];
}
