/** Values of controls in words, and what a reader has typed as a value. */

import { dateOf, dayOf, isoDate } from "../charts/days";
import { dateText } from "../words/dates";
import type { Control, Distribution, Range, Single, Value } from "../levers/control";

/** Whether a control is drawn in the file. */
export function isDrawn(base: Control["base"]): base is Distribution {
  return typeof base === "object";
}

export function isRange(value: Value | undefined): value is Range {
  return typeof value === "object";
}

/** The unit of a control; that a number is a ratio goes without saying. */
export function unitOf(control: Control): string {
  return ["ratio", "chance", "exponent"].includes(control.unit) ? "" : control.unit;
}

/** A control on one line: `Phase Iraq, duration`. */
export function titleOf({ name, of }: Control): string {
  return of === "" ? name : `${of}, ${name.charAt(0).toLowerCase()}${name.slice(1)}`;
}

/** A value with its unit, as a reader would write it. */
export function valueText(control: Control, value: Value | Distribution): string {
  if (typeof value === "object") {
    if ("dist" in value) return drawnText(control, value);
    return `${singleText(control, value.low, false)} to ${singleText(control, value.high)}`;
  }
  return singleText(control, value);
}

function singleText(control: Control, value: Single, unit = true): string {
  if (typeof value === "boolean") return value ? "on" : "off";
  if (typeof value === "string") return dateText(value);
  const text = value.toLocaleString("en-GB", { maximumSignificantDigits: 12 }).replace("-", "−"); // as it was given
  return unit ? `${text} ${unitOf(control)}`.trim() : text;
}

/** An uncertain number in words. */
function drawnText(control: Control, drawn: Distribution): string {
  const of = (name: string) => drawn[name] as Single | undefined;
  const range = of("low") !== undefined && of("high") !== undefined ? valueText(control, { low: of("low") as number, high: of("high") as number }) : "";
  const likeliest = of("mode") ?? of("median") ?? of("mean");
  const middle = likeliest === undefined ? "" : `${{ triangular: "likeliest", lognormal: "median", normal: "mean" }[drawn.dist as string] ?? "middle"} ${singleText(control, likeliest, range === "")}`;
  if (range === "" && middle === "") return drawn.dist === "record" ? "as in past drawdowns" : "one of a list";
  return range === "" ? middle : middle === "" ? range : `${range}, ${middle}`;
}

/** A value to begin with when a reader supposes one: the middle of what is drawn. */
export function middleOf(control: Control): Single {
  if (!isDrawn(control.base)) return control.base;
  const drawn = control.base;
  const found = drawn["mode"] ?? drawn["median"] ?? drawn["mean"];
  if (found !== undefined) return found as Single;
  const [low, high] = [drawn["low"] ?? control.span?.[0], drawn["high"] ?? control.span?.[1]] as [Single, Single];
  if (typeof low === "number" && typeof high === "number") return control.kind === "whole" ? Math.round((low + high) / 2) : Number(((low + high) / 2).toPrecision(3));
  return low ?? 0;
}

/** The range of a control that is drawn: a range to begin with when a reader narrows it. */
export function rangeOf(control: Control): Range {
  const drawn = control.base as Distribution;
  const [low, high] = [drawn["low"] ?? control.span?.[0] ?? 0, drawn["high"] ?? control.span?.[1] ?? 1] as [number, number];
  return { low, high };
}

/** The value of a slider for a value, and back: dates are days from the start. */
export function toSlider(start: string, value: Single): number {
  return typeof value === "string" ? dayOf(start, value) : Number(value);
}

export function fromSlider(start: string, control: Control, at: number): Single {
  return control.kind === "date" ? isoDate(dateOf(start, at)) : at;
}

/** What has been typed, as a value; undefined if it is not one. Commas may only part thousands, as the page writes them. */
export function typed(control: Control, text: string): Single | undefined {
  if (control.kind === "date") return /^\d{4}-\d\d-\d\d$/.test(text) ? text : undefined;
  if (!/^\s*[-−+]?(\d+|\d{1,3}(,\d{3})+|(?=\.\d))(\.\d*)?(e[-+]?\d+)?\s*$/i.test(text)) return undefined;
  const read = Number(text.replaceAll(",", "").replace("−", "-"));
  return Number.isFinite(read) ? read : undefined;
}

/** A step that goes through a slider in at most some 200 steps of a round size. */
export function stepOf(control: Control, low: number, high: number): number {
  if (control.kind === "date") return 1;
  const rough = (high - low) / 200;
  const power = 10 ** Math.floor(Math.log10(rough || 1));
  const step = [1, 2, 5, 10].map((size) => Number((size * power).toPrecision(1))).find((size) => size >= rough * 0.999) ?? rough;
  return control.kind === "whole" ? Math.max(1, Math.round(step)) : step;
}

/** Whether two values are the same. */
export function same(a: Value | undefined, b: Value | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
