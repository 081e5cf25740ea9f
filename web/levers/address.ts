/** What has been moved, as the part of the page's address after `#`. */
import { isRange, type Control, type Single, type State, type Value } from "./control";

const TO = "..";
/** Stands where the key of a control would, before the name of the scenario whose levers are moved. */
const SCENARIO = "scenario";

/** Write a state as an address; of a comparison, with the name of the scenario whose levers are moved. */
export function addressOf(state: State, scenario?: string): string {
  const written = (value: Value): string => (isRange(value) ? `${value.low}${TO}${value.high}` : String(value));
  const parts = Object.entries(state).map(([key, value]) => [key, written(value)]);
  if (scenario !== undefined) parts.unshift([SCENARIO, scenario]);
  return parts.map((part) => part.map(encodeURIComponent).join("=")).join("&");
}

/** Return the name of the scenario that an address is about, if it names one. */
export function scenarioIn(address: string): string | undefined {
  const part = partsOf(address).find((one) => one.startsWith(`${SCENARIO}=`));
  return part === undefined ? undefined : decoded(part.slice(SCENARIO.length + 1));
}

/** Read a state; what is no control, or no value, is left as it is, to be refused. */
export function stateOf(address: string, controls: readonly Control[]): State {
  return Object.fromEntries(partsOf(address).flatMap((part): [string, Value][] => {
    const [key, ...text] = part.split("=").map(decoded);
    if (text.length === 0 || key === SCENARIO) return [];
    const control = controls.find((one) => one.key === key);
    return [[key, control ? valueOf(control, text.join("=")) : text.join("=")]];
  }));
}

function partsOf(address: string): string[] {
  return address.replace(/^#/, "").split("&");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function valueOf(control: Control, text: string): Value {
  const one = (part: string): Single => {
    if (control.kind === "switch") return part === "true" || (part !== "false" && part);
    return control.kind === "date" || part.trim() === "" || Number.isNaN(Number(part)) ? part : Number(part);
  };
  const [low, high, ...more] = text.split(TO);
  if (high === undefined || more.length > 0) return one(text);
  return { low: one(low) as number | string, high: one(high) as number | string };
}
