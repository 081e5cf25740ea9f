/** The table of main outcomes: base, changed, and what differs. */

import { type Apart, differenceText, lookOf, SAID } from "../charts/forest";
import type { Pair, Setting } from "../charts/shown";
import type { Entry, Outcome, Rate, Scenario } from "../document";
import { isSmoothed } from "../statistics/difference";
import { dayText, meanText } from "../words/dates";
import { number, percent } from "../words/numbers";
import { capital } from "../charts/fan";
import { h } from "./dom";

/** Units that go without saying. */
const PLAIN = ["ratio", "attacks", "strikes"];
const VERDICTS = "A number after ± is half of a 95 % interval: sampling error alone. Not shown: it may be luck, with all outcomes tested at once. Negligible: shown, but smaller than would matter; open an outcome to see from what size on it would. Never differs: the same in every replication.";
const SMOOTHING = "Beside a difference, the mean of killed is that of expected deaths, which averages the same but varies less.";

export class Outcomes {
  readonly element = h("div", { class: "outcomes", id: "outcomes-shown", tabindex: -1 });

  constructor(
    private readonly scenario: Scenario,
    private readonly setting: Setting,
  ) {}

  show(pair: Pair, differences: Apart[]): void {
    const names = [...this.scenario.outcomes, ...this.scenario.rates].filter((one) => one.main).map((one) => one.name);
    const spread = names.some((name) => hasSpread(pair.base.summary[name])); // a comparison keeps means only
    const rows = names.map((name) => (pair.changed ? this.compared(name, pair, differences) : this.single(name, pair.base.summary[name], spread)));
    const head = pair.changed
      ? ["Outcome", capital(this.setting.base), capital(this.setting.changed), "Difference"]
      : ["Outcome", "Mean", ...(spread ? ["Median", "Nine in ten replications"] : [])];
    const title = pair.changed ? "Main outcomes: means, and how they differ (95 % interval)" : "Main outcomes";
    this.element.replaceChildren(
      h(
        "table",
        { class: pair.changed ? "compared" : "single" },
        h("caption", {}, title),
        h("thead", {}, h("tr", {}, ...head.map((words) => h("th", { scope: "col" }, words)))),
        h("tbody", {}, ...rows),
      ),
      ...(pair.changed ? [h("p", { class: "notes" }, VERDICTS)] : []),
      ...(differences.some(({ outcome, main }) => main && isSmoothed(outcome)) ? [h("p", { class: "notes" }, SMOOTHING)] : []),
    );
  }

  private row(name: string, entry: Entry | undefined, ...cells: HTMLElement[]): HTMLElement {
    const about = [...this.scenario.outcomes, ...this.scenario.rates].find((one) => one.name === name);
    const unit = entry && entry.kind !== "day" && entry.kind !== "yes_no" && entry.kind !== "ratio" && !PLAIN.includes(entry.unit) ? entry.unit : "";
    const label = h("span", {}, entry?.label ?? name, unit && h("span", { class: "unit" }, ` ${unit}`));
    const defined = about?.definition ? h("details", {}, h("summary", {}, label), h("p", {}, `${about.definition} A difference of ${leastText(about)} or more would matter.`)) : label;
    return h("tr", {}, h("th", { scope: "row" }, defined), ...cells);
  }

  private single(name: string, entry: Entry | undefined, spread: boolean): HTMLElement {
    const value = (level: string) => this.quantile(entry, level);
    const has = hasSpread(entry);
    const cells = [this.cell("Median", has ? value("50") : ""), this.cell("Nine in ten", has ? `${value("5")} – ${value("95")}` : "")];
    return this.row(name, entry, this.cell("Mean", this.mean(entry)), ...(spread ? cells : []));
  }

  private compared(name: string, pair: Pair, differences: Apart[]): HTMLElement {
    const apart = differences.find((one) => one.outcome === name);
    const look = apart ? lookOf(apart) : "unclear";
    const difference = h("td", { class: `difference ${look}`, "data-head": "Difference" }, apart ? differenceText(apart) : "–", apart && SAID[apart.verdict] && h("span", { class: "said" }, ` ${SAID[apart.verdict]}`));
    const [base, changed] = [pair.base.summary[name], pair.changed?.summary[name]];
    const means = [this.mean(base, apart?.base), this.mean(changed, apart?.value)]; // of killed, those of expected deaths
    return this.row(name, base, this.cell(capital(this.setting.base), means[0]), this.cell(capital(this.setting.changed), means[1]), difference);
  }

  private cell(head: string, words: string): HTMLElement {
    return h("td", { "data-head": head }, words);
  }

  private mean(entry: Entry | undefined, mean = entry?.mean): string {
    if (!entry || mean === null || mean === undefined) return "–";
    return meanText(mean, entry.kind, this.scenario);
  }

  private quantile(entry: Entry | undefined, level: string): string {
    const value = entry?.quantiles[level];
    if (entry?.kind === "day") return dayText(value ?? null, this.scenario);
    return value === null || value === undefined ? "" : entry?.kind === "yes_no" ? percent(value) : number(value);
  }
}

/** Whether it is known how far replications differ, and that can be said in numbers. */
function hasSpread(entry: Entry | undefined): boolean {
  return entry !== undefined && (entry.kind === "number" || entry.kind === "day") && entry.quantiles["5"] !== undefined;
}

/** From what size on a difference matters. */
function leastText({ least: { size, relative }, unit, ...about }: Outcome | Rate): string {
  if (relative) return `${percent(size)} of the mean`;
  if ("kind" in about && about.kind === "yes_no") return `${number(100 * size)} points`;
  return `${number(size)} ${"kind" in about && about.kind === "day" ? "days" : unit}`.trim();
}
