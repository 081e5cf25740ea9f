/** What the page and its workers say to one another. */
import type { Courses, Retold } from "../drawdown";
import type { WriteTo } from "./machine";

export type ToWorker =
  /** Take the program. */
  | { what: "program"; module: WebAssembly.Module }
  /** Take a world, packed. */
  | { what: "world"; world: string; packed: Uint8Array<ArrayBuffer> }
  /** Know a variant by its number: a world with writes. */
  | { what: "variant"; variant: number; world: string; writes: readonly WriteTo[] }
  /** Forget a variant and what has been counted of it. */
  | { what: "forget"; variant: number }
  | { what: "play"; job: number; variant: number; first: number; count: number }
  /** Hand over what has been counted of a variant since the last time. */
  | { what: "courses"; job: number; variant: number }
  /** Play one replication again; then read numbers from where they stand in memory. */
  | { what: "log"; job: number; variant: number; replication: number; read: readonly number[] };

export type FromWorker =
  | { what: "played"; job: number; outcomes: Float64Array<ArrayBuffer> }
  | { what: "courses"; job: number; courses: Courses }
  | { what: "log"; job: number; retold: Retold }
  | { what: "failed"; job: number; why: string };
