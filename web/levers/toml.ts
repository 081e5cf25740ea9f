/** The changed scenario as a file. */
import type { Toml } from "../document";
import { isRange, type Control, type Single, type State, type Value } from "./control";

/** Return the text of the scenario with the values of a state in the place of its own. */
export function tomlOf(toml: Toml, controls: readonly Control[], state: State): string {
  const moved = controls.filter(({ key }) => key in state).sort((a, b) => toml.spans[a.key][0] - toml.spans[b.key][0]);
  let text = "";
  let done = 0;
  for (const control of moved) {
    const [from, to] = toml.spans[control.key];
    text += toml.text.slice(done, from) + replaced(toml, control, state[control.key], toml.text.slice(from, to));
    done = to;
  }
  return text + toml.text.slice(done);
}

/** A comment says what has been moved; that of the file, with its own source, follows. */
function replaced(toml: Toml, control: Control, value: Value, own: string): string {
  const before = toml.before[control.key];
  const written = `${before ?? ""}${isRange(value) ? rangeOf(control, value) : single(control, value)}`;
  return `${written}  # moved on the page; in the file: ${own}`;
}

function rangeOf({ base, kind }: Control, { low, high }: { low: Single; high: Single }): string {
  const whole = kind === "date" ? String : number;
  const parts = Object.entries({ ...(base as object), low, high }).map(([key, part]) =>
    `${key} = ${key === "dist" ? `"${part}"` : whole(part)}`);
  return `{ ${parts.join(", ")} }`;
}

function single({ kind }: Control, value: Single): string {
  return kind === "number" || kind === "whole" ? number(value) : String(value);
}

/** JavaScript writes the shortest text that is read as the same number, as Python does. */
function number(value: Single): string {
  return String(value);
}
