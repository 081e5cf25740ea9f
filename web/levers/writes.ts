/** From what has been moved to what is written to the memory of the program. */
import type { WriteTo } from "../engine/machine";
import type { Control, Single, State, Value } from "./control";
import { isRange } from "./control";
import { daysBetween } from "./days";

const UNIFORM = 0;

/** Return what a state writes; `start` is the first day of the scenario. */
export function writesOf(controls: readonly Control[], state: State, start: string): WriteTo[] {
  return controls.flatMap((control) => (control.key in state ? writesFor(control, state[control.key], start) : []));
}

function writesFor({ write }: Control, value: Value, start: string): WriteTo[] {
  const { places, draw, column, plus } = write;
  const number = (single: Single): number =>
    typeof single === "string" ? daysBetween(start, single) + plus : Number(single);
  if (isRange(value)) return draw ? bounds(draw.numbers, number(value.low), number(value.high)) : [];
  if (column) {
    return Array.from({ length: column.rows }, (_, i) => [column.first + i * column.step, "f8", number(value)]);
  }
  if (!draw) return places.map(({ at, type }) => [at, type, number(value)]);
  return [[draw.dist, "i8", UNIFORM], [draw.rows, "i8", 0], ...bounds(draw.numbers, number(value), number(value))];
}

/** The third and the fourth number of a distribution are its bounds. */
function bounds(numbers: number, low: number, high: number): WriteTo[] {
  return [[numbers + 16, "f8", low], [numbers + 24, "f8", high]];
}
