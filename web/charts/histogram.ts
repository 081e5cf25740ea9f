/** How far replications differ in an outcome. */

import * as Plot from "@observablehq/plot";
import type { Entry, Histogram } from "../document";
import { capital } from "./fan";
import { COLOUR, plot, valueAxis } from "./frame";
import { dateOf, dateText, isoDate, numberText, shareText } from "./numbers";
import type { Chart, Key, Pair, Panel, Setting, Timeline } from "./shown";

interface Bar {
  low: number;
  high: number;
  share: number;
}

interface Spread {
  title: string;
  unit: string;
  day: boolean;
  base: Bar[];
  changed?: Bar[];
  never: [number, number | undefined];
  summary: [Entry, Entry | undefined];
}

/** Draw the distribution of each outcome in a panel of its own; both timelines have the same bars. */
export function spreadChart(setting: Setting, pair: Pair, outcomes: string[]): Chart {
  const spreads = outcomes.flatMap((name) => spreadOf(pair, name));
  return {
    panels: spreads.map((of): Panel => ({ title: of.title, draw: (width) => drawSpread(setting, of, width) })),
    key: keyOf(setting, spreads),
    words: spreads.map((of) => spreadWords(setting, of)).join(" "),
    head: ["outcome", "timeline", "from", "to", "share"],
    rows: spreads.flatMap((of) => [...rowsOf(setting, of, of.base, of.never[0], setting.base), ...(of.changed ? rowsOf(setting, of, of.changed, of.never[1] ?? 0, setting.changed) : [])]),
  };
}

function spreadOf(pair: Pair, name: string): Spread[] {
  const [base, entry] = [pair.base.histograms[name], pair.base.summary[name]];
  if (!base || !entry) return [];
  const changed = pair.changed?.histograms[name];
  return [
    {
      title: entry.label,
      unit: entry.unit,
      day: entry.kind === "day",
      base: bars(base),
      ...(changed && { changed: bars(changed) }),
      never: [neverShare(base), changed && neverShare(changed)],
      summary: [entry, pair.changed?.summary[name]],
    },
  ];
}

function total(of: Histogram): number {
  return of.counts.reduce((sum, count) => sum + count, of.never);
}

function bars(of: Histogram): Bar[] {
  const all = total(of) || 1;
  return of.counts.map((count, i) => ({ low: of.edges[i] ?? 0, high: of.edges[i + 1] ?? 0, share: count / all }));
}

function neverShare(of: Histogram): number {
  return of.never / (total(of) || 1);
}

function drawSpread(setting: Setting, of: Spread, width: number): SVGSVGElement {
  const first = of.base[0]?.low ?? 0;
  const all = [...of.base, ...(of.changed ?? [])];
  const last = lastShown(all);
  const place = (value: number): Date | number => (of.day ? dateOf(setting.start, value) : value);
  const never = Math.max(of.never[0], of.never[1] ?? 0);
  const most = Math.max(...all.map((bar) => bar.share), never, 0.01);
  const room = never > 0 ? 0.16 * (last - first) : 0;
  const shown = (list: Bar[]) => list.filter((bar) => bar.low < last);
  const rest = Math.max(...[of.base, of.changed ?? []].map((list) => list.filter((bar) => bar.low >= last).reduce((sum, bar) => sum + bar.share, 0)));
  const marks: Plot.Markish[] = [
    ...valueAxis("Replications", { ticks: shareTicks(most), format: shareText }),
    axisOf(setting, of, first, last, width),
    Plot.rectY(shown(of.changed ?? of.base), { x1: (b: Bar) => place(b.low), x2: (b: Bar) => place(b.high), y: "share", fill: COLOUR.changed, fillOpacity: 0.75, insetLeft: 0.5, insetRight: 0.5 }),
    ...(of.changed ? [outline(shown(of.base), place, last)] : []),
    ...(never > 0 ? neverMarks(setting, of, place, last, room) : []),
    Plot.ruleY([0], { stroke: COLOUR.muted }),
    ...(rest >= 0.0005 ? [Plot.text([`${shareText(rest)} above`], { frameAnchor: "top-right", dy: -8, fill: COLOUR.muted, text: (d: string) => d })] : []),
  ];
  return plot(width, 170, {
    marginLeft: 42,
    marginBottom: 40,
    x: { ...(of.day ? { type: "utc" as const } : {}), domain: [place(first), place(last + room)] },
    y: { domain: [0, 1.08 * most] },
    marks,
  });
}

/** Where the long tail is cut: beyond, there is less than half a percent of either. */
function lastShown(all: Bar[]): number {
  const order = [...new Set(all.map((bar) => bar.high))].sort((a, b) => a - b);
  return order.find((edge) => all.filter((bar) => bar.low >= edge).reduce((sum, bar) => sum + bar.share, 0) < 0.01) ?? order[order.length - 1] ?? 1;
}

