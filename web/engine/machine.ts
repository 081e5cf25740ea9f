/** The program with a scenario in its memory: it plays replications. */
import type { LogEntry } from "../drawdown";
import type { CourseCounter } from "./courses";
import type { Header, World } from "./world";

const PAGE = 1 << 16;
const LARGEST_LOG = 1 << 20;
/** As in `sim/rules/state.py`. */
const OUT_OF_BOUNDS = 2;

/** What a move writes: an address, the type of what stands there, and the new value. */
export type WriteTo = [at: number, type: "f8" | "i8" | "u1", value: number];

/** A replication cannot be played to the end. */
export class GivenUp extends Error {}

type Word = number | bigint;
type Play = (...words: Word[]) => number;

export class Machine {
  private readonly memory: WebAssembly.Memory;
  private readonly program: Play;
  private readonly words: Word[];
  private readonly pointers: ReadonlySet<number>;
  private view: DataView;
  private before: WriteTo[] = [];

  constructor(module: WebAssembly.Module, private readonly world: World) {
    const { header, content } = world;
    this.memory = new WebAssembly.Memory({ initial: Math.ceil(header.end / PAGE) });
    this.view = new DataView(this.memory.buffer);
    const [wanted] = WebAssembly.Module.imports(module);
    const instance = new WebAssembly.Instance(module, wanted ? { [wanted.module]: { [wanted.name]: this.memory } } : {});
    this.program = instance.exports["play"] as Play;
    const bytes = new Uint8Array(this.memory.buffer);
    let done = 0;
    for (const [at, length] of header.parts) {
      bytes.set(content.subarray(done, done + length), at);
      done += length;
    }
    this.words = [header.begin];
    this.pointers = new Set(header.pointers);
    this.give(0, header.words);
  }

  get header(): Header {
    return this.world.header;
  }

  /** Play another variant from now on: the scenario with these writes. */
  change(writes: readonly WriteTo[]): void {
    for (const write of this.before.reverse()) this.write(write);
    this.before = writes.map(([at, type]) => [at, type, this.read(at, type)]);
    for (const write of writes) this.write(write);
  }

  /** Play replications from number `first` on; return their outcomes, replication by replication. */
  play(first: number, count: number, courses: CourseCounter): Float64Array<ArrayBuffer> {
    const { header } = this;
    const width = header.outcomes.length;
    this.makeRoom(header.end + count * width * 8);
    for (let played = 0; played < count; ) {
      const left = count - played;
      const at = header.end + played * width * 8;
      this.give(header.first, [first + played]);
      this.give(header.results, [at, left, width]);
      this.give(header.log, [header.end, 0]);
      played += this.call();
      const entries = this.integer(header.diary.entries);
      courses.add(this.integers(header.diary.entry_row, entries), this.integers(header.diary.entry_time, entries),
        this.integers(header.diary.entry_level, entries), entries);
    }
    return new Float64Array(this.memory.buffer.slice(header.end, header.end + count * width * 8));
  }

  /** Play one replication and return its log. */
  log(replication: number): LogEntry[] {
    const { header } = this;
    const width = header.outcomes.length;
    const start = header.end + Math.ceil((width * 8) / 64) * 64;
    for (let room = 4096; room <= LARGEST_LOG; room *= 4) {
      this.makeRoom(start + room * header.log_bytes);
      this.give(header.first, [replication]);
      this.give(header.results, [header.end, 1, width]);
      this.give(header.log, [start, room]);
      this.call();
      const logged = this.integer(header.begin + 16);
      if (logged <= room) return Array.from({ length: logged }, (_, i) => this.entry(start + i * header.log_bytes));
    }
    throw new GivenUp(`replication ${replication} has too long a log`);
  }

  /** Return the number at an address, as the last replication left it. */
  number(at: number): number {
    return this.read(at, "f8");
  }

  private entry(at: number): LogEntry {
    const { view } = this;
    return {
      time: view.getFloat64(at, true), process: view.getInt32(at + 8, true), what: view.getInt32(at + 12, true),
      where: view.getInt32(at + 16, true), amount: view.getFloat64(at + 20, true), detail: view.getFloat64(at + 28, true),
    };
  }

  private call(): number {
    const { header } = this;
    if (this.program(...this.words) !== 0) throw this.failed(OUT_OF_BOUNDS);
    if (this.integer(header.begin + 8) !== 0) throw this.failed(this.integer(header.given_up));
    return this.integer(header.begin);
  }

  private failed(why: number): GivenUp {
    const { failures, playing } = this.header;
    return new GivenUp(failures[why].replace("{number}", String(this.integer(playing))));
  }

  private give(place: number, values: number[]): void {
    values.forEach((value, i) => {
      this.words[1 + place + i] = this.pointers.has(place + i) ? value : BigInt(value);
    });
  }

  private makeRoom(end: number): void {
    const missing = Math.ceil((end - this.memory.buffer.byteLength) / PAGE);
    if (missing > 0) {
      this.memory.grow(missing);
      this.view = new DataView(this.memory.buffer);
    }
  }

  private integer(at: number): number {
    return Number(this.view.getBigInt64(at, true));
  }

  /** Whole numbers of 64 bits as pairs of 32, of which the first of each has the number. */
  private integers(at: number, count: number): Int32Array {
    return new Int32Array(this.memory.buffer, at, 2 * count);
  }

  private read(at: number, type: WriteTo[1]): number {
    if (type === "f8") return this.view.getFloat64(at, true);
    return type === "i8" ? this.integer(at) : this.view.getUint8(at);
  }

  private write([at, type, value]: WriteTo): void {
    if (type === "f8") this.view.setFloat64(at, value, true);
    else if (type === "i8") this.view.setBigInt64(at, BigInt(value), true);
    else this.view.setUint8(at, value);
  }
}
