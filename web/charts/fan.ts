/** Bands over time: half and nine in ten of the replications, and their median. */

import * as Plot from "@observablehq/plot";
import type { Band } from "../document";
import { COLOUR, DASHES, dateAxis, deadlineMark, plot, reading, valueAxis } from "./frame";
import { dateText } from "../words/dates";
import { number } from "../words/numbers";
import { dateOf, isoDay, lastUpTo } from "./days";
import type { Chart, Key, Panel, Setting } from "./shown";

/** The five curves of a band, with what is drawn beside them. */
interface Fan {
  title: string;
  base: Curves;
  changed?: Curves;
  plan?: { of: "base" | "changed"; values: number[]; days: number[] };
  recorded?: { days: number[]; values: number[] };
}

interface Curves {
  days: number[];
  low: number[];
  lower: number[];
  middle: number[];
  upper: number[];
  high: number[];
  mean?: number[];
}

export interface FanOptions {
  /** Of the vertical axis. */
  label: string;
  /** The last day that is drawn; the whole run when left out. */
  until?: number;
  /** For ratios: each step up is a multiplication. */
  log?: boolean;
  /** Values hold from one point to the next, as counts of a week do. */
  steps?: boolean;
  height?: number;
  /** Titles of the panels; the rows of the band when left out. */
  titles?: string[];
  /** A value that is marked by a line, with its words. */
  threshold?: { value: number; words: string };
}

const CURVES = ["low", "lower", "middle", "upper", "high"] as const;

/** Draw each row of a band in a panel of its own. */
export function fanChart(setting: Setting, base: Band, changed: Band | undefined, options: FanOptions): Chart {
  const fans = base.rows.map((row, index): Fan => ({
    title: options.titles?.[index] ?? row,
    base: curves(base, index),
    ...(changed && { changed: curves(changed, index) }),
    ...planOf(base, changed, index),
    ...(base.recorded?.[index]?.values.length && { recorded: base.recorded[index] }),
  }));
  return {
    panels: fans.map((fan): Panel => ({ title: fan.title, draw: (width) => drawFan(setting, fan, options, width) })),
    key: keyOf(setting, fans),
    words: fans.map((fan) => fanWords(setting, fan, options)).join(" "),
    head: ["panel", "timeline", "date", "q5", "q25", "q50", "q75", "q95", "mean"],
    rows: fans.flatMap((fan) => fanRows(setting, fan)),
  };
}

/** The last day worth drawing: when nearly all replications have come to rest, to the end of the year after; at most the horizon. */
export function lastMoving(setting: Setting, bands: (Band | undefined)[]): number {
  let last = 0;
  for (const band of bands) {
    band?.high?.forEach((row) => {
      const end = row[row.length - 1];
      let index = row.length - 1;
      while (index > 0 && row[index - 1] === end) index -= 1;
      last = Math.max(last, band.days[index] ?? 0);
    });
  }
  const year = dateOf(setting.start, last + 90).getUTCFullYear() + 1;
  const day = (Date.UTC(year, 0, 1) - Date.parse(setting.start)) / 86_400_000;
  return Math.min(day, setting.horizon);
}

/** The plan of what is changed or, if nobody knows it, of the base. */
function planOf(base: Band, changed: Band | undefined, index: number): Pick<Fan, "plan"> {
  const [of, band] = changed?.plan ? ["changed" as const, changed] : ["base" as const, base];
  const values = band.plan?.[index];
  return values ? { plan: { of, values, days: band.days } } : {};
}

function curves(band: Band, index: number): Curves {
  const found = { days: band.days } as Curves;
  for (const curve of CURVES) found[curve] = band[curve]?.[index] ?? [];
  if (band.mean?.[index]) found.mean = band.mean[index];
  return found;
}

