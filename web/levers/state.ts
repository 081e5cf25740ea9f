/** States: what has been moved. */
import { isDrawn, isRange, type Control, type State, type Value } from "./control";

/** Return a state with one value changed, or with null as in the file. */
export function changedBy(state: State, key: string, value: Value | null): State {
  const { [key]: _, ...others } = state;
  return value === null ? others : { ...others, [key]: value };
}

/** Return a state without what is as in the file. */
export function trimmed(controls: readonly Control[], state: State): State {
  const base = new Map(controls.map((control) => [control.key, control.base]));
  return Object.fromEntries(Object.entries(state).filter(([key, value]) => !isAsIn(base.get(key), value)));
}

function isAsIn(base: Control["base"] | undefined, value: Value): boolean {
  if (base === undefined || isDrawn(base)) {
    return isRange(value) && base !== undefined && base["low"] === value.low && base["high"] === value.high;
  }
  return base === value;
}

/** Tell whether two states are the same, whatever the order of their keys. */
export function areSame(one: State, other: State): boolean {
  const sorted = (state: State): string => JSON.stringify(Object.entries(state).sort(([a], [b]) => (a < b ? -1 : 1)));
  return sorted(one) === sorted(other);
}
