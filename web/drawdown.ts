/**
 * The page's one door to the simulation, also for scripts: `window.drawdown`.
 *
 * It holds what has been moved, plays fresh replications of base and changed, and tells its listeners.
 */
import type { Control, Fault, State, Value } from "./levers/control";
import type { Document, Scenario } from "./document";

export type Which = "base" | "changed";

/** Replications of one side, from number 0 on. */
export interface Played {
  replications: number;
  /** Of each outcome, one number for each replication; a day that never came is infinite. */
  outcomes: { readonly [name: string]: Float64Array };
  courses: Courses;
}

/**
 * The course of all replications: how many had which level on a day.
 *
 * Rows are those of the diary (`sim/rules/diary.py`): troops by theatre and in total, attacks in each week by theatre
 * and in total, talks, tension, the logarithms of threat, capability and their ratio, suppressions, phases, cargo by
 * theatre, modes of lift. Levels are in bins, as in `sim/play/histogram.py`: bin `i` of a row stands for the level
 * `(low + i) * step`.
 */
export interface Courses {
  replications: number;
  rows: CourseRow[];
}

export interface CourseRow {
  track: "troops" | "attacks" | "talks" | "tension" | "index" | "suppression" | "phase" | "cargo" | "mode";
  /** Days from the start (of attacks: the first day of each week). */
  days: Int32Array;
  step: number;
  low: number;
  /** How many bins each day has. */
  bins: number;
  /** Day after day, the replications in each bin. */
  counts: Int32Array;
  /** By day, the sum of the levels themselves. */
  sums: Float64Array;
}

/** An entry of the log of one replication: see `sim/clocks/reference.py`, `Record`. */
export interface LogEntry {
  time: number;
  process: number;
  what: number;
  where: number;
  amount: number;
  detail: number;
}

/** How a move ended. */
export interface Move {
  state: State;
  /** `played`; `refused` (see `faults`, the state is as before); `overtaken` by a later move; `failed` (see `why`). */
  became: "played" | "refused" | "overtaken" | "failed";
  faults: Fault[];
  why: string;
  replications: number;
}

/** What listeners are told: `moved` with a first picture of a move, `refined` with more replications of the same. */
export interface Told {
  event: "begun" | "moved" | "refined" | "refused" | "failed";
  move: Move;
}

/** What the page is made of. */
export interface Sources {
  document: Document;
  /** The program, `rules.wasm`. */
  program: Uint8Array;
  /** The text of the worker's script. */
  worker: string;
  /** The memory image of a scenario, as it is in the page: base64 of deflated bytes after a line of JSON. */
  world(id: string): string;
}

export class Drawdown {
  readonly document: Document;
  /** Kept once base and changed have been played for the first time. */
  readonly ready: Promise<void>;

  constructor(sources: Sources) {
    this.document = sources.document;
    this.ready = Promise.resolve();
  }

  /** The scenario that is compared with, as in the file. */
  get base(): Scenario {
    throw new Error("not yet");
  }

  /** The scenario whose levers are moved: of a run, the base itself; of a comparison, any of the scenarios. */
  get changed(): Scenario {
    throw new Error("not yet");
  }

  /** Choose the scenario whose levers are moved, by its number; nothing is moved then. */
  choose(_scenario: number): Promise<Move> {
    throw new Error("not yet");
  }

  get controls(): Control[] {
    throw new Error("not yet");
  }

  /** What has been moved. */
  state(): State {
    throw new Error("not yet");
  }

  /** Say why a value is not allowed, without moving anything; empty if it is. */
  faults(_key: string, _value: Value | null): Fault[] {
    throw new Error("not yet");
  }

  /** Move one lever, or with null leave it as in the file. */
  set(_key: string, _value: Value | null): Promise<Move> {
    throw new Error("not yet");
  }

  /** Move several levers at once; keys that are not given are as in the file. */
  setAll(_state: State): Promise<Move> {
    throw new Error("not yet");
  }

  reset(): Promise<Move> {
    throw new Error("not yet");
  }

  undo(): Promise<Move> {
    throw new Error("not yet");
  }

  redo(): Promise<Move> {
    throw new Error("not yet");
  }

  get canUndo(): boolean {
    return false;
  }

  get canRedo(): boolean {
    return false;
  }

  /** All that has been played of a side so far; undefined before anything has. */
  played(_which: Which): Played | undefined {
    return undefined;
  }

  /** Of each outcome, one number for each replication. */
  outcomes(_which: Which): { readonly [name: string]: Float64Array } {
    throw new Error("not yet");
  }

  /** Play one replication again and return what happened in it. */
  log(_which: Which, _replication: number): Promise<LogEntry[]> {
    throw new Error("not yet");
  }

  /** The changed scenario as a file that `python -m sim run` plays to the same numbers. */
  toml(): string {
    throw new Error("not yet");
  }

  /** Be told of moves; returns a function that ends it. */
  subscribe(_listener: (told: Told) => void): () => void {
    throw new Error("not yet");
  }
}
