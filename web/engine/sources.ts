/** What Python put into the page: see `sim/report/html.py`. */
import { unzlibSync } from "fflate";
import type { Document } from "../document";
import type { Sources } from "../drawdown";
import { bytesOf, inflate } from "./world";

/** Read the document, the program, the worker's script and the worlds from the script elements of the page. */
export function sourcesOf(page: globalThis.Document): Sources {
  const text = (id: string): string => page.getElementById(id)?.textContent ?? "";
  return {
    document: JSON.parse(new TextDecoder().decode(unzlibSync(bytesOf(text("document"))))) as Document,
    program: () => inflate(bytesOf(text("program"))),
    worker: text("worker"),
    world: (id) => bytesOf(text(id)),
  };
}
