/** How far replications differ in an outcome. */

import * as Plot from "@observablehq/plot";
import type { Entry, Histogram } from "../document";
import { dateText } from "../words/dates";
import { number, percent } from "../words/numbers";
import { dateOf, isoDay } from "./days";
import { capital } from "./fan";
import { COLOUR, plot, valueAxis } from "./frame";
import type { Chart, Key, Pair, Panel, Setting } from "./shown";

/** Shares of replications in bars between edges. */
interface Shares {
  bars: number[];
  never: number;
  entry: Entry | undefined;
}

interface Spread {
  title: string;
  unit: string;
  day: boolean;
  edges: number[];
  base: Shares;
  changed?: Shares;
}

/** Draw the distribution of each outcome in a panel of its own; both timelines have the same bars. */
export function spreadChart(setting: Setting, pair: Pair, outcomes: string[]): Chart {
  const spreads = outcomes.flatMap((name) => spreadOf(pair, name));
  return {
    panels: spreads.map((of): Panel => ({ title: of.title, draw: (width) => drawSpread(setting, of, width) })),
    key: keyOf(setting, spreads),
    words: spreads.map((of) => spreadWords(setting, of)).join(" "),
    head: ["outcome", "timeline", "from", "to", "share"],
    rows: spreads.flatMap((of) => [...rowsOf(setting, of, of.base, setting.base), ...(of.changed ? rowsOf(setting, of, of.changed, setting.changed) : [])]),
  };
}

/** The outcomes that have a distribution. */
export function spreadOutcomes(pair: Pair): string[] {
  return Object.keys(pair.base.histograms);
}

function spreadOf(pair: Pair, name: string): Spread[] {
  const [base, entry] = [pair.base.histograms[name], pair.base.summary[name]];
  if (!base || !entry) return [];
  const changed = pair.changed?.histograms[name];
  const alike = changed?.edges.length === base.edges.length && changed.edges.every((edge, i) => edge === base.edges[i]);
  return [
    {
      title: entry.label,
      unit: entry.unit,
      day: entry.kind === "day",
      edges: base.edges,
      base: shares(base, entry),
      ...(changed && alike && { changed: shares(changed, pair.changed?.summary[name]) }),
    },
  ];
}

function shares(of: Histogram, entry: Entry | undefined): Shares {
  const all = of.counts.reduce((sum, count) => sum + count, of.never) || 1;
  return { bars: of.counts.map((count) => count / all), never: of.never / all, entry };
}

/** Bars as wide as each other, whatever they stand for: edges may double from one to the next. */
function drawSpread(setting: Setting, of: Spread, width: number): SVGSVGElement {
  const both = of.changed ? [of.base, of.changed] : [of.base];
  const [first, last] = shownBars(both);
  const never = Math.max(...both.map((one) => one.never));
  const most = Math.max(...both.flatMap((one) => one.bars), never, 0.01);
  const room = never > 0 ? 0.2 * (last - first) : 0;
  const rest = Math.max(...both.map((one) => one.bars.slice(last).reduce((sum, share) => sum + share, 0)));
  const solid = of.changed ?? of.base;
  const drawn = (one: Shares) => one.bars.map((share, bar) => ({ bar, share })).slice(first, last);
  const marks: Plot.Markish[] = [
    ...valueAxis("Replications", { ticks: shareTicks(most), format: percent }),
    axisOf(setting, of, first, last, width),
    Plot.rectY(drawn(solid), { x1: "bar", x2: (b: { bar: number }) => b.bar + 1, y: "share", fill: COLOUR.changed, fillOpacity: 0.75, insetLeft: 0.5, insetRight: 0.5 }),
    ...(of.changed ? [outline(drawn(of.base), last)] : []),
    ...(never > 0 ? neverMarks(setting, of, last, room) : []),
    Plot.ruleY([0], { stroke: COLOUR.muted }),
    ...(rest >= 0.0005 ? [Plot.text([`${percent(rest)} further right`], { frameAnchor: "top-right", dy: -14, fill: COLOUR.muted, text: (d: string) => d })] : []),
  ];
  return plot(width, 176, {
    marginLeft: 46,
    marginBottom: 42,
    x: { domain: [first, last + room] },
    y: { domain: [0, 1.1 * most] },
    marks,
  });
}

