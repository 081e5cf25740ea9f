/** Reading a chance off its curve: which event, by which date. */

import { chanceOn } from "../charts/curves";
import { dayOf, isoDay } from "../charts/days";
import { capital } from "../charts/fan";
import type { Pair, Setting } from "../charts/shown";
import type { Curve } from "../document";
import { dateText } from "../words/dates";
import { percent } from "../words/numbers";
import { fresh, h } from "./dom";

export class Cursor {
  readonly above: HTMLElement;
  readonly below: HTMLElement;
  private readonly event = h("select", { id: fresh("event"), change: () => this.moved() });
  private readonly slider: HTMLInputElement;
  private readonly date: HTMLInputElement;
  private readonly reading = h("output", { class: "reading" });
  private pair: Pair | undefined;

  constructor(
    private readonly setting: Setting,
    events: { [name: string]: Curve },
    private readonly moved: () => void,
  ) {
    this.event.append(...Object.entries(events).map(([name, curve]) => h("option", { value: name }, curve.label)));
    const last = setting.horizon - 1;
    const [deadline] = setting.deadlines;
    const first = deadline ? Math.min(last, Math.max(0, dayOf(setting.start, deadline))) : Math.round(last / 2);
    this.slider = h("input", { type: "range", min: 0, max: last, step: 1, value: first, "aria-label": "Date to read off", input: () => this.go(Number(this.slider.value)) });
    this.date = h("input", { type: "date", id: fresh("date"), min: setting.start, max: isoDay(setting.start, last), value: isoDay(setting.start, first), change: () => this.date.value && this.go(dayOf(setting.start, this.date.value)) });
    this.above = h("p", { class: "ask" }, h("label", { for: this.event.id }, "Chance of "), this.event);
    this.below = h("div", { class: "cursor" }, this.slider, h("p", {}, h("label", { for: this.date.id }, "By "), this.date, " ", this.reading));
  }

  /** The event that is asked about. */
  get name(): string {
    return this.event.value;
  }

  /** The day that is read off. */
  get day(): number {
    return Number(this.slider.value);
  }

  /** Say the chances on the day. */
  show(pair: Pair): void {
    this.pair = pair;
    const [base, changed] = [pair.base.chances[this.name], pair.changed?.chances[this.name]];
    this.slider.setAttribute("aria-valuetext", dateText(isoDay(this.setting.start, this.day)));
    if (!base) return;
    this.reading.textContent = changed ? `${capital(this.setting.changed)}: ${chanceText(changed, this.day)}. ${capital(this.setting.base)}: ${chanceText(base, this.day)}.` : `${chanceText(base, this.day)}.`;
  }

  private go(day: number): void {
    const kept = Math.min(this.setting.horizon - 1, Math.max(0, day));
    this.slider.value = String(kept);
    this.date.value = isoDay(this.setting.start, kept);
    if (this.pair) this.show(this.pair);
    this.moved();
  }
}

function chanceText(curve: Curve, day: number): string {
  const { chance, low, high } = chanceOn(curve, day);
  return percent(chance) + (low === null || high === null ? "" : ` (95 % interval ${percent(low).replace(" %", "")}–${percent(high)})`);
}
