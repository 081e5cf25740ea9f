/** One control as seen: a slider, a date, a switch, or an uncertain number that a reader may suppose to be known. */

import type { Control, Fault, Single, Value } from "../levers/control";
import { capital } from "../charts/fan";
import { fresh, h } from "./dom";
import { fromSlider, isDrawn, isRange, middleOf, rangeOf, same, stepOf, titleOf, toSlider, typed, unitOf, valueText } from "./value";

/** What a lever needs from the page. */
export interface Mover {
  start: string;
  /** Say what is wrong with a value; empty if it is allowed. */
  faults(key: string, value: Value | null): Fault[];
  /** Move it; null leaves it as in the file. */
  move(key: string, value: Value | null): void;
}

type Mode = "uncertain" | "exact" | "range";

/** While a slider is dragged, a move waits so many milliseconds for the next. */
const PAUSE = 90;

export class Lever {
  readonly element: HTMLElement;
  private readonly inputs = h("div", { class: "inputs" });
  private readonly fault = h("p", { class: "fault", id: fresh("fault"), role: "status" });
  private readonly choice: HTMLSelectElement | undefined;
  private readonly id = fresh("lever");
  private shown: Value | undefined;
  private waiting: number | undefined;
  private mode: Mode = "exact";

  constructor(
    readonly control: Control,
    private readonly mover: Mover,
  ) {
    if (isDrawn(control.base)) this.choice = this.chooser(control);
    const title = h(control.kind === "switch" || this.choice ? "label" : "span", { class: "lever-title", ...(control.kind === "switch" || this.choice ? { for: this.id } : { id: this.id }) }, control.name);
    this.element = h("div", { class: `lever ${control.kind}`, "data-key": control.key }, title, control.help !== "" && h("p", { class: "help" }, control.help), this.choice, this.inputs, this.fault, this.about());
    this.show(undefined);
  }

  /** Show a value that was set elsewhere; undefined is as in the file. */
  show(value: Value | undefined): void {
    this.element.classList.toggle("moved", value !== undefined);
    if (this.waiting !== undefined || (same(value, this.shown) && (this.inputs.hasChildNodes() || this.mode === "uncertain"))) return;
    this.put(value);
  }

  /** Put what was refused back to what is so. */
  forget(): void {
    if (this.element.classList.contains("wrong")) this.put(this.shown);
  }

  private put(value: Value | undefined): void {
    this.shown = value;
    this.say([]);
    this.mode = !this.choice ? "exact" : value === undefined ? "uncertain" : isRange(value) ? "range" : "exact";
    if (this.choice) this.choice.value = this.mode;
    this.lay(value);
  }

