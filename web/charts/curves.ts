/** Shares of replications over time: the chance of something by a date, and the states of the talks. */

import * as Plot from "@observablehq/plot";
import type { Band, Curve } from "../document";
import { capital } from "./fan";
import { COLOUR, DASHES, dateAxis, deadlineMark, plot, reading, valueAxis } from "./frame";
import { dateText } from "../words/dates";
import { percent, wholePercent } from "../words/numbers";
import { dateOf, isoDay, lastUpTo } from "./days";
import type { Chart, Key, Setting } from "./shown";

/** A line, with its 95 % interval where there is one. */
interface Line {
  days: number[];
  share: number[];
  low?: number[] | null;
  high?: number[] | null;
}

interface Lines {
  title: string;
  base: Line;
  changed?: Line;
}

/** How the chance that something has happened grows; `at` is a day to mark. */
export function chanceChart(setting: Setting, base: Curve, changed: Curve | undefined, at?: () => number): Chart {
  const lines: Lines = { title: base.label, base: ofCurve(base), ...(changed && { changed: ofCurve(changed) }) };
  return linesChart(setting, [lines], { height: 260, at, deadline: true, until: setting.horizon });
}

/** The share of replications in each state; states that never matter are left out. */
export function statesChart(setting: Setting, base: Band, changed: Band | undefined): Chart {
  const states = base.rows.flatMap((title, index): Lines[] => {
    const line = (band: Band): Line => ({ days: band.days, share: band.share?.[index] ?? [] });
    const most = Math.max(0, ...line(base).share, ...(changed ? line(changed).share : []));
    return most < SELDOM ? [] : [{ title, base: line(base), ...(changed && { changed: line(changed) }) }];
  });
  return linesChart(setting, states, { height: 150, deadline: false, until: setting.horizon });
}

/** A state that is never seen in so many replications is left out. */
const SELDOM = 0.005;

/** The share on a day, as read off a curve: that of the last point no later. */
export function chanceOn(curve: Curve, day: number): { chance: number; low: number | null; high: number | null } {
  const index = lastUpTo(curve.days, day);
  return { chance: curve.chance[index] ?? 0, low: curve.low?.[index] ?? null, high: curve.high?.[index] ?? null };
}

interface LinesOptions {
  height: number;
  at?: (() => number) | undefined;
  deadline: boolean;
  until: number;
}

function linesChart(setting: Setting, lines: Lines[], options: LinesOptions): Chart {
  return {
    panels: lines.map((of) => ({ title: of.title, draw: (width) => drawLines(setting, of, options, width) })),
    key: keyOf(setting, lines),
    words: lines.map((of) => linesWords(setting, of, options.until)).join(" "),
    head: ["panel", "timeline", "date", "share", "ci95_low", "ci95_high"],
    rows: lines.flatMap((of) => [...rowsOf(setting, of.title, setting.base, of.base), ...(of.changed ? rowsOf(setting, of.title, setting.changed, of.changed) : [])]),
  };
}

function ofCurve(curve: Curve): Line {
  return { days: curve.days, share: curve.chance, low: curve.low, high: curve.high };
}

function drawLines(setting: Setting, of: Lines, options: LinesOptions, width: number): SVGSVGElement {
  const axis = dateAxis(setting, 0, options.until, width);
  const line = (one: Line, look: "base" | "changed"): Plot.Markish[] => {
    const every = Math.ceil(one.days.length / MOST_POINTS);
    const points = one.days.flatMap((_, i) => (i % every === 0 || i === one.days.length - 1 ? [i] : []));
    const x = (i: number) => dateOf(setting.start, one.days[i] ?? 0);
    const { low, high } = one;
    return [
      ...(low && high ? [Plot.areaY(points, { x, y1: (i: number) => low[i], y2: (i: number) => high[i], fill: COLOUR[look], fillOpacity: 0.2 })] : []),
      Plot.lineY(points, {
        x,
        y: (i: number) => one.share[i],
        stroke: COLOUR[look],
        strokeWidth: look === "base" ? 1.6 : 2.2,
        ...(look === "base" && { strokeDasharray: DASHES.base }),
      }),
    ];
  };
  const day = options.at?.();
  const marks: Plot.Markish[] = [
    ...valueAxis("Replications", { ticks: [0, 0.25, 0.5, 0.75, 1], format: wholePercent }),
    ...axis.marks,
    ...(options.deadline ? deadlineMark(setting, 0, options.until, width, "bottom") : []),
    ...(of.changed ? line(of.base, "base") : []),
    ...line(of.changed ?? of.base, "changed"),
    Plot.ruleY([0], { stroke: COLOUR.muted }),
    ...(day === undefined ? [] : cursor(setting, of, day)),
    ...(day === undefined
      ? reading(
          of.base.days.map((_, index) => index),
          (index) => dateOf(setting.start, of.base.days[index] ?? 0),
          (index) => pointWords(setting, of, index).join("\n"),
        )
      : []),
  ];
  return plot(width, options.height, { x: axis.x, y: { domain: [0, 1] }, marks });
}

/** A curve is drawn with at most so many points. */
const MOST_POINTS = 400;

/** A line at a day, and a dot on each curve. */
function cursor(setting: Setting, of: Lines, day: number): Plot.Markish[] {
  const at = dateOf(setting.start, day);
  const dot = (line: Line, look: "base" | "changed") => {
    const share = line.share[lastUpTo(line.days, day)] ?? 0;
    return Plot.dot([share], { x: () => at, y: (s: number) => s, r: 5, fill: look === "base" ? COLOUR.paper : COLOUR.changed, stroke: COLOUR[look], strokeWidth: 2 });
  };
  return [Plot.ruleX([at], { stroke: COLOUR.ink }), ...(of.changed ? [dot(of.base, "base")] : []), dot(of.changed ?? of.base, "changed")];
}

function keyOf(setting: Setting, lines: Lines[]): Key[] {
  const changed = lines.some((of) => of.changed);
  const interval = lines.some((of) => of.base.low);
  return [
    { look: "changed", words: changed ? capital(setting.changed) : "Share of replications" },
    ...(changed ? [{ look: "base", words: capital(setting.base) } as Key] : []),
    ...(interval ? [{ look: "nine", words: "95 % interval" } as Key] : []),
  ];
}

function pointWords(setting: Setting, of: Lines, index: number): string[] {
  const share = (line: Line) => percent(line.share[index] ?? 0);
  return [
    dateText(isoDay(setting.start, of.base.days[index] ?? 0)),
    ...(of.changed ? [`${capital(setting.changed)}: ${share(of.changed)}`, `${capital(setting.base)}: ${share(of.base)}`] : [share(of.base)]),
  ];
}

function linesWords(setting: Setting, of: Lines, until: number): string {
  const told = of.base.days.flatMap((day, index) => {
    const year = dateOf(setting.start, day).getUTCFullYear();
    const next = dateOf(setting.start, of.base.days[index + 1] ?? until + 366).getUTCFullYear();
    return year !== next && day <= until ? [pointWords(setting, of, index)] : [];
  });
  return `${of.title}, share of replications. ${told.map(([date, ...rest]) => `${date}: ${rest.join("; ")}.`).join(" ")}`;
}

function rowsOf(setting: Setting, panel: string, timeline: string, line: Line): Chart["rows"] {
  return line.days.map((day, i) => [panel, timeline, isoDay(setting.start, day), line.share[i] ?? null, line.low?.[i] ?? null, line.high?.[i] ?? null]);
}
