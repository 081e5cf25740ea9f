/** "What happened in replication 17": its story, told again for base and changed, parting where they part. */

import { capital } from "../charts/fan";
import { dayOf } from "../charts/days";
import type { Setting } from "../charts/shown";
import { type Drawdown, LAST, type Which } from "../drawdown";
import { drawnText } from "../story/drawn";
import { type Apart, parting, type Parting } from "../story/parting";
import type { Event, Subject } from "../story/story";
import { dateText } from "../words/dates";
import { counted, fixed } from "../words/numbers";
import { fresh, h } from "./dom";

export class Told {
  readonly element: HTMLElement;
  private readonly which = h("input", { type: "number", id: fresh("replication"), min: 0, step: 1, value: 0, change: () => void this.tell() });
  private readonly all = h("input", { type: "checkbox", change: () => this.lay() });
  private readonly place = h("div", { class: "told", "aria-live": "polite" });
  private found: Parting | undefined;
  private numbers: Node = h("p");
  private asked = false;

  constructor(
    private readonly drawdown: Drawdown,
    private readonly setting: Setting,
    /** Whether there are two timelines to tell of. */
    private readonly two: () => boolean,
  ) {
    this.which.value = String(drawdown.base.story?.replication ?? 0);
    const step = (by: number) => () => {
      this.which.value = String(Math.max(0, Number(this.which.value) + by));
      void this.tell();
    };
    this.element = h(
      "div",
      { class: "retold" },
      h("h3", {}, "Tell any replication again"),
      h(
        "p",
        { class: "ask" },
        h("label", { for: this.which.id }, "What happened in replication "), this.which, " ",
        h("button", { type: "button", click: () => void this.tell() }, "Tell it"), " ",
        h("button", { type: "button", "aria-label": "Tell the replication before", click: step(-1) }, "‹"), " ",
        h("button", { type: "button", "aria-label": "Tell the next replication", click: step(1) }, "›"), " ",
        h("label", {}, this.all, " everything, routine included"),
      ),
      this.place,
    );
  }

  /** A move has been played: what is told of may have changed. */
  moved(): void {
    if (this.asked) void this.tell();
  }

  private async tell(): Promise<void> {
    const replication = this.which.valueAsNumber;
    if (!Number.isInteger(replication) || replication < 0 || replication > LAST) {
      this.place.replaceChildren(h("p", { class: "fault" }, `Replications are numbered from 0 to ${fixed(LAST, 0)}.`));
      return;
    }
    this.asked = true;
    const { drawdown } = this;
    const [base, changed] = await Promise.all([drawdown.retold("base", replication), drawdown.retold("changed", replication)]);
    this.found = parting(base.log, subjectOf(drawdown, "base"), changed.log, subjectOf(drawdown, "changed"));
    this.numbers = this.numbersOf(base.drawn, changed.drawn);
    this.lay();
  }

  private lay(): void {
    const { found } = this;
    if (!found) return;
    if (!this.two()) {
      this.place.replaceChildren(this.numbers, this.list([...found.together, ...found.base]));
      return;
    }
    const before = found.date === null
      ? h("p", {}, "The change makes no difference in this replication.")
      : h("p", {}, `Both go the same way until ${dateText(found.date)}.`);
    const together = h("details", { open: found.date === null }, h("summary", {}, `What both share (${counted(found.together.length, "event")})`), this.list(found.together));
    const sides = h(
      "div",
      { class: "sides" },
      h("div", {}, h("h4", {}, capital(this.setting.base)), this.list(found.base)),
      h("div", {}, h("h4", {}, capital(this.setting.changed)), this.list(found.changed)),
    );
    this.place.replaceChildren(this.numbers, before, together, ...(found.date === null ? [] : [sides]));
  }

  /** The uncertain numbers that it drew; where the change moves one, both of its values. */
  private numbersOf(base: readonly number[], changed: readonly number[]): HTMLElement {
    const { base: scenario, changed: other } = this.drawdown;
    const others = new Map(other.drawn.map(({ key }, i) => [key, changed[i]]));
    const items = scenario.drawn.map((one, i) => {
      const value = others.get(one.key);
      const now = value === undefined || value === base[i] ? "" : ` (${this.setting.changed}: ${drawnText(one, value, other)})`;
      return h("li", {}, `${one.label}: ${drawnText(one, base[i], scenario)}${now}`);
    });
    return h("details", {}, h("summary", {}, `The uncertain numbers that it drew (${items.length})`), h("ul", { class: "drawn" }, ...items));
  }

  private list(events: (Event | Apart)[]): HTMLElement {
    const kept = this.all.checked ? events : events.filter((event) => !event.routine);
    const left = events.length - kept.length;
    const items = kept.map((event) =>
      h(
        "li",
        { class: "shared" in event && event.shared ? "shared" : "" },
        h("time", { datetime: event.date }, dateText(event.date)),
        event.place !== "" && h("span", { class: "place" }, ` ${event.place}`),
        h("span", {}, ` ${event.text}`),
        event.why !== "" && h("small", { class: "why" }, `Why: ${event.why}`),
      ),
    );
    return h("div", {}, h("ol", { class: "story" }, ...items), left > 0 && h("p", { class: "left" }, `Left out: ${counted(left, "routine event")}.`));
  }
}

function subjectOf(drawdown: Drawdown, which: Which): Subject {
  const { start, end, horizon, cast, ...scenario } = drawdown[which];
  const moved = which === "changed" ? drawdown.state().deadline : undefined;
  const deadline = typeof moved === "string" ? moved : scenario.deadline;
  const { sentences } = drawdown.document;
  if (!sentences) throw new Error("this page tells no stories");
  return { sentences, cast, span: { start, end }, horizon, ...(deadline && { deadline: dayOf(start, deadline) }) };
}
