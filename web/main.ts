/** The living page: what runs in the window. */
import { Drawdown } from "./drawdown";
import { sourcesOf } from "./engine/sources";
import { mount } from "./page/living";

declare global {
  interface Window {
    drawdown: Drawdown;
  }
}

const sources = sourcesOf(document);
if (sources.document.scenarios.length > 0) {
  window.drawdown = new Drawdown(sources);
  mount(window.drawdown);
}