function axisOf(setting: Setting, of: Spread, first: number, last: number, width: number): Plot.Markish {
  const common = { color: COLOUR.muted, tickSize: 4, label: null };
  if (!of.day) return Plot.axisX({ ...common, ticks: Math.max(2, Math.floor(width / 75)), tickFormat: (v: number) => compact(v), label: of.unit, labelAnchor: "center", labelArrow: "none" } as Plot.AxisXOptions);
  const years: Date[] = [];
  const [from, to] = [dateOf(setting.start, first), dateOf(setting.start, last)];
  const every = Math.ceil((((last - first) / 365.25) * 44) / (width * 0.8));
  for (let year = from.getUTCFullYear() + 1; year <= to.getUTCFullYear(); year += Math.max(1, every)) years.push(new Date(Date.UTC(year, 0, 1)));
  return Plot.axisX(years, { ...common, tickFormat: (d: Date) => String(d.getUTCFullYear()) } as Plot.AxisXOptions);
}

/** The base as the outline of its bars. */
function outline(base: Bar[], place: (value: number) => Date | number, last: number): Plot.Markish {
  const corners = [...base.map((bar) => ({ at: bar.low, share: bar.share })), { at: Math.min(last, base[base.length - 1]?.high ?? last), share: 0 }];
  return Plot.lineY(corners, { x: (c: { at: number }) => place(c.at), y: "share", curve: "step-after", stroke: COLOUR.base, strokeWidth: 1.6 });
}

/** A bar for the replications in which it does not happen, apart from the others. */
function neverMarks(setting: Setting, of: Spread, place: (value: number) => Date | number, last: number, room: number): Plot.Markish[] {
  const [from, to] = [last + 0.35 * room, last + 0.95 * room];
  const solid = of.changed ? (of.never[1] ?? 0) : of.never[0];
  const box = { x1: place(from), x2: place(to) };
  const middle = place((from + to) / 2);
  return [
    Plot.rect([{ ...box, y1: 0, y2: solid }], { x1: "x1", x2: "x2", y1: "y1", y2: "y2", fill: COLOUR.never }),
    ...(of.changed ? [Plot.rect([{ ...box, y1: 0, y2: of.never[0] }], { x1: "x1", x2: "x2", y1: "y1", y2: "y2", stroke: COLOUR.base, strokeWidth: 1.6 })] : []),
    Plot.text([Math.max(...of.never.map((share) => share ?? 0))], { x: () => middle, y: (s: number) => s, dy: -8, text: () => shareText(solid), fill: COLOUR.ink }),
    Plot.text(["not by"], { x: () => middle, frameAnchor: "bottom", dy: 14, text: () => `not by\n${dateOf(setting.start, setting.horizon - 1).getUTCFullYear()}`, lineAnchor: "top", fill: COLOUR.muted }),
  ];
}

/** A number for an axis: 20k, 4.2M. */
export function compact(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6) return `${Number((value / 1e6).toPrecision(3))}M`;
  if (size >= 1e4) return `${Number((value / 1e3).toPrecision(3))}k`;
  return numberText(value);
}

function shareTicks(most: number): number[] {
  const step = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5].find((size) => most / size <= 3.2) ?? 0.5;
  return Array.from({ length: Math.floor(most / step + 1e-9) + 1 }, (_, i) => Number((i * step).toPrecision(6)));
}

function keyOf(setting: Setting, spreads: Spread[]): Key[] {
  const changed = spreads.some((of) => of.changed);
  return [
    { look: "bars", words: changed ? capital(setting.changed) : "Share of replications" },
    ...(changed ? [{ look: "base-bars", words: capital(setting.base) } as Key] : []),
    ...(spreads.some((of) => of.never.some((share) => share)) ? [{ look: "never", words: `Not by ${dateText(dateOf(setting.start, setting.horizon - 1))}` } as Key] : []),
  ];
}

function spreadWords(setting: Setting, of: Spread): string {
  const value = (v: number | null | undefined) => (v === null || v === undefined ? "not by the end" : of.day ? dateText(dateOf(setting.start, v)) : numberText(v));
  const said = (entry: Entry, never: number) =>
    `median ${value(entry.quantiles["50"])}, nine in ten between ${value(entry.quantiles["5"])} and ${value(entry.quantiles["95"])}${never > 0 ? `, not by the end in ${shareText(never)}` : ""}`;
  const [base, changed] = of.summary;
  const unit = of.day ? "" : ` (${of.unit})`;
  if (!changed) return `${of.title}${unit}: ${said(base, of.never[0])}.`;
  return `${of.title}${unit}: ${setting.changed}: ${said(changed, of.never[1] ?? 0)}; ${setting.base}: ${said(base, of.never[0])}.`;
}

function rowsOf(setting: Setting, of: Spread, list: Bar[], never: number, timeline: string): Chart["rows"] {
  const value = (v: number) => (of.day ? isoDate(dateOf(setting.start, v)) : v);
  const counted = list.map((bar) => [of.title, timeline, value(bar.low), value(bar.high), bar.share]);
  return of.day ? [...counted, [of.title, timeline, "never", "never", never]] : counted;
}

/** The outcomes that have a distribution in both timelines: those that a run prints, in order. */
export function spreadOutcomes(of: Timeline): string[] {
  return Object.keys(of.histograms).filter((name) => of.summary[name]?.main);
}
