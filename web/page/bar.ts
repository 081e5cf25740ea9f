/** What is changed, always in sight: each change with a button that takes it back, undo, reset, and how far play is. */

import type { Control, State } from "../levers/control";
import { h } from "./dom";
import { titleOf, valueText } from "./value";

export interface Doing {
  undo(): void;
  redo(): void;
  reset(): void;
  takeBack(key: string): void;
}

export class Bar {
  readonly element: HTMLElement;
  private readonly changes = h("ul", { class: "changes" });
  private readonly progress = h("p", { class: "progress", role: "status" });
  private readonly meter = h("progress", { max: 1, value: 0, "aria-hidden": "true" });
  private readonly buttons: { undo: HTMLButtonElement; redo: HTMLButtonElement; reset: HTMLButtonElement };

  constructor(
    private readonly controls: Control[],
    private readonly doing: Doing,
  ) {
    const button = (name: "undo" | "redo" | "reset", words: string) => h("button", { type: "button", class: name, disabled: true, click: () => doing[name]() }, words);
    this.buttons = { undo: button("undo", "Undo"), redo: button("redo", "Redo"), reset: button("reset", "Reset all") };
    this.element = h(
      "div",
      { class: "bar", role: "region", "aria-label": "What is changed" },
      this.changes,
      h("div", { class: "doing" }, ...Object.values(this.buttons)),
      h("div", { class: "state" }, this.progress, this.meter),
    );
    this.show({}, false, false);
  }

  /** Show what is set, and what can be done. */
  show(state: State, canUndo: boolean, canRedo: boolean): void {
    const moved = this.controls.filter((control) => state[control.key] !== undefined);
    const chips = moved.map((control) => {
      const words = `${titleOf(control)}: ${valueText(control, state[control.key] ?? 0)}`;
      return h("li", {}, h("span", {}, words), h("button", { type: "button", "aria-label": `Take back: ${words}`, click: () => this.doing.takeBack(control.key) }, "×"));
    });
    this.changes.replaceChildren(...(chips.length > 0 ? chips : [h("li", { class: "nothing" }, "Nothing is changed: the timeline is as in the file. Move a control to see what follows.")]));
    this.element.classList.toggle("unchanged", chips.length === 0);
    this.buttons.undo.disabled = !canUndo;
    this.buttons.redo.disabled = !canRedo;
    this.buttons.reset.disabled = chips.length === 0;
  }

  /** Say how many replications the figures show. */
  tell(words: string, share: number): void {
    if (this.progress.textContent !== words) this.progress.textContent = words;
    this.meter.value = share;
    this.meter.classList.toggle("done", share >= 1);
  }
}
