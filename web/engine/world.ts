/** A scenario as Python packed it for the program: `sim/report/world.py`. */

export interface Header {
  /** Where the world begins in memory, and where memory is free for results. */
  begin: number;
  end: number;
  /** What has to be written to memory, which is zero at first: address and bytes of each part. */
  parts: [number, number][];
  /** What the program takes, after the two places for what it returns. */
  words: number[];
  /** Which of the words have 32 bits; the others have 64. */
  pointers: number[];
  /** At which word the number of the first replication stands, and the arrays of results and of the log begin. */
  first: number;
  results: number;
  log: number;
  log_bytes: number;
  outcomes: string[];
  diary: { entries: number; entry_row: number; entry_time: number; entry_level: number };
  /** Where the number of the replication stands that was begun last, and why it was given up. */
  playing: number;
  given_up: number;
  /** What is said then, by that number; `{number}` stands for the replication. */
  failures: { [given_up: string]: string };
  tracks: Track[];
}

/** Rows of the diary that belong together. */
export interface Track {
  track: string;
  /** How many days it covers; of attacks, weeks. */
  times: number;
  /** By row, the width of a bin. */
  steps: number[];
}

export interface World {
  header: Header;
  content: Uint8Array;
}

/** Return the bytes that base64 stands for. */
export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64.trim());
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** Inflate bytes. */
export async function inflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Unpack a world: a line of JSON, then the parts of its memory. */
export async function unpack(packed: Uint8Array<ArrayBuffer>): Promise<World> {
  const bytes = await inflate(packed);
  const line = bytes.indexOf(10);
  return { header: JSON.parse(new TextDecoder().decode(bytes.subarray(0, line))), content: bytes.subarray(line + 1) };
}
