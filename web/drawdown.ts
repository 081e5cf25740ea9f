/**
 * The page's one door to the simulation, also for scripts: `window.drawdown`.
 *
 * It holds what has been moved, plays fresh replications of base and changed, and tells its listeners.
 */
import type { Document, Scenario } from "./document";
import { Pool } from "./engine/pool";
import { Side } from "./engine/side";
import { addressOf, scenarioIn, stateOf } from "./levers/address";
import type { Control, Fault, State, Value } from "./levers/control";
import { History } from "./levers/history";
import { faultsOf } from "./levers/relations";
import { areSame, changedBy, trimmed } from "./levers/state";
import { tomlOf } from "./levers/toml";
import { writesOf } from "./levers/writes";

const WHICH = ["base", "changed"] as const;
export type Which = (typeof WHICH)[number];

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
 * Rows are among those of the diary (`sim/rules/diary.py`): troops by theatre and in total, attacks in each week by theatre
 * and in total, talks, tension, the logarithms of threat, capability and their ratio (in steps of `INDEX_STEP` there),
 * phases. Levels are in bins, as in `sim/play/histogram.py`: bin `i` of a row stands for the level
 * `(low + i) * step`.
 */
export interface Courses {
  replications: number;
  rows: CourseRow[];
}

export interface CourseRow {
  track: "troops" | "attacks" | "talks" | "tension" | "index" | "phase";
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

/** What happened in one replication, and the numbers that it drew, in the order of the scenario's `drawn`. */
export interface Retold {
  log: LogEntry[];
  drawn: number[];
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
  /** Return the program, `rules.wasm`. */
  program(): Promise<Uint8Array<ArrayBuffer>>;
  /** The text of the worker's script. */
  worker: string;
  /** Return a world as Python packed it. */
  world(id: string): Uint8Array<ArrayBuffer>;
}

/** How many replications are played of a move: of the first picture, and of those that follow while nothing is moved. */
const STAGES = [1000, 4000, 10_000];
/** The last replication that can be told again, as in `python -m sim trace`. */
export const LAST = 1_000_000_000;

type Sides = { [which in Which]: Side };

export class Drawdown {
  readonly document: Document;
  /** Kept once the base has been played for the first time, and what the address says has been moved. */
  readonly ready: Promise<void>;
  private readonly listeners = new Set<(told: Told) => void>();
  private readonly history = new History();
  private pool!: Pool;
  private sides!: Sides;
  private chosen: number;
  private moved: State = {};
  /** What had been moved when the sides were played; a move that was overtaken never was. */
  private shown: State = {};
  private latest: Promise<Move>;
  private overtake: () => void = () => {};

  constructor(private readonly sources: Sources) {
    this.document = sources.document;
    this.chosen = this.document.scenarios.length > 1 ? 1 : 0;
    this.latest = this.begin();
    this.ready = this.latest.then(() => {});
  }

  /** The scenario that is compared with, as in the file. */
  get base(): Scenario {
    return this.document.scenarios[0];
  }

  /** The scenario whose levers are moved: of a run, the base itself; of a comparison, any of the scenarios. */
  get changed(): Scenario {
    return this.document.scenarios[this.chosen];
  }

  get controls(): Control[] {
    return this.changed.controls;
  }

  /** Choose the scenario whose levers are moved, by its number; nothing is moved then. */
  choose(scenario: number): Promise<Move> {
    const count = this.document.scenarios.length;
    if (!isNumberUpTo(scenario, count - 1)) return Promise.reject(new RangeError(`scenarios are numbered from 0 to ${count - 1}`));
    this.chosen = scenario;
    this.history.clear();
    return this.move({});
  }

  /** What has been moved. */
  state(): State {
    return this.moved;
  }

  /** Say why a value is not allowed beside all others as they are, without moving anything; empty if it is. */
  faults(key: string, value: Value | null): Fault[] {
    return this.faultsIn(changedBy(this.moved, key, value));
  }

  /** Move one lever, or with null leave it as in the file. */
  set(key: string, value: Value | null): Promise<Move> {
    return this.setAll(changedBy(this.moved, key, value));
  }

