/** One side of the comparison: a variant, and all that has been played of it so far. */
import type { Courses, Played, Retold } from "../drawdown";
import { together } from "./courses";
import type { WriteTo } from "./machine";
import type { Chunk, Pool } from "./pool";

/** Replications that are played at a time; the stages of `Drawdown` are multiples of it. */
const CHUNK = 25;

export class Side {
  /** What listeners may see: all that was played up to the end of each stage, complete from replication 0 on. */
  private readonly stages: Played[] = [];
  private readonly variant: number;
  /** The first replications of chunks that have been asked for, and of those that are done. */
  private readonly asked = new Set<number>();
  private readonly done = new Set<number>();
  /** What waits for chunks; each looks whether all that it needs are done. */
  private readonly waits = new Set<() => void>();
  private columns: Float64Array[] = [];
  private courses: Courses | undefined;
  private room = 0;

  constructor(private readonly pool: Pool, readonly world: string, writes: readonly WriteTo[],
    private readonly names: readonly string[]) {
    this.variant = pool.variant(world, writes);
  }

  /** How many replications have been played. */
  get replications(): number {
    return this.stages.at(-1)?.replications ?? 0;
  }

  /** What was played up to the last stage with at most so many replications. */
  upto(replications: number): Played | undefined {
    return this.stages.filter((stage) => stage.replications <= replications).at(-1);
  }

  /** Play replications 0 to `upto`, without those that have been played. Stopped, it never ends. */
  async play(upto: number): Promise<void> {
    if (this.replications >= upto) return;
    this.makeRoom(upto);
    await new Promise<void>((resolve, reject) => {
      const look = (): void => {
        if (this.missing(upto, this.done).length > 0) return;
        this.waits.delete(look);
        resolve();
      };
      this.waits.add(look);
      const missing = this.missing(upto, this.asked);
      for (const { first } of missing) this.asked.add(first);
      this.pool.play(this.variant, missing, (chunk, outcomes) => this.take(chunk, outcomes), (why) => {
        this.stop();
        reject(new Error(why));
      });
      look();
    });
    const counted = await this.pool.courses(this.variant);
    this.courses = this.courses ? together(this.courses, counted) : counted;
    const outcomes = Object.fromEntries(this.names.map((name, i) => [name, this.columns[i].subarray(0, upto)]));
    this.stages.push({ replications: upto, outcomes, courses: this.courses });
  }

  /** Play no further for now. */
  stop(): void {
    for (const { first } of this.pool.stop(this.variant)) this.asked.delete(first);
    this.waits.clear();
  }

  /** Play never again. */
  close(): void {
    this.pool.forget(this.variant);
  }

  log(replication: number, read: readonly number[]): Promise<Retold> {
    return this.pool.log(this.variant, replication, read);
  }

  private missing(upto: number, there: Set<number>): Chunk[] {
    const chunks = [];
    for (let first = 0; first < upto; first += CHUNK) {
      if (!there.has(first)) chunks.push({ first, count: CHUNK });
    }
    return chunks;
  }

  private take({ first, count }: Chunk, outcomes: Float64Array): void {
    const width = this.names.length;
    this.makeRoom(first + count);
    for (let i = 0; i < width; i++) {
      const column = this.columns[i];
      for (let row = 0; row < count; row++) column[first + row] = outcomes[row * width + i];
    }
    this.done.add(first);
    for (const look of [...this.waits]) look();
  }

  private makeRoom(upto: number): void {
    if (upto <= this.room) return;
    this.room = Math.ceil(upto / CHUNK) * CHUNK;
    this.columns = this.names.map((_, i) => {
      const column = new Float64Array(this.room);
      if (this.columns[i]) column.set(this.columns[i]);
      return column;
    });
  }
}
