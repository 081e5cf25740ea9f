/** All controls, by group, and what a reader looks for among them. */

import type { Control, Fault, Group, State } from "../levers/control";
import { fresh, h } from "./dom";
import { Lever, type Mover } from "./lever";
import { titleOf } from "./value";

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
function partsOf(levers: Lever[]): HTMLElement[] {
  const parts = new Map<string, HTMLElement[]>();
  for (const { control, element } of levers) {
    const { of } = control;
    parts.set(of, [...(parts.get(of) ?? []), element]);
  }
  const named = [...parts].filter(([of]) => of !== "").sort(([a], [b]) => a.length - b.length);
  const alone = parts.get("") ?? [];
  if (named.length === 1) return [...alone, ...(named[0]?.[1] ?? [])];
  const wide = matchMedia("(min-width: 64rem)").matches;
  return [...alone, ...named.map(([of, elements], i) => h("details", { class: "part", open: wide && i === 0 }, h("summary", {}, of), ...elements))];
}

/** The controls of a group, which are made when it is first opened: a scenario may have hundreds. */
class Section {
  readonly element: HTMLDetailsElement;
  private readonly count = h("span", { class: "count" });
  private levers: Lever[] | undefined;
  private state: State = {};

  constructor(
    name: string,
    readonly controls: Control[],
    private readonly mover: Mover,
  ) {
    this.element = h("details", { class: "group", toggle: () => this.element.open && this.made() }, h("summary", {}, name, " ", this.count));
  }

  made(): Lever[] {
    if (!this.levers) {
      this.levers = this.controls.map((control) => new Lever(control, this.mover));
      this.element.append(...partsOf(this.levers));
      this.show(this.state);
    }
    return this.levers;
  }

  show(state: State): void {
    this.state = state;
    for (const lever of this.levers ?? []) lever.show(state[lever.control.key]);
    const moved = this.controls.filter((control) => state[control.key] !== undefined).length;
    this.count.textContent = moved === 0 ? "" : `${moved} changed`;
  }

  forget(): void {
    for (const lever of this.levers ?? []) lever.forget();
  }

  say(faults: Fault[]): void {
    if (!this.levers && !this.controls.some((control) => faults.some((fault) => fault.key === control.key))) return;
    for (const lever of this.made()) {
      const own = faults.filter((fault) => fault.key === lever.control.key);
      lever.say(own);
      if (own.length > 0) unfold(lever.element);
      if (own.length > 0) lever.element.scrollIntoView({ block: "nearest" });
    }
  }
}

/** Open all folds around an element. */
function unfold(element: HTMLElement): void {
  for (let fold = element.closest("details"); fold; fold = fold.parentElement?.closest("details") ?? null) fold.open = true;
}

export class Levers {
  readonly element = h("form", { class: "levers", submit: (event) => event.preventDefault() });
  private readonly sections: Section[];

  constructor(controls: Control[], mover: Mover) {
    this.sections = (Object.keys(GROUPS) as Group[]).flatMap((group) => {
      const own = controls.filter((control) => control.group === group);
      return own.length > 0 ? [new Section(GROUPS[group], own, mover)] : [];
    });
    if (this.sections[0]) this.sections[0].element.open = true;
    this.sections[0]?.made();
    if (controls.length >= MANY) this.element.append(this.search(controls.length));
    this.element.append(...this.sections.map((section) => section.element));
  }

  /** Show what is set. */
  show(state: State): void {
    for (const section of this.sections) section.show(state);
  }

  /** Put what was refused back to what is so. */
  forget(): void {
    for (const section of this.sections) section.forget();
  }

  /** Say what is wrong, beside the controls that it is about. */
  say(faults: Fault[]): void {
    for (const section of this.sections) section.say(faults);
  }

  private search(count: number): HTMLElement {
    const id = fresh("search");
    const none = h("p", { class: "none", role: "status" });
    let before: Map<HTMLDetailsElement, boolean> | undefined;
    const find = () => {
      const wanted = field.value.trim().toLowerCase();
      const levers = this.sections.flatMap((section) => section.made());
      const folds = [...this.element.querySelectorAll<HTMLDetailsElement>(".group, .part")];
      before ??= new Map(folds.map((fold) => [fold, fold.open]));
      for (const { control, element } of levers) {
        element.hidden = wanted !== "" && !`${titleOf(control)} ${control.help} ${control.key}`.toLowerCase().includes(wanted);
      }
      for (const fold of folds) {
        fold.hidden = [...fold.querySelectorAll<HTMLElement>(".lever")].every((lever) => lever.hidden);
        fold.open = wanted !== "" || before.get(fold) === true;
      }
      if (wanted === "") before = undefined;
      none.textContent = levers.every(({ element }) => element.hidden) ? "No control is called that." : "";
    };
    const field = h("input", { type: "search", id, placeholder: `Search ${count} controls`, input: find });
    return h("div", { class: "search" }, h("label", { for: id, class: "unseen" }, "Search the controls"), field, none);
  }
}
