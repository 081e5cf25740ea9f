/** The living part of the page: controls beside the figures, and figures that follow them. */

import type { Apart } from "../charts/forest";
import type { Pair, Setting } from "../charts/shown";
import type { Scenario } from "../document";
import type { Drawdown, Told as Heard } from "../drawdown";
import { counted, fixed } from "../words/numbers";
import { Bar } from "./bar";
import { fresh, h } from "./dom";
import { differencesFigure, type Living, livingFigure } from "./figures";
import { Levers } from "./levers";
import { Outcomes } from "./outcomes";
import { mainDifferences, type Side, timeline } from "./played";
import { csv, save } from "./save";
import { Told } from "./told";

/** As many replications as a move is refined to. */
const MOST = 10_000;
const INTRO = "Each move plays the timeline anew on this device, under the same random numbers.";

/** Put the living part into the article. */
export function mount(drawdown: Drawdown): void {
  const place = document.getElementById("living");
  if (!place) return;
  takeTheirPlaces();
  setTimeout(scrollable, 500); // it has to lay out the whole page
  let part = new LivingPart(drawdown);
  part.into(place);
  drawdown.subscribe(() => {
    if (drawdown.changed !== part.changed) anew();
  });

  /** Another scenario has other levers: everything is made anew, and who has chosen it can choose again. */
  function anew(): void {
    const choosing = document.activeElement?.closest(".chooser");
    part.leave();
    part = new LivingPart(drawdown);
    part.into(place as HTMLElement);
    if (choosing) place?.querySelector<HTMLElement>(".chooser select")?.focus();
  }
}

/** What the article has places for and the living part shows. */
const SHOWN = ["troops", "by_date", "outcome", "attacks", "talks", "tension", "threat", "ratio", "differences"];

/** Take the places of figures that the living part shows out of the article, and sections that had nothing else. */
function takeTheirPlaces(): void {
  for (const figure of document.querySelectorAll<HTMLElement>("figure[data-kind]")) {
    if (!SHOWN.includes(figure.dataset["kind"] ?? "")) continue;
    const section = figure.closest("section");
    figure.remove();
    if (section && section.children.length === 1) section.remove();
  }
}

/** Let those who use a keyboard reach what is wider than the page. */
function scrollable(): void {
  for (const table of document.querySelectorAll<HTMLElement>(".table")) {
    table.tabIndex = table.scrollWidth > table.clientWidth ? 0 : -1;
  }
}

class LivingPart {
  /** The scenario whose levers it shows. */
  readonly changed: Scenario;
  private readonly base: Scenario;
  private readonly setting: Setting;
  private readonly living: Living[];
  private readonly outcomes: Outcomes;
  private readonly bar: Bar;
  private readonly levers: Levers;
  private readonly told: Told;
  private pair: Pair;
  private differences: Apart[];
  private shown: number;

  private readonly unsubscribe: () => void;

  constructor(private readonly drawdown: Drawdown) {
    this.changed = drawdown.changed;
    this.base = drawdown.base;
    const compared = drawdown.changed !== this.base;
    this.setting = {
      start: this.base.start,
      horizon: this.base.horizon,
      deadlines: this.deadlines(),
      base: compared ? this.base.name : "as in the file",
      changed: this.nameOfChanged(false),
    };
    this.pair = this.embedded();
    this.differences = this.embeddedDifferences();
    this.shown = drawdown.document.made.replications;
    const note = () => this.note();
    const figures = (kinds: string[]) => kinds.flatMap((kind) => livingFigure(kind, this.base, this.setting, note) ?? []);
    this.living = [...figures(["troops"]), differencesFigure(() => this.differences, note), ...figures(["by_date", "outcomes", "attacks", "talks", "tension", "threat"])];
    this.outcomes = new Outcomes(this.base, this.setting);
    const move = (key: string, value: Parameters<Drawdown["set"]>[1]) => void drawdown.set(key, value);
    this.bar = new Bar(drawdown.controls, {
      undo: () => void drawdown.undo(),
      redo: () => void drawdown.redo(),
      reset: () => {
        this.levers.forget();
        void drawdown.reset();
      },
      takeBack: (key) => move(key, null),
    });
    this.told = new Told(drawdown, this.setting, () => this.pair.changed !== undefined);
    this.levers = new Levers(drawdown.controls, { start: this.base.start, faults: (key, value) => drawdown.faults(key, value), move });
    this.unsubscribe = drawdown.subscribe((heard) => this.hear(heard));
  }

  /** Make room for another. */
  leave(): void {
    this.unsubscribe();
    this.told.element.remove();
  }

  into(place: HTMLElement): void {
    const [lead, ...further] = this.living.map((one) => one.figure.element);
    place.replaceChildren(
      h(
        "div",
        { class: "living" },
        h("h2", { class: "unseen" }, "What was played, and what follows if it is changed"),
        this.bar.element,
        h("div", { class: "lead" }, lead),
        h("aside", { class: "side", "aria-label": "Controls" }, h("a", { class: "unseen skip", href: `#${this.outcomes.element.id}` }, "Skip the controls"), h("h2", {}, "Change the timeline"), this.chooser(), h("p", { class: "intro" }, INTRO), this.levers.element, this.taking()),
        h("div", { class: "rest" }, this.outcomes.element, ...further),
      ),
    );
    (document.getElementById("section-story") ?? place).append(this.told.element);
    this.fill();
    this.showAll();
    this.showState();
  }

  /** Draw the figures that stay in the article. */
  private fill(): void {
    for (const figure of document.querySelectorAll<HTMLElement>("figure[data-kind='shares']")) {
      const living = livingFigure("shares", this.base, this.setting, () => this.note());
      if (!living) continue;
      figure.replaceWith(living.figure.element);
      living.show({ base: this.base });
    }
  }