/** Which bars are drawn: tails with less than half a percent in either timeline are left out. */
function shownBars(both: Shares[]): [number, number] {
  const size = both[0]?.bars.length ?? 1;
  const share = (from: number, to: number) => Math.max(...both.map((one) => one.bars.slice(from, to).reduce((sum, part) => sum + part, 0)));
  let [first, last] = [0, size];
  while (first + 1 < last && share(0, first + 1) < 0.001) first += 1;
  while (last > first + 4 && share(last - 1, size) < 0.005) last -= 1;
  return [first, last];
}

function axisOf(setting: Setting, of: Spread, first: number, last: number, width: number): Plot.Markish {
  const common = { color: COLOUR.muted, tickSize: 4, label: null };
  const step = (of.edges[first + 1] ?? 1) - (of.edges[first] ?? 0);
  if (of.day) {
    const [from, to] = [of.edges[first] ?? 0, of.edges[last] ?? 0];
    const years: { at: number; year: number }[] = [];
    const begin = dateOf(setting.start, from).getUTCFullYear() + 1;
    const end = dateOf(setting.start, to).getUTCFullYear();
    const every = Math.max(1, Math.ceil(((end - begin + 1) * 46) / (0.75 * width)));
    for (let year = begin; year <= end; year += every) {
      years.push({ at: first + ((Date.UTC(year, 0, 1) - Date.parse(setting.start)) / 86_400_000 - from) / step, year });
    }
    return Plot.axisX(years.map(({ at }) => at), { ...common, tickFormat: (at: number) => String(years.find((one) => one.at === at)?.year ?? "") } as Plot.AxisXOptions);
  }
  const unit = { label: of.unit, labelAnchor: "center" as const, labelArrow: "none" as const, labelOffset: 36 };
  const even = Math.abs((of.edges[last] ?? 0) - (of.edges[last - 1] ?? 0) - step) < 1e-6 * Math.abs(step);
  if (even) {
    const [from, to] = [of.edges[first] ?? 0, of.edges[last] ?? 1];
    const ticks = evenTicks(from, to, Math.max(2, Math.floor(width / 70)));
    return Plot.axisX(ticks.map((value) => first + (value - from) / step), { ...common, ...unit, tickFormat: (at: number) => compact(from + (at - first) * step) } as Plot.AxisXOptions);
  }
  const every = Math.max(1, Math.ceil(((last - first) * 44) / (0.8 * width)));
  const doubling = of.edges.flatMap((edge, at) => (at >= first && at <= last && (edge === 0 || Number.isInteger(Math.log2(edge))) ? [at] : []));
  const kept = doubling.filter((_, i) => i % Math.max(1, Math.ceil((every * doubling.length) / (last - first + 1))) === 0);
  return Plot.axisX(kept, { ...common, ...unit, label: `${of.unit} (doubling scale)`, tickFormat: (at: number) => doubled(of.edges[at] ?? 0) } as Plot.AxisXOptions);
}

/** The base as the outline of its bars. */
function outline(base: { bar: number; share: number }[], last: number): Plot.Markish {
  const corners = [{ bar: base[0]?.bar ?? 0, share: 0 }, ...base, { bar: last, share: 0 }];
  return Plot.lineY(corners, { x: "bar", y: "share", curve: "step-after", stroke: COLOUR.base, strokeWidth: 1.6 });
}