  /** Move several levers at once; keys that are not given, or given as null, are as in the file. */
  setAll(values: { readonly [key: string]: Value | null }): Promise<Move> {
    if (typeof values !== "object" || values === null) return Promise.reject(new TypeError("what is moved is an object of keys with their values"));
    const state = given(values);
    const faults = this.faultsIn(state);
    if (faults.length > 0) {
      const move: Move = { ...begun(state), became: "refused", faults };
      this.tell("refused", move);
      return Promise.resolve(move);
    }
    const next = trimmed(this.controls, state);
    if (areSame(next, this.moved)) return this.latest;
    this.history.add(this.moved);
    return this.move(next, () => this.history.drop());
  }

  /** Leave everything as in the file. */
  reset(): Promise<Move> {
    return this.setAll({});
  }

  undo(): Promise<Move> {
    const from = this.moved;
    const state = this.history.undo(from);
    return state ? this.move(state, () => this.history.skip(from)) : this.latest;
  }

  redo(): Promise<Move> {
    const from = this.moved;
    const state = this.history.redo(from);
    return state ? this.move(state, () => this.history.skip(from)) : this.latest;
  }

  get canUndo(): boolean {
    return this.history.canUndo;
  }

  get canRedo(): boolean {
    return this.history.canRedo;
  }

  /** What has been played of a side: as many replications as of the other, so that they can be compared; undefined before anything has. */
  played(which: Which): Played | undefined {
    refuseOther(which);
    if (!this.sides) return undefined;
    const { base, changed } = this.sides;
    return this.sides[which].upto(Math.min(base.replications, changed.replications));
  }

  /** Of each outcome, one number for each replication. */
  outcomes(which: Which): { readonly [name: string]: Float64Array } {
    return this.played(which)?.outcomes ?? {};
  }

  /** Play one replication again and return what happened in it. */
  async log(which: Which, replication: number): Promise<LogEntry[]> {
    return (await this.retold(which, replication)).log;
  }

  /** The same, with the uncertain numbers that it drew. */
  async retold(which: Which, replication: number): Promise<Retold> {
    refuseOther(which);
    if (!isNumberUpTo(replication, LAST)) throw new RangeError(`replications are numbered from 0 to ${LAST}`);
    return this.sides[which].log(replication, this[which].drawn.map(({ at }) => at));
  }

  /** The changed scenario as a file that `python -m sim run` plays to the same numbers. */
  toml(): string {
    return tomlOf(this.changed.toml, this.controls, this.moved);
  }

