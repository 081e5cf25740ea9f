/** What the tests call by name, in Node or in a browser: the page's own functions, and a few put together from them. */

import type { Outcome, Rate, Scenario } from "../../web/document";
import { CourseCounter, together } from "../../web/engine/courses";
import { Machine } from "../../web/engine/machine";
import { bytesOf, type Track, unpack } from "../../web/engine/world";
import { addressOf, stateOf } from "../../web/levers/address";
import type { Control, State } from "../../web/levers/control";
import { faultsOf } from "../../web/levers/relations";
import { tomlOf } from "../../web/levers/toml";
import { general, plain } from "../../web/levers/words";
import { writesOf } from "../../web/levers/writes";
import { type Bands, bands } from "../../web/statistics/bands";
import { headsUpto, studentReach, studentUpto } from "../../web/statistics/chance";
import { apartBy, countsByDay, curve } from "../../web/statistics/chances";
import { differences, holm, shareWorse } from "../../web/statistics/difference";
import { estimate, summarise } from "../../web/statistics/estimate";
import { histograms } from "../../web/statistics/histogram";
import { bonettPrice, meanTest, skewedInterval, wilson } from "../../web/statistics/intervals";
import { quantiles, worstMean } from "../../web/statistics/quantiles";
import { type Columns, Sample } from "../../web/statistics/sample";
import { deviation, mean, sum } from "../../web/statistics/sums";
import { drawnText } from "../../web/story/drawn";
import { parting } from "../../web/story/parting";
import { story } from "../../web/story/story";
import * as dates from "../../web/words/dates";
import * as numbers from "../../web/words/numbers";

interface Entries {
  rows: number[];
  times: number[];
  levels: number[];
}

interface Catalogue {
  outcomes: Outcome[];
  rates: Rate[];
  horizon: number;
}

/** Diaries, counted in parts by several workers. */
function tallied(tracks: Track[], parts: Entries[]) {
  const counters = parts.map(({ rows, times, levels }) => {
    const counter = new CourseCounter(tracks);
    counter.add(inWords(rows), inWords(times), inWords(levels), rows.length);
    return counter.take();
  });
  return counters.reduce(together);
}

/** The program's memory has two words of four bytes for each number. */
function inWords(numbers: number[]): Int32Array {
  return Int32Array.from({ length: 2 * numbers.length }, (_, i) => (i % 2 ? 0 : numbers[i / 2]));
}

/** Play a replication by the program, and read numbers from its memory. */
async function replayed(program: string, packed: string, replication: number, addresses: number[]) {
  const module = await WebAssembly.compile(bytesOf(program));
  const machine = new Machine(module, await unpack(bytesOf(packed)));
  const log = machine.log(replication);
  return { log, values: addresses.map((at) => machine.number(at)) };
}

/** What the page does with a state: refuse it, or write it to memory and to a file, and play it. */
async function moved(program: string, packed: string, scenario: Scenario, state: State, replications: number) {
  const { controls, relations, start, toml } = scenario;
  const faults = faultsOf(controls, relations, state);
  if (faults.length > 0) return { faults };
  modules[program] ??= await WebAssembly.compile(bytesOf(program));
  machines[packed] ??= new Machine(modules[program], await unpack(bytesOf(packed)));
  const machine = machines[packed];
  machine.change(writesOf(controls, state, start));
  const outcomes = machine.play(0, replications, new CourseCounter(machine.header.tracks));
  return { faults, toml: tomlOf(toml, controls, state), outcomes };
}

const modules: { [program: string]: WebAssembly.Module } = {};
const machines: { [world: string]: Machine } = {};

const calls: { [name: string]: (...given: never[]) => unknown } = {
  /** Call a function for each of several lists of arguments. */
  each: (name: string, lists: never[][]) => lists.map((given) => calls[name](...given)),
  ...numbers, ...dates, headsUpto, studentReach, studentUpto, apartBy, countsByDay, curve, holm, shareWorse,
  histograms, bonettPrice, meanTest, skewedInterval, wilson, parting, story, drawnText, replayed, moved, general, plain,
  addressed: (state: State, controls: Control[]) => stateOf(addressOf(state), controls),
  quantiles, worstMean, deviation, mean, sum, tallied,
  estimates: (catalogue: Catalogue, columns: Columns) => {
    const sample = new Sample(catalogue, columns);
    return sample.names.map((name) => ({ name, ...estimate(sample, name), ...summarise(sample, name) }));
  },
  differences: (catalogue: Catalogue, base: Columns, changed: Columns) =>
    differences(new Sample(catalogue, base), new Sample(catalogue, changed))
      .map((entry) => ({ ...entry, p_worse: shareWorse(entry) })),
  bands: (tracks: Track[], parts: Entries[], embedded: Bands) => bands(tallied(tracks, parts), embedded),
};

/** JSON has no columns and no infinity. */
function revived(_: string, value: unknown): unknown {
  if (value === null || typeof value !== "object") return value;
  if ("$column" in value) {
    const bytes = Uint8Array.from(atob(value.$column as string), (letter) => letter.charCodeAt(0));
    return new Float64Array(bytes.buffer);
  }
  return "$number" in value ? Number(value.$number) : value;
}

function replaced(_: string, value: unknown): unknown {
  if (typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0))) {
    return { $number: Object.is(value, -0) ? "-0" : String(value) };
  }
  return ArrayBuffer.isView(value) ? [...(value as Float64Array)] : value;
}

/** Answer a call, as JSON. */
export async function answer(question: string): Promise<string> {
  const { name, given } = JSON.parse(question, revived) as { name: string; given: never[] };
  return JSON.stringify((await calls[name](...given)) ?? null, replaced);
}