  /** Say what is wrong, beside the control. */
  say(faults: Fault[]): void {
    this.fault.textContent = faults.map((fault) => fault.message).join(" ");
    this.element.classList.toggle("wrong", faults.length > 0);
    for (const input of this.inputs.querySelectorAll("input")) {
      if (faults.length > 0) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
  }

  /** Put the inputs for the mode in place. */
  private lay(value: Value | undefined): void {
    const { control } = this;
    if (this.mode === "uncertain") this.inputs.replaceChildren();
    else if (control.kind === "switch") this.inputs.replaceChildren(this.toggle((value ?? control.base) as boolean));
    else if (this.mode === "range") {
      const range = isRange(value) ? value : rangeOf(control);
      const fields = [this.field(range.low, "from", () => this.readRange(fields)), this.field(range.high, "to", () => this.readRange(fields))];
      this.inputs.replaceChildren(h("span", { class: "between" }, "from ", fields[0], " to ", fields[1], ` ${unitOf(control)}`));
    } else this.inputs.replaceChildren(...this.exact((value as Single | undefined) ?? middleOf(control)));
  }

  private chooser(control: Control): HTMLSelectElement {
    const option = (mode: Mode, words: string) => h("option", { value: mode }, words);
    return h(
      "select",
      { id: this.id, "aria-describedby": this.fault.id, change: () => this.choose(this.choice?.value as Mode) },
      option("uncertain", `uncertain: ${valueText(control, control.base)}`),
      option("exact", "suppose it is …"),
      control.narrows && option("range", "suppose it lies between …"),
    );
  }

  private choose(mode: Mode): void {
    this.mode = mode;
    const value = mode === "exact" ? middleOf(this.control) : null; // a range begins as that of the file
    this.lay(value ?? undefined);
    this.set(value);
  }

  /** A slider, if there is a span for it, and the number or date itself. */
  private exact(value: Single): HTMLElement[] {
    const { control, mover } = this;
    const field = this.field(value, "", () => {
      const read = typed(control, field.value);
      if (read !== undefined && slider) slider.value = String(toSlider(mover.start, read));
      this.set(read, field.value);
    });
    let slider: HTMLInputElement | undefined;
    if (control.span) {
      const [low, high] = control.span.map((end) => toSlider(mover.start, end)) as [number, number];
      slider = h("input", {
        type: "range", min: Math.min(low, toSlider(mover.start, value)), max: Math.max(high, toSlider(mover.start, value)), step: stepOf(control, low, high),
        "aria-label": `${titleOf(control)}: slider`, "aria-describedby": this.fault.id,
        input: () => {
          const at = fromSlider(mover.start, control, Number(slider?.value));
          field.value = String(at);
          slider?.setAttribute("aria-valuetext", valueText(control, at));
          this.setSoon(at);
        },
      });
      slider.value = String(toSlider(mover.start, value));
      slider.setAttribute("aria-valuetext", valueText(control, value));
    }
    return [...(slider ? [slider] : []), h("span", { class: "exactly" }, field, unitOf(control) !== "" && h("span", { class: "unit" }, unitOf(control)))];
  }

  private field(value: Single, which: string, read: () => void): HTMLInputElement {
    const { control } = this;
    return h("input", {
      ...(control.kind === "date" ? { type: "date" } : { type: "text", class: "number", inputmode: control.kind === "whole" ? "numeric" : "decimal" }),
      value: String(value), "aria-label": which === "" ? titleOf(control) : `${titleOf(control)}, ${which}`, "aria-describedby": this.fault.id, change: read,
    });
  }

  private toggle(on: boolean): HTMLElement {
    const input = h("input", { id: this.id, type: "checkbox", role: "switch", checked: on, "aria-describedby": this.fault.id, change: () => this.set(input.checked) });
    return input;
  }

  private readRange(fields: HTMLInputElement[]): void {
    const [low, high] = fields.map((field) => typed(this.control, field.value));
    if (typeof low === "boolean" || typeof high === "boolean") return;
    this.set(low === undefined || high === undefined ? undefined : { low, high });
  }

  private setSoon(value: Single): void {
    window.clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => this.set(value), PAUSE);
  }

  /** Move, or say why not; undefined is something that is no value at all. */
  private set(value: Value | null | undefined, text = ""): void {
    window.clearTimeout(this.waiting);
    this.waiting = undefined;
    const { control, mover } = this;
    if (value === undefined) {
      const what = control.kind === "date" ? "a date" : control.kind === "whole" ? "a whole number" : "a number";
      this.say([{ key: control.key, keys: [control.key], message: text.trim() === "" ? `This needs ${what}.` : `"${text}" is not ${what}.` }]);
      return;
    }
    const target = !isDrawn(control.base) && same(value ?? undefined, control.base) ? null : value;
    const faults = mover.faults(control.key, target);
    this.say(faults);
    if (faults.length > 0) return;
    this.shown = target ?? undefined;
    this.element.classList.toggle("moved", target !== null);
    mover.move(control.key, target);
  }

  /** What the file says, and on demand what it means and where it comes from. */
  private about(): HTMLElement {
    const { control } = this;
    const facts = [control.mark && capital(control.source ? `${control.mark}: ${control.source}` : control.mark), control.kind !== "switch" && `Allowed: ${control.allowed}`];
    return h(
      "details",
      { class: "about" },
      h("summary", {}, this.choice ? "About this number" : `In the file: ${valueText(control, control.base)}`),
      ...facts.map((fact) => Boolean(fact) && h("p", {}, fact as string)),
      h("p", {}, h("code", {}, control.key)),
    );
  }
}
