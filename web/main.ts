/** The living page: what runs in the window. */
import { Drawdown } from "./drawdown";
import { sourcesOf } from "./engine/sources";

declare global {
  interface Window {
    drawdown: Drawdown;
  }
}

window.drawdown = new Drawdown(sourcesOf(document));