  /** Follow what the engine tells. */
  private hear({ event, move }: Heard): void {
    if (event === "failed") this.bar.tell(`This could not be played: ${move.why}`, 1);
    if (event === "begun") this.bar.tell("Playing …", 0);
    if (event === "moved" || event === "refined") this.refresh(move.replications);
    if (event === "moved") this.told.moved();
    if (event !== "refined") this.showState();
    if (event === "begun") this.bar.refuse([]);
    if (event === "refused") {
      this.levers.say(move.faults);
      this.bar.refuse(move.faults);
    }
  }

  private refresh(replications: number): void {
    const { moved } = this;
    const [base, changed] = [this.side("base", this.base, false), this.side("changed", this.drawdown.changed, moved)];
    if (!base || !changed) return;
    this.setting.changed = this.nameOfChanged(moved);
    this.setting.deadlines = this.deadlines();
    this.pair = moved ? { base: timeline(base, changed), changed: timeline(changed, base) } : this.embedded();
    this.differences = moved ? mainDifferences(base, changed) : this.embeddedDifferences();
    this.shown = moved ? replications : this.drawdown.document.made.replications;
    this.showAll();
  }

  /** As long as nothing is changed, the results of the document are shown, so that its sentences and tables say the same. */
  private embedded(): Pair {
    const { changed } = this.drawdown;
    return { base: this.base, ...(changed !== this.base && { changed }) };
  }

  private embeddedDifferences(): Apart[] {
    return this.drawdown.document.differences?.filter((one) => one.scenario === this.drawdown.changed.name) ?? [];
  }

  private get moved(): boolean {
    return Object.keys(this.drawdown.state()).length > 0;
  }

  /** The deadlines of base and changed, each once. */
  private deadlines(): string[] {
    const { changed } = this.drawdown;
    const moved = this.drawdown.state()["deadline"];
    const both = [this.base.deadline, typeof moved === "string" ? moved : changed.deadline];
    return [...new Set(both.flatMap((one) => one ?? []))];
  }

  private nameOfChanged(moved: boolean): string {
    const { changed } = this.drawdown;
    return changed === this.base ? "changed" : moved ? `${changed.name}, changed` : changed.name;
  }

  private side(which: "base" | "changed", scenario: Scenario, moved: boolean): Side | undefined {
    const played = this.drawdown.played(which);
    return played && { scenario, played, moved };
  }

  private showAll(): void {
    for (const one of this.living) one.show(this.pair);
    this.outcomes.show(this.pair, this.differences);
    this.bar.tell(this.progress(), this.moved ? this.shown / MOST : 1);
  }

  private showState(): void {
    const state = this.drawdown.state();
    document.body.classList.toggle("moved", this.moved);
    this.levers.show(state);
    this.bar.show(state, this.drawdown.canUndo, this.drawdown.canRedo);
  }

  private progress(): string {
    const count = fixed(this.shown, 0);
    return this.moved && this.shown < MOST ? `${count} of ${fixed(MOST, 0)} replications` : counted(this.shown, "replication");
  }

  private note(): string {
    const { title, made } = this.drawdown.document;
    return `${title}. ${counted(this.shown, "replication")}, seed ${made.seed}. Compares schedules; does not predict.`;
  }

  /** Of a comparison: which scenario is shown beside the base, and changed. */
  private chooser(): HTMLElement | undefined {
    const { scenarios } = this.drawdown.document;
    if (scenarios.length === 1) return undefined;
    const options = scenarios.map((scenario, i) => h("option", { value: i, selected: scenario === this.drawdown.changed }, i === 0 ? `${scenario.title} (the base)` : scenario.title));
    const field = h("select", { id: fresh("scenario"), change: () => void this.drawdown.choose(Number(field.value)) }, ...options);
    return h("p", { class: "chooser" }, h("label", { for: field.id }, `Compared with ${this.base.title}:`), field);
  }

  /** What a reader can take away of the whole page. */
  private taking(): HTMLElement {
    const button = (words: string, act: () => void) => h("button", { type: "button", click: act }, words);
    return h(
      "div",
      { class: "taking" },
      button("Scenario as TOML", () => save(this.drawdown.changed.toml.file, this.drawdown.toml(), "application/toml")),
      button("Outcomes as CSV", () => void this.saveOutcomes()),
      button("Print or save as PDF", () => window.print()),
    );
  }

  /** Save the replications that are shown, up to `MOST`; at first the page plays what its results were made of. */
  private async saveOutcomes(): Promise<void> {
    const names = this.base.outcomes.map((one) => one.name);
    await this.havePlayed();
    const count = this.most;
    const sides = this.pair.changed ? (["base", "changed"] as const) : (["base"] as const);
    const rows = sides.flatMap((which) => {
      const columns = this.drawdown.outcomes(which);
      return Array.from({ length: count }, (_, i) => [this.setting[which], i, ...names.map((name) => columns[name]?.[i] ?? null)]);
    });
    save(`${this.base.name}-outcomes.csv`, csv(["timeline", "replication", ...names], rows), "text/csv");
  }

  /** How many of the replications that are shown the page plays itself. */
  private get most(): number {
    return Math.min(this.shown, MOST);
  }

  /** Wait until they have been played. */
  private havePlayed(): Promise<void> {
    const enough = (): boolean => (this.drawdown.played("base")?.replications ?? 0) >= this.most;
    return new Promise((resolve) => {
      if (enough()) return resolve();
      const leave = this.drawdown.subscribe(() => {
        if (!enough()) return;
        leave();
        resolve();
      });
    });
  }
}
