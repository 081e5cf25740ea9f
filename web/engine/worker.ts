/** The worker's side: it keeps the program with each world in memory, and plays what it is asked to. */
import { buffersOf, CourseCounter } from "./courses";
import { Machine, type WriteTo } from "./machine";
import type { FromWorker, ToWorker } from "./messages";
import { unpack } from "./world";

/** What a worker's global scope offers. */
export interface Scope {
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
  postMessage(message: FromWorker, transfer: Transferable[]): void;
}

interface Variant {
  world: string;
  writes: readonly WriteTo[];
  courses: CourseCounter;
}

/** Answer messages, one after another. */
export function serve(scope: Scope): void {
  const work = new Work();
  let last: Promise<void> = Promise.resolve();
  scope.onmessage = ({ data }): void => {
    last = last.then(() => work.answer(data)).then((answer) => {
      if (answer) scope.postMessage(answer, transfer(answer));
    });
  };
}

function transfer(answer: FromWorker): Transferable[] {
  if (answer.what === "played") return [answer.outcomes.buffer];
  return answer.what === "courses" ? buffersOf(answer.courses) : [];
}

class Work {
  private module: WebAssembly.Module | undefined;
  private readonly machines = new Map<string, Machine>();
  private readonly variants = new Map<number, Variant>();
  private current = -1;
  /** Why nothing can be played: the program or a world could not be taken. */
  private broken: unknown;

  async answer(message: ToWorker): Promise<FromWorker | undefined> {
    try {
      if (!("job" in message)) return await this.take(message);
      if (this.broken) throw this.broken;
      return this.done(message);
    } catch (error) {
      this.broken ??= "job" in message ? undefined : error;
      return "job" in message ? { what: "failed", job: message.job, why: (error as Error).message } : undefined;
    }
  }

  private async take(message: Exclude<ToWorker, { job: number }>): Promise<undefined> {
    switch (message.what) {
      case "program":
        this.module = message.module;
        break;
      case "world":
        this.machines.set(message.world, new Machine(this.module!, await unpack(message.packed)));
        break;
      case "variant": {
        const courses = new CourseCounter(this.machines.get(message.world)!.header.tracks);
        this.variants.set(message.variant, { world: message.world, writes: message.writes, courses });
        break;
      }
      case "forget":
        this.variants.delete(message.variant);
    }
  }

  private done(message: Extract<ToWorker, { job: number }>): FromWorker {
    const { job } = message;
    const variant = this.variants.get(message.variant);
    if (!variant) throw new Error(`there is no variant ${message.variant}`);
    const machine = this.machines.get(variant.world)!;
    if (message.what === "courses") return { what: "courses", job, courses: variant.courses.take() };
    if (this.current !== message.variant) {
      machine.change(variant.writes);
      this.current = message.variant;
    }
    if (message.what === "log") {
      const log = machine.log(message.replication);
      return { what: "log", job, retold: { log, drawn: message.read.map((at) => machine.number(at)) } };
    }
    return { what: "played", job, outcomes: machine.play(message.first, message.count, variant.courses) };
  }
}