function drawFan(setting: Setting, fan: Fan, options: FanOptions, width: number): SVGSVGElement {
  const until = options.until ?? setting.horizon;
  const from = fan.recorded ? Math.max(-366, fan.recorded.days[0] ?? 0) : 0;
  const axis = dateAxis(setting, from, until, width);
  const inside = (day: number) => day >= from && day <= until;
  const values = [fan.base, fan.changed].flatMap((of) => (of ? [...of.high, ...(options.log ? of.low : [])].filter((_, i) => inside(of.days[i % of.days.length] ?? 0)) : []));
  const most = Math.max(options.log ? 1 : 0, ...values, ...(fan.plan?.values ?? []), ...(fan.recorded?.values.filter((_, i) => inside(fan.recorded?.days[i] ?? 0)) ?? []));
  const least = options.log ? Math.min(1, ...values.filter((value) => value > 0)) : 0;
  const y: Plot.ScaleOptions = options.log
    ? { type: "log", domain: [Math.max(least, 0.01), Math.max(most, options.threshold?.value ?? 0)] }
    : { domain: [0, most > 0 ? 1.04 * most : 1] };
  const marks: Plot.Markish[] = [
    ...valueAxis(options.label, options.log ? { ticks: decades(least, most) } : {}),
    ...axis.marks,
    ...(fan.recorded ? recordedMarks(setting, fan.recorded, from) : []),
    ...bandMarks(setting, fan.changed ?? fan.base, until, options, "changed"),
    ...(fan.changed ? bandMarks(setting, fan.base, until, options, "base") : []),
    ...(fan.changed ? [middle(setting, fan.base, until, options, "base")] : []),
    ...(fan.plan ? [planMark(setting, fan.plan.days, fan.plan.values, until)] : []),
    middle(setting, fan.changed ?? fan.base, until, options, "changed"),
    ...(options.threshold ? thresholdMarks(options.threshold) : []),
    ...(options.log ? [] : [Plot.ruleY([0], { stroke: COLOUR.muted })]),
    ...deadlineMark(setting, from, until, width),
    ...reading(
      points(setting, fan.base, until),
      (point) => point.date,
      (point) => pointWords(setting, fan, point.index),
    ),
  ];
  return plot(width, options.height ?? (width < 480 ? 190 : 220), { x: axis.x, y, marks });
}

interface Point {
  date: Date;
  index: number;
}

/** A curve is drawn with at most so many points. */
const MOST_POINTS = 400;

function points(setting: Setting, of: Curves, until: number): Point[] {
  const shown = of.days.flatMap((day, index) => (day <= until ? [{ date: dateOf(setting.start, day), index }] : []));
  const every = Math.ceil(shown.length / MOST_POINTS);
  return shown.filter((_, i) => i % every === 0 || i === shown.length - 1);
}

function bandMarks(setting: Setting, of: Curves, until: number, options: FanOptions, look: "base" | "changed"): Plot.Markish[] {
  const data = points(setting, of, until);
  const common = { x: (p: Point) => p.date, fill: COLOUR[look], ...(options.steps && { curve: "step-after" as const }) };
  const area = (lower: number[], upper: number[], fillOpacity: number) =>
    Plot.areaY(data, { ...common, y1: (p: Point) => floor(lower[p.index], options), y2: (p: Point) => floor(upper[p.index], options), fillOpacity });
  if (look === "changed") return [area(of.low, of.high, 0.18), area(of.lower, of.upper, 0.32)];
  const edge = (one: number[]) => Plot.lineY(data, { x: common.x, y: (p: Point) => floor(one[p.index], options), stroke: COLOUR.base, strokeOpacity: 0.45, strokeWidth: 1, ...(options.steps && { curve: "step-after" as const }) });
  return [area(of.low, of.high, 0.09), edge(of.low), edge(of.high)];
}

/** The line in a band: the mean, where there is one because most replications have none at most times; or the median. */
function middle(setting: Setting, of: Curves, until: number, options: FanOptions, look: "base" | "changed"): Plot.Markish {
  return Plot.lineY(points(setting, of, until), {
    x: (p: Point) => p.date,
    y: (p: Point) => floor((of.mean ?? of.middle)[p.index], options),
    stroke: COLOUR[look],
    strokeWidth: look === "base" ? 1.6 : 2.2,
    ...(look === "base" && { strokeDasharray: DASHES.base }),
    ...(options.steps && { curve: "step-after" as const }),
  });
}

/** A logarithmic axis has no zero. */
function floor(value: number | undefined, options: FanOptions): number {
  return options.log ? Math.max(value ?? 0, 0.01) : (value ?? NaN);
}

function planMark(setting: Setting, days: number[], plan: number[], until: number): Plot.Markish {
  const data = days.map((day, index) => ({ date: dateOf(setting.start, day), value: plan[index] })).filter((_, index) => (days[index] ?? 0) <= until);
  return Plot.lineY(data, { x: "date", y: "value", stroke: COLOUR.ink, strokeWidth: 1.6, strokeDasharray: DASHES.plan });
}

function recordedMarks(setting: Setting, recorded: { days: number[]; values: number[] }, from: number): Plot.Markish[] {
  const data = recorded.days
    .map((day, index) => ({ x1: dateOf(setting.start, day), x2: dateOf(setting.start, recorded.days[index + 1] ?? Math.min(0, day + 7)), y: recorded.values[index], day }))
    .filter((bar) => bar.day >= from);
  return [
    Plot.rectY(data, { x1: "x1", x2: "x2", y: "y", fill: COLOUR.ink, fillOpacity: 0.55, insetRight: 0.5 }),
    Plot.ruleX([dateOf(setting.start, 0)], { stroke: COLOUR.ink }),
    Plot.text([0], { x: () => dateOf(setting.start, 0), frameAnchor: "top-left", textAnchor: "start", dx: 5, dy: 16, text: () => `start ${dateText(setting.start)}`, fill: COLOUR.ink, stroke: COLOUR.paper, strokeWidth: 4 }),
  ];
}

