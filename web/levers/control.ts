/** What can be moved, and what it can be set to. `sim/report/controls.py` makes these. */

/** A number, a date such as 2024-07-01, or on and off. */
export type Single = number | string | boolean;

/** A narrower range for a number or date that is drawn. */
export interface Range {
  low: number | string;
  high: number | string;
}

export type Value = Single | Range;

/** What has been moved, by key. A key that is not there is as in the file. */
export type State = { readonly [key: string]: Value };

/** How an uncertain number is drawn in the file. */
export interface Distribution {
  dist: "uniform" | "triangular" | "normal" | "lognormal" | "discrete" | "joint" | "record";
  [parameter: string]: unknown;
}

export type Kind = "number" | "whole" | "date" | "switch";

export type Group = "timeline" | "lift" | "attacks" | "talks" | "threat" | "cost" | "places" | "couplings";

export interface Control {
  key: string;
  name: string;
  /** What it belongs to: a phase, the talks; empty if it stands alone. */
  of: string;
  /** What the key means, in a sentence. */
  help: string;
  group: Group;
  kind: Kind;
  unit: string;
  /** As in the file. */
  base: Single | Distribution;
  /** Allowed at most: bounds of the schema; null where there is none. */
  low: number | string | null;
  high: number | string | null;
  /** Whether `low` itself is not allowed. */
  above: boolean;
  /** The bounds in words, as `check` says them. */
  allowed: string;
  /** What a slider covers. */
  span: [number, number] | [string, string] | null;
  /** Whether it can be given a narrower range as well as a value. */
  narrows: boolean;
  mark: string;
  source: string;
  write: Write;
}

/** Where a value goes in the memory of the program; `sim/report/controls.py` says what each part means. */
export interface Write {
  /** Address and type of each place of the value itself: a number or a switch. */
  places: { at: number; type: "f8" | "u1" }[];
  /** Added to a date, in days. */
  plus: number;
  /** Of a number that is drawn on its own: addresses of its distribution, its four numbers, and its count of rows. */
  draw: { dist: number; numbers: number; rows: number } | null;
  /** Of a number that is drawn together with others: its values, one for each row, so many bytes apart. */
  column: { first: number; step: number; rows: number } | null;
}

/** Why a value is not allowed, in the words of `check`. */
export interface Fault {
  /** The control beside which it stands. */
  key: string;
  message: string;
  /** All controls that it depends on. */
  keys: string[];
}

/** Tell whether a value is a range. */
export function isRange(value: Value): value is Range {
  return typeof value === "object";
}

/** Tell whether a number is uncertain in the file. */
export function isDrawn(base: Control["base"]): base is Distribution {
  return typeof base === "object";
}
