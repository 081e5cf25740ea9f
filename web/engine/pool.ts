/** Workers on all cores. They stay warm; what is asked of them is done in small chunks, so that it can be stopped. */
import type { Courses, Retold } from "../drawdown";
import { together } from "./courses";
import type { WriteTo } from "./machine";
import type { FromWorker, ToWorker } from "./messages";

const MOST_WORKERS = 8;
/** Chunks that a worker has before it: the one that it plays, and the next. */
const AHEAD = 2;

interface Job {
  message: Extract<ToWorker, { job: number }>;
  done(answer: FromWorker): void;
}

/** Replications of a variant. */
export interface Chunk {
  first: number;
  count: number;
}

export class Pool {
  private readonly workers: { worker: Worker; busy: number }[];
  private waiting: Job[] = [];
  private readonly running = new Map<number, { job: Job; at: number }>();
  private jobs = 0;
  private variants = 0;

  constructor(script: string) {
    const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    const count = Math.max(1, Math.min(navigator.hardwareConcurrency || 1, MOST_WORKERS));
    this.workers = Array.from({ length: count }, (_, at) => {
      const worker = new Worker(address);
      worker.onmessage = ({ data }: MessageEvent<FromWorker>): void => this.answered(at, data);
      return { worker, busy: 0 };
    });
  }

  /** Give all workers the program. */
  program(module: WebAssembly.Module): void {
    this.tell({ what: "program", module });
  }

  world(world: string, packed: Uint8Array<ArrayBuffer>): void {
    this.tell({ what: "world", world, packed });
  }

  /** Make a variant of a world known; return its number. */
  variant(world: string, writes: readonly WriteTo[]): number {
    const variant = this.variants++;
    this.tell({ what: "variant", variant, world, writes });
    return variant;
  }

  /** Forget a variant: what has not begun of it never will. */
  forget(variant: number): void {
    this.stop(variant);
    this.tell({ what: "forget", variant });
  }

  /** Drop the chunks of a variant that have not begun, and return them. */
  stop(variant: number): Chunk[] {
    const dropped: Chunk[] = [];
    this.waiting = this.waiting.filter(({ message }) => {
      if (message.what !== "play" || message.variant !== variant) return true;
      dropped.push(message);
      return false;
    });
    return dropped;
  }

  /** Play chunks; each is handed to `taken` when it is done. A chunk that is dropped is never done. */
  play(variant: number, chunks: Chunk[], taken: (chunk: Chunk, outcomes: Float64Array) => void,
    failed: (why: string) => void): void {
    for (const { first, count } of chunks) {
      this.waiting.push({
        message: { what: "play", job: this.jobs++, variant, first, count },
        done: (answer) => {
          if (answer.what === "played") taken({ first, count }, answer.outcomes);
          else if (answer.what === "failed") failed(answer.why);
        },
      });
    }
    this.hand();
  }

  /** Collect what all workers have counted of a variant since the last time. */
  async courses(variant: number): Promise<Courses> {
    const parts = await Promise.all(this.workers.map((_, at) => this.ask(at, (job) => ({ what: "courses", job, variant }))));
    return parts.map((part) => (part as { courses: Courses }).courses).reduce(together);
  }

  async log(variant: number, replication: number, read: readonly number[]): Promise<Retold> {
    const answer = await this.ask(0, (job) => ({ what: "log", job, variant, replication, read }));
    return (answer as { retold: Retold }).retold;
  }

  private tell(message: Exclude<ToWorker, { job: number }>): void {
    for (const { worker } of this.workers) worker.postMessage(message);
  }

  private ask(at: number, message: (job: number) => Job["message"]): Promise<FromWorker> {
    return new Promise((resolve, reject) => {
      const done = (answer: FromWorker): void => {
        if (answer.what === "failed") reject(new Error(answer.why));
        else resolve(answer);
      };
      this.begin(at, { message: message(this.jobs++), done });
    });
  }

  private begin(at: number, job: Job): void {
    this.running.set(job.message.job, { job, at });
    this.workers[at].busy++;
    this.workers[at].worker.postMessage(job.message);
  }

  /** Give every worker enough to do. */
  private hand(): void {
    for (let ahead = 0; ahead < AHEAD; ahead++) {
      this.workers.forEach(({ busy }, at) => {
        const job = busy <= ahead ? this.waiting.shift() : undefined;
        if (job) this.begin(at, job);
      });
    }
  }

  private answered(at: number, answer: FromWorker): void {
    this.workers[at].busy--;
    const running = this.running.get(answer.job);
    this.running.delete(answer.job);
    this.hand();
    running?.job.done(answer);
  }
}
