/** All controls, by group, and what a reader looks for among them. */

import type { Control, Fault, Group, State } from "../levers/control";
import { fresh, h } from "./dom";
import { Lever, type Mover } from "./lever";

const GROUPS: Record<Group, string> = {
  timeline: "Timeline",
  lift: "Lift and closing",
  attacks: "Attacks",
  talks: "Talks and politics",
  threat: "Threat and capability",
  cost: "Cost",
  places: "Places",
  couplings: "What influences what",
};

/** From so many controls on, there is a field to search them. */
const MANY = 15;

export class Levers {
  readonly element = h("form", { class: "levers", submit: (event) => event.preventDefault() });
  private readonly levers = new Map<string, Lever>();
  private readonly counts = new Map<Group, HTMLElement>();

  constructor(controls: Control[], mover: Mover) {
    const groups = (Object.keys(GROUPS) as Group[]).flatMap((group) => {
      const own = controls.filter((control) => control.group === group);
      return own.length > 0 ? [this.group(group, own, mover)] : [];
    });
    groups[0]?.setAttribute("open", "");
    if (controls.length >= MANY) this.element.append(this.search(groups));
    this.element.append(...groups);
  }

  /** Show what is set. */
  show(state: State): void {
    for (const [key, lever] of this.levers) lever.show(state[key]);
    for (const [group, count] of this.counts) {
      const moved = [...this.levers.values()].filter((lever) => lever.control.group === group && state[lever.control.key] !== undefined).length;
      count.textContent = moved === 0 ? "" : `${moved} changed`;
    }
  }

  /** Say what is wrong, beside the controls that it is about. */
  say(faults: Fault[]): void {
    for (const [key, lever] of this.levers) lever.say(faults.filter((fault) => fault.key === key));
  }

  private group(group: Group, controls: Control[], mover: Mover): HTMLDetailsElement {
    const count = h("span", { class: "count" });
    this.counts.set(group, count);
    const levers = controls.map((control) => new Lever(control, mover));
    for (const lever of levers) this.levers.set(lever.control.key, lever);
    return h("details", { class: "group" }, h("summary", {}, GROUPS[group], " ", count), ...levers.map((lever) => lever.element));
  }

  private search(groups: HTMLDetailsElement[]): HTMLElement {
    const id = fresh("search");
    const none = h("p", { class: "none", role: "status" });
    const open = groups.map((group) => group.open);
    const find = () => {
      const wanted = field.value.trim().toLowerCase();
      let found = 0;
      for (const { control, element } of this.levers.values()) {
        element.hidden = wanted !== "" && !`${control.label} ${control.help} ${control.key}`.toLowerCase().includes(wanted);
        found += Number(!element.hidden);
      }
      groups.forEach((group, i) => {
        group.hidden = [...group.querySelectorAll<HTMLElement>(".lever")].every((lever) => lever.hidden);
        group.open = wanted === "" ? (open[i] ?? false) : true;
      });
      none.textContent = found === 0 ? "No control is called that." : "";
    };
    const field = h("input", { type: "search", id, placeholder: `Search ${this.levers.size} controls`, input: find });
    return h("div", { class: "search" }, h("label", { for: id, class: "unseen" }, "Search the controls"), field, none);
  }
}