function thresholdMarks(threshold: { value: number; words: string }): Plot.Markish[] {
  return [
    Plot.ruleY([threshold.value], { stroke: COLOUR.ink, strokeDasharray: "8 3 2 3" }),
    Plot.text([threshold.value], { y: (v: number) => v, frameAnchor: "left", textAnchor: "start", dx: 4, dy: -8, text: () => threshold.words, fill: COLOUR.ink, stroke: COLOUR.paper, strokeWidth: 4 }),
  ];
}

/** Round numbers for a logarithmic axis: 1 and 3 of each power of ten, and more of them where it is short. */
function decades(least: number, most: number): number[] {
  const factor = most / Math.max(least, 0.01);
  const steps = factor > 30 ? [1, 3] : factor > 4 ? [1, 2, 5] : [1, 1.2, 1.5, 2, 3, 4, 5, 6, 8];
  const ticks = [-2, -1, 0, 1, 2, 3].flatMap((power) => steps.map((step) => Number((step * 10 ** power).toPrecision(2))));
  return ticks.filter((tick) => tick >= Math.max(least, 0.01) && tick <= most);
}

function keyOf(setting: Setting, fans: Fan[]): Key[] {
  const changed = fans.some((fan) => fan.changed);
  const plan = fans[0]?.plan;
  const line = fans.some((fan) => fan.base.mean) ? "mean" : "median";
  return [
    { look: "changed", words: changed ? `${capital(setting.changed)}: ${line}` : capital(line) },
    { look: "half", words: "half of the replications" },
    { look: "nine", words: "nine in ten" },
    ...(changed ? [{ look: "base", words: `${capital(setting.base)}: ${line}` } as Key, { look: "base-nine", words: "nine in ten" } as Key] : []),
    ...(plan ? [{ look: "plan", words: changed ? `Plan (${setting[plan.of]}) if nothing disturbs it` : "Plan if nothing disturbs it" } as Key] : []),
    ...(fans.some((fan) => fan.recorded) ? [{ look: "recorded", words: "Recorded" } as Key] : []),
  ];
}

/** The first letter of a phrase as a capital. */
export function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function pointWords(setting: Setting, fan: Fan, index: number): string {
  const line = (of: Curves) => `${of.mean ? "mean " : ""}${number((of.mean ?? of.middle)[index] ?? 0)} (nine in ten: ${number(of.low[index] ?? 0)} to ${number(of.high[index] ?? 0)})`;
  return [
    dateText(isoDay(setting.start, fan.base.days[index] ?? 0)),
    ...(fan.changed ? [`${capital(setting.changed)}: ${line(fan.changed)}`, `${capital(setting.base)}: ${line(fan.base)}`] : [line(fan.base)]),
    ...(fan.plan ? [`Plan: ${number(fan.plan.values[lastUpTo(fan.plan.days, fan.base.days[index] ?? 0)] ?? 0)}`] : []),
  ].join("\n");
}

/** What a chart says at the start and at the beginning of each year. */
function fanWords(setting: Setting, fan: Fan, options: FanOptions): string {
  const until = options.until ?? setting.horizon;
  const years = fan.base.days.flatMap((day, index) => {
    const year = dateOf(setting.start, day).getUTCFullYear();
    const first = index === 0 || year !== dateOf(setting.start, fan.base.days[index - 1] ?? 0).getUTCFullYear();
    return first && day <= until ? [index] : [];
  });
  const told = years.map((index) => pointWords(setting, fan, index).split("\n"));
  return `${fan.title}, ${options.label.toLowerCase()}. ${told.map(([date, ...rest]) => `${date}: ${rest.join("; ")}.`).join(" ")}`;
}

function fanRows(setting: Setting, fan: Fan): Chart["rows"] {
  const lines = (of: Curves, name: string) =>
    of.days.map((day, i) => [fan.title, name, isoDay(setting.start, day), ...CURVES.map((curve) => of[curve][i] ?? null), of.mean?.[i] ?? null]);
  const plan = (fan.plan?.values ?? []).map((value, i) => [fan.title, "plan", isoDay(setting.start, fan.plan?.days[i] ?? 0), null, null, value, null, null, null]);
  const past = (fan.recorded?.values ?? []).map((value, i) => [fan.title, "recorded", isoDay(setting.start, fan.recorded?.days[i] ?? 0), null, null, value, null, null, null]);
  return [...past, ...lines(fan.base, setting.base), ...(fan.changed ? lines(fan.changed, setting.changed) : []), ...plan];
}
