/**
 * What must hold between values, and what is said if it does not: data that Python made from the relations that `check`
 * itself reads (`sim/scenario/relations.py`).
 */
import { isDrawn, isRange, type Control, type Fault, type State, type Value } from "./control";
import { isDate } from "./days";
import { general, plain } from "./words";

/** A number, a date, true or false; or the name of an operation and what it is done with. */
export type Expression = number | string | boolean | Expression[];

/** A text; the name of a form and an expression; or `when`, a condition, and parts. */
export type Part = string | (Part | Expression)[];

export interface Relation {
  /** Where the message belongs; it may be a table or a value that is no control. */
  key: string;
  /** The controls that it depends on. */
  keys: string[];
  holds: Expression;
  message: Part[];
}

/** What a control is set to, or its value in the file. */
interface Ends {
  low: number | string;
  high: number | string;
  drawn: boolean;
  range: boolean;
  is: boolean;
}

/**
 * Return all that is wrong with a state: values by themselves; if these are right, ranges; if these are, values with one
 * another.
 */
export function faultsOf(controls: readonly Control[], relations: readonly Relation[], state: State): Fault[] {
  const moved = controls.filter(({ key }) => key in state);
  const alone = moved.flatMap((control) => faultsAlone(control, state[control.key]));
  if (alone.length > 0 && !moved.every((control) => isWellFormed(control, state[control.key]))) return alone;
  const ends = new Map(controls.map((control) => [control.key, endsOf(control, state[control.key])]));
  const broken = relations.filter(({ keys, holds }) => keys.some((key) => key in state) && !valueOf(holds, ends));
  const ranges = broken.filter(isAboutRange).filter(({ key }, i, all) => all.findIndex((one) => one.key === key) === i); // as `check`, one at a time
  if (alone.length > 0 && ranges.length === 0) return alone; // `check` looks at bounds after the order of the ends
  return (ranges.length > 0 ? ranges : broken).map(({ key, keys, message }) => ({
    key: ends.has(key) ? key : keys.find((one) => one in state) ?? key,
    message: message.map((part) => said(part, ends)).join(""),
    keys,
  }));
}

/** Whether a value is of the right kind, however large it is. */
function isWellFormed({ kind, narrows }: Control, value: Value): boolean {
  const single = (one: unknown): boolean => (kind === "switch" ? typeof one === "boolean" : kind === "date" ? isDate(one) : typeof one === "number" && Number.isFinite(one));
  return isRange(value) ? narrows && single(value.low) && single(value.high) : single(value);
}

function isAboutRange({ holds }: Relation): boolean {
  return Array.isArray(holds) && holds[0] === "range";
}

function faultsAlone(control: Control, value: Value): Fault[] {
  const fault = (message: string): Fault[] => [{ key: control.key, message, keys: [control.key] }];
  if (!isRange(value)) return wrong(control, value).flatMap(fault);
  if (!control.narrows) return fault("can be given a value, but not another range");
  return [...wrong(control, value.low), ...wrong(control, value.high)].slice(0, 1).flatMap(fault);
}

/** Say what is wrong with a single value, in the words of `check`; nothing if it is right. */
function wrong({ kind, low, high, above, allowed }: Control, value: unknown): string[] {
  if (kind === "switch") return typeof value === "boolean" ? [] : [`must be true or false, not ${shown(value)}`];
  if (kind === "date") {
    if (!isDate(value)) return [`must be a date like 2024-02-12 without quotes, not ${shown(value)}`];
    return (low !== null && value < low) || (high !== null && value > high) ? [`must be ${allowed}, not ${value}`] : [];
  }
  const what = kind === "whole" ? "a whole number " : "";
  if (typeof value !== "number" || !Number.isFinite(value)) return [`must be ${what || "a number "}${allowed}`.trimEnd() + `, not ${shown(value)}`];
  const beyond = (low !== null && (above ? value <= Number(low) : value < Number(low))) || (high !== null && value > Number(high));
  return beyond || (kind === "whole" && !Number.isInteger(value)) ? [`must be ${what}${allowed}, not ${plain(value)}`] : [];
}

function shown(value: unknown): string {
  return typeof value === "number" ? String(value) : JSON.stringify(value);
}

function endsOf(control: Control, value: Value | undefined): Ends {
  if (value !== undefined && isRange(value)) return { low: value.low, high: value.high, drawn: true, range: true, is: true };
  const single = value ?? control.base;
  if (!isDrawn(single)) {
    const one = typeof single === "boolean" ? Number(single) : single;
    return { low: one, high: one, drawn: false, range: false, is: Boolean(single) };
  }
  const values = single["values"] as (number | string)[] | undefined;
  const sorted = values ? [...values].sort((a, b) => (a < b ? -1 : 1)) : [];
  const low = (values ? sorted[0] : single["low"]) as number | string;
  const high = (values ? sorted[sorted.length - 1] : single["high"]) as number | string;
  return { low, high, drawn: true, range: false, is: true };
}

type Known = ReadonlyMap<string, Ends>;

function valueOf(expression: Expression, ends: Known): number | string | boolean {
  if (!Array.isArray(expression)) return expression;
  const [what, ...parts] = expression as [string, ...Expression[]];
  switch (what) {
    case "low": case "high": case "drawn": case "is":
      return ends.get(parts[0] as string)![what];
    case "range":
      return !ends.get(parts[0] as string)!.range || valueOf(parts[1], ends);
    case "if":
      return valueOf(parts[valueOf(parts[0], ends) ? 1 : 2], ends);
  }
  return OPERATIONS[what](parts.map((part) => valueOf(part, ends)));
}

type Values = (number | string | boolean)[];

const numbers = (operation: (...values: number[]) => number) => (values: Values): number => operation(...(values as number[]));

/** Dates are compared as texts. */
const OPERATIONS: { [what: string]: (values: Values) => number | string | boolean } = {
  "<": ([a, b]) => a < b,
  "<=": ([a, b]) => a <= b,
  not: ([a]) => !a,
  and: (values) => values.every(Boolean),
  or: (values) => values.some(Boolean),
  "+": numbers((...values) => values.reduce((sum, value) => sum + value)),
  "*": numbers((...values) => values.reduce((product, value) => product * value)),
  "-": numbers((a, b) => a - b),
  "/": numbers((a, b) => a / b),
  "^": numbers(Math.pow),
  exp: numbers(Math.exp),
  log: numbers(Math.log),
  ceil: numbers(Math.ceil),
  max: (values) => values.reduce((most, value) => (value > most ? value : most)),
  min: (values) => values.reduce((least, value) => (value < least ? value : least)),
};

const FORMS: { [form: string]: (value: never) => string } = {
  date: (value: string) => value,
  plain: (value: number) => plain(value),
  short: (value: number) => general(value, 3),
  rough: (value: number) => plain(Number(general(value, 3))),
};

function said(part: Part, ends: Known): string {
  if (typeof part === "string") return part;
  const [form, ...rest] = part as [string, ...(Part | Expression)[]];
  if (form !== "when") return FORMS[form](valueOf(rest[0] as Expression, ends) as never);
  return valueOf(rest[0] as Expression, ends) ? rest.slice(1).map((one) => said(one as Part, ends)).join("") : "";
}
