/** The living page: what runs in the window. */
import { Drawdown } from "./drawdown";
import { sourcesOf } from "./engine/sources";
import { mount } from "./page/living";

declare global {
  interface Window {
    drawdown: Drawdown;
  }
}

window.drawdown = new Drawdown(sourcesOf(document));
mount(window.drawdown);
