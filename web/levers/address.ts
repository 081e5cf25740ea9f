/** What has been moved, as the part of the page's address after `#`. */
import { isRange, type Control, type Single, type State, type Value } from "./control";

const TO = "..";

/** Write a state as an address. */
export function addressOf(state: State): string {
  const written = (value: Value): string => (isRange(value) ? `${value.low}${TO}${value.high}` : String(value));
  return Object.entries(state).map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(written(value))}`).join("&");
}

/** Read a state; what is no control is left out. */
export function stateOf(address: string, controls: readonly Control[]): State {
  const state: { [key: string]: Value } = {};
  for (const part of address.replace(/^#/, "").split("&")) {
    const [key, text] = part.split("=").map(decoded);
    const control = controls.find((one) => one.key === key);
    if (control && text) state[key] = valueOf(control, text);
  }
  return state;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

function valueOf(control: Control, text: string): Value {
  const one = (part: string): Single => {
    if (control.kind === "date") return part;
    return control.kind === "switch" ? part === "true" : Number(part);
  };
  if (!text.includes(TO)) return one(text);
  const [low, high] = text.split(TO);
  return { low: one(low) as number | string, high: one(high) as number | string };
}