  /** Be told of moves; returns a function that ends it. */
  subscribe(listener: (told: Told) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private faultsIn(state: State): Fault[] {
    const keys = Object.keys(state);
    const fixed = keys.filter((key) => !this.controls.some((control) => control.key === key));
    if (fixed.length > 0) return fixed.map((key) => ({ key, message: "cannot be moved on this page", keys: [key] }));
    return faultsOf(this.controls, this.changed.relations, state);
  }

  private async begin(): Promise<Move> {
    const named = this.numberOf(scenarioIn(location.hash));
    if (named >= 0) this.chosen = named;
    this.pool = new Pool(this.sources.worker);
    this.pool.program(await WebAssembly.compile(await this.sources.program()));
    for (const id of new Set(this.document.scenarios.map(({ world }) => world))) {
      this.pool.world(id, this.sources.world(id));
    }
    const base = this.sideOf(this.base, {});
    this.sides = { base, changed: base };
    addEventListener("hashchange", () => this.follow());
    const { state, faults } = this.asked();
    const move = this.move(faults.length > 0 ? {} : trimmed(this.controls, state));
    if (faults.length > 0) this.tell("refused", { ...begun(state), became: "refused", faults });
    return move;
  }

  /** Follow an address that was put in the place of another, to another scenario as well; a place on the page is none. */
  private follow(): void {
    if (isPlace(location.hash)) return this.take(this.moved);
    const named = this.numberOf(scenarioIn(location.hash));
    if (named >= 0 && named !== this.chosen) return location.reload();
    const { state, faults } = this.asked();
    if (faults.length > 0) this.tell("refused", { ...begun(state), became: "refused", faults });
    else void this.setAll(state);
    this.take(this.moved);
  }

  /** What the address asks for, and why that cannot be had. */
  private asked(): { state: State; faults: Fault[] } {
    const [state, name] = [isPlace(location.hash) ? {} : stateOf(location.hash, this.controls), scenarioIn(location.hash)];
    if (name === undefined || this.numberOf(name) >= 0) return { state, faults: this.faultsIn(state) };
    return { state, faults: [{ key: "scenario", keys: ["scenario"], message: `${name} is not on this page` }] };
  }

  /** The number of a scenario, or -1. */
  private numberOf(scenario: string | undefined): number {
    return this.document.scenarios.findIndex(({ name }) => name === scenario);
  }

  private move(state: State, undone: () => void = () => {}): Promise<Move> {
    this.latest = this.play(state, undone);
    return this.latest;
  }

  /** Play what is new with a state, then more and more of it, unless another move overtakes it. */
  private async play(state: State, undone: () => void): Promise<Move> {
    const move: Move = { ...begun(state), replications: STAGES[0] };
    const { moved: before, base } = this;
    this.overtake();
    const overtaken = new Promise<false>((resolve) => { this.overtake = () => resolve(false); });
    this.sides.base.stop();
    this.sides.changed.stop();
    this.take(state);
    this.tell("begun", move);
    const sides = { base: this.sides.base, changed: this.sides.base };
    if (this.changed !== base || !areSame(state, {})) sides.changed = this.sideOf(this.changed, state);
    const both = (of: Sides, upto: number): Promise<boolean> => {
      const played = [...new Set([of.base, of.changed])].map((side) => side.play(upto));
      return Promise.race([overtaken, Promise.all(played).then(() => true)]);
    };
    try {
      if (!(await both(sides, STAGES[0]))) {
        this.close(sides.changed);
        return { ...move, became: "overtaken" };
      }
    } catch (error) {
      this.close(sides.changed);
      undone();
      this.take(before);
      const failed = this.failed(move, error);
      if (!areSame(before, this.shown)) void this.move(before);
      else void this.refine(begun(before), (upto) => both(this.sides, upto));
      return failed;
    }
    const former = this.sides.changed;
    this.sides = sides;
    this.shown = state;
    this.close(former);
    this.tell("moved", move);
    void this.refine(move, (upto) => both(sides, upto));
    return move;
  }

  private async refine(move: Move, both: (upto: number) => Promise<boolean>): Promise<void> {
    try {
      for (const upto of STAGES.slice(1)) {
        if (!(await both(upto))) return;
        this.tell("refined", { ...move, replications: upto });
      }
    } catch (error) {
      this.failed(move, error);
    }
  }

  private failed(move: Move, error: unknown): Move {
    const failed: Move = { ...move, became: "failed", why: (error as Error).message, replications: 0 };
    this.tell("failed", failed);
    return failed;
  }

  /** Let what has been moved stand in the address. */
  private take(state: State): void {
    this.moved = state;
    if (location.protocol === "about:") return; // a cell of a notebook has no address
    const several = this.document.scenarios.length > 1;
    history.replaceState(null, "", `#${addressOf(state, several ? this.changed.name : undefined)}`);
  }

  private sideOf(scenario: Scenario, state: State): Side {
    const writes = writesOf(scenario.controls, state, scenario.start);
    return new Side(this.pool, scenario.world, writes, scenario.outcomes.map(({ name }) => name));
  }

  /** Forget a side that is shown no longer. */
  private close(side: Side): void {
    if (side !== this.sides.base && side !== this.sides.changed) side.close();
  }

  private tell(event: Told["event"], move: Move): void {
    for (const listener of this.listeners) listener({ event, move });
    if (event !== "begun") dispatchEvent(new CustomEvent(`drawdown:${event}`, { detail: move }));
  }
}

function refuseOther(which: Which): void {
  if (!WHICH.includes(which)) throw new RangeError(`sides are ${WHICH.join(" and ")}`);
}

function isNumberUpTo(number: number, last: number): boolean {
  return Number.isInteger(number) && number >= 0 && number <= last;
}

/** Whether an address leads to a part of the page, such as `#section-story`. */
function isPlace(address: string): boolean {
  return address.length > 1 && !address.includes("=");
}

function given(values: { readonly [key: string]: Value | null }): State {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null)) as State;
}

function begun(state: State): Move {
  return { state, became: "played", faults: [], why: "", replications: 0 };
}
