/** The living page: what runs in the window. */

import type { Document } from "./document";
import { Drawdown } from "./drawdown";
import { mount } from "./page/living";

/** The text of a script element that is not run; empty if there is none. */
function part(id: string): string {
  return document.getElementById(id)?.textContent ?? "";
}

const told = JSON.parse(part("document")) as Document;
if (told.scenarios.some((scenario) => scenario.world)) {
  const program = () => Uint8Array.from(atob(part("program")), (char) => char.charCodeAt(0));
  const drawdown = new Drawdown({ document: told, program: program(), worker: part("worker"), world: part });
  Object.assign(window, { drawdown });
  mount(drawdown);
}