/** A bar for the replications in which it does not happen, apart from the others. */
function neverMarks(setting: Setting, of: Spread, last: number, room: number): Plot.Markish[] {
  const [x1, x2] = [last + 0.4 * room, last + 0.9 * room];
  const middle = (x1 + x2) / 2;
  const solid = (of.changed ?? of.base).never;
  const bar = (share: number, options: Plot.RectOptions) => Plot.rect([share], { x1: () => x1, x2: () => x2, y1: () => 0, y2: () => share, ...options });
  return [
    bar(solid, { fill: COLOUR.never }),
    ...(of.changed ? [bar(of.base.never, { stroke: COLOUR.base, strokeWidth: 1.6 })] : []),
    Plot.text([Math.max(solid, of.base.never)], { x: () => middle, y: (share: number) => share, dy: -8, text: () => percent(solid), fill: COLOUR.ink }),
    Plot.text([0], { x: () => middle, y: () => 0, dy: 8, lineAnchor: "top", text: () => `not by\n${dateOf(setting.start, setting.horizon).getUTCFullYear()}`, fill: COLOUR.muted }),
  ];
}

function evenTicks(from: number, to: number, most: number): number[] {
  const rough = (to - from) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((size) => size * power).find((size) => size >= rough) ?? rough;
  const ticks: number[] = [];
  for (let tick = Math.ceil(from / step - 1e-9) * step; tick <= to + 1e-9 * step; tick += step) ticks.push(Number(tick.toPrecision(12)));
  return ticks;
}

/** A number for an axis: 20k, 4.2M. */
function compact(value: number): string {
  const tidy = Number(value.toPrecision(6));
  if (Math.abs(tidy) >= 1e6) return `${number(tidy / 1e6)}M`;
  return Math.abs(tidy) >= 1e4 ? `${number(tidy / 1e3)}k` : number(tidy);
}

/** A power of two for an axis: 1/8, 4. */
function doubled(value: number): string {
  return value > 0 && value < 1 ? `1/${Math.round(1 / value)}` : compact(value);
}

function shareTicks(most: number): number[] {
  const step = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5].find((size) => most / size <= 3.5) ?? 0.5;
  return Array.from({ length: Math.floor(most / step + 1e-9) + 1 }, (_, i) => Number((i * step).toPrecision(6)));
}

function keyOf(setting: Setting, spreads: Spread[]): Key[] {
  const changed = spreads.some((of) => of.changed);
  const never = spreads.some((of) => of.base.never > 0 || (of.changed?.never ?? 0) > 0);
  return [
    { look: "bars", words: changed ? capital(setting.changed) : "Share of replications" },
    ...(changed ? [{ look: "base-bars", words: capital(setting.base) } as Key] : []),
    ...(never ? [{ look: "never", words: `Not by ${dateText(isoDay(setting.start, setting.horizon - 1))}` } as Key] : []),
  ];
}

function spreadWords(setting: Setting, of: Spread): string {
  const unit = of.day ? "" : ` (${of.unit})`;
  const said = (one: Shares) => `${quantileWords(setting, one.entry, of.day)}${one.never > 0 ? `; not by the end in ${percent(one.never)}` : ""}`;
  if (!of.changed) return `${of.title}${unit}: ${said(of.base)}.`;
  return `${of.title}${unit}: ${setting.changed}, ${said(of.changed)}; ${setting.base}, ${said(of.base)}.`;
}

function quantileWords(setting: Setting, entry: Entry | undefined, day: boolean): string {
  const value = (level: string) => {
    const found = entry?.quantiles[level];
    if (found === null || found === undefined) return "later than the end";
    return day ? dateText(isoDay(setting.start, found)) : number(found);
  };
  return `median ${value("50")}, nine in ten replications between ${value("5")} and ${value("95")}`;
}

function rowsOf(setting: Setting, of: Spread, shown: Shares, timeline: string): Chart["rows"] {
  const value = (edge: number) => (of.day ? isoDay(setting.start, edge) : edge);
  const bars = shown.bars.map((share, i) => [of.title, timeline, value(of.edges[i] ?? 0), value(of.edges[i + 1] ?? 0), share]);
  return of.day ? [...bars, [of.title, timeline, "never", "never", shown.never]] : bars;
}
