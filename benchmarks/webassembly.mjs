// Plays the WebAssembly module of the package; see webassembly.py, which says what to call it with.
// Each line of input is a number of replications; the answer is the seconds that one took, and a hash of outcomes.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const [file, call] = process.argv.slice(2);
const { start, words, addresses, first, outcomes, image } = JSON.parse(readFileSync(call, "utf8"));
const content = Buffer.from(image, "base64");
const memory = new WebAssembly.Memory({ initial: Math.ceil((start + content.length) / 65536) });
new Uint8Array(memory.buffer).set(content, start);
const { instance } = await WebAssembly.instantiate(readFileSync(file), { env: { memory } });
const given = words.map((word, i) => (addresses[i] ? word : BigInt(word)));
const returned = new DataView(memory.buffer);

function play(replications) {
  let played = 0;
  const started = performance.now();
  while (played < replications) {
    given[first] = BigInt(played);
    if (instance.exports.play(...given) !== 0) throw new Error("a replication failed");
    played += Number(returned.getBigInt64(start, true));
  }
  const seconds = (performance.now() - started) / 1000 / played;
  return [seconds, createHash("sha256").update(new Uint8Array(memory.buffer, ...outcomes)).digest("hex")];
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(play(Number(line))));
}
