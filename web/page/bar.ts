/** What is changed, always in sight: each change with a button that takes it back, undo, reset, and how far play is. */

import type { Control, Fault, State } from "../levers/control";
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
  private said: string | undefined;
  private readonly refused = h("p", { class: "fault", role: "status" });
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
      this.refused,
      h("div", { class: "state" }, this.progress, this.meter),
    );
    this.show({}, false, false);
  }

  /** Show what is set, and what can be done. */
  show(state: State, canUndo: boolean, canRedo: boolean): void {
    const moved = this.controls.filter((control) => state[control.key] !== undefined);
    const words = moved.map((control) => `${titleOf(control)}: ${valueText(control, state[control.key] ?? 0)}`);
    const held = this.element.contains(document.activeElement);
    if (words.join("\n") !== this.said) this.list(moved, words);
    this.element.classList.toggle("unchanged", moved.length === 0);
    this.buttons.undo.disabled = !canUndo;
    this.buttons.redo.disabled = !canRedo;
    this.buttons.reset.disabled = moved.length === 0;
    if (held) this.hold();
  }

  private list(moved: Control[], words: string[]): void {
    const at = [...this.changes.querySelectorAll("button")].findIndex((button) => button === document.activeElement);
    const buttons = moved.map(({ key }, i) => h("button", { type: "button", "aria-label": `Take back: ${words[i]}`, click: () => this.doing.takeBack(key) }, "×"));
    const none = h("li", { class: "nothing" }, "Nothing is changed: the timeline is as in the file. Move a control to see what follows.");
    this.changes.replaceChildren(...(moved.length > 0 ? buttons.map((button, i) => h("li", {}, h("span", {}, words[i]), button)) : [none]));
    this.said = words.join("\n");
    if (at >= 0) buttons[Math.min(at, buttons.length - 1)]?.focus();
  }

  /** Who used a button that is gone or of no use now stays here by keyboard, and is not thrown back to the top of the page. */
  private hold(): void {
    const at = document.activeElement;
    if (this.element.contains(at) && !(at as HTMLButtonElement).disabled) return;
    Object.values(this.buttons).find((button) => !button.disabled)?.focus();
  }

  /** Say what an address, or a script, asked for in vain. */
  refuse(faults: Fault[]): void {
    const called = (key: string) => this.controls.filter((control) => control.key === key).map(titleOf)[0] ?? key;
    this.refused.textContent = faults.map(({ key, message }) => `Not changed. ${called(key)}: ${message}.`).join(" ");
  }

  /** Say how many replications the figures show. */
  tell(words: string, share: number): void {
    if (this.progress.textContent !== words) this.progress.textContent = words;
    this.meter.value = share;
    this.meter.classList.toggle("done", share >= 1);
  }
}
