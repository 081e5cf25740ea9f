/** All controls, by group, and what a reader looks for among them. */

import type { Control, Fault, Group, State } from "../levers/control";
import { fresh, h } from "./dom";
import { Lever, type Mover } from "./lever";
import { nameOf } from "./value";

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

/** Parts of a group, such as its phases: those with the plainest names first, and the first of them open where there is room. */
function partsOf(parts: Map<string, HTMLElement[]>): HTMLElement[] {
  const named = [...parts].filter(([of]) => of !== "").sort(([a], [b]) => a.length - b.length);
  const alone = parts.get("") ?? [];
  if (named.length === 1) return [...alone, ...(named[0]?.[1] ?? [])];
  const wide = matchMedia("(min-width: 64rem)").matches;
  return [...alone, ...named.map(([of, levers], i) => h("details", { class: "part", open: wide && i === 0 }, h("summary", {}, of), ...levers))];
}

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
    const parts = new Map<string, HTMLElement[]>();
    for (const control of controls) {
      const lever = new Lever(control, mover);
      this.levers.set(control.key, lever);
      const { of } = nameOf(control);
      parts.set(of, [...(parts.get(of) ?? []), lever.element]);
    }
    return h("details", { class: "group" }, h("summary", {}, GROUPS[group], " ", count), ...partsOf(parts));
  }

  private search(groups: HTMLDetailsElement[]): HTMLElement {
    const id = fresh("search");
    const none = h("p", { class: "none", role: "status" });
    const folds = groups.flatMap((group) => [group, ...group.querySelectorAll<HTMLDetailsElement>(".part")]);
    const open = folds.map((fold) => fold.open);
    const find = () => {
      const wanted = field.value.trim().toLowerCase();
      let found = 0;
      for (const { control, element } of this.levers.values()) {
        element.hidden = wanted !== "" && !`${control.label} ${control.help} ${control.key}`.toLowerCase().includes(wanted);
        found += Number(!element.hidden);
      }
      folds.forEach((fold, i) => {
        fold.hidden = [...fold.querySelectorAll<HTMLElement>(".lever")].every((lever) => lever.hidden);
        fold.open = wanted === "" ? (open[i] ?? false) : true;
      });
      none.textContent = found === 0 ? "No control is called that." : "";
    };
    const field = h("input", { type: "search", id, placeholder: `Search ${this.levers.size} controls`, input: find });
    return h("div", { class: "search" }, h("label", { for: id, class: "unseen" }, "Search the controls"), field, none);
  }
}
