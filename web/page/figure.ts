/** A figure on the page: a chart with its caption, its key, the same in words, and what can be saved of it. */

import type { Chart, Pair } from "../charts/shown";
import { fresh, h } from "./dom";
import { markup, picture, png, swatch } from "./picture";
import { csv, save } from "./save";

export interface FigureOptions {
  id: string;
  title: string;
  caption: string;
  /** Panels beside one another, where there is room. */
  columns?: number;
  /** As many on paper; the same when left out. */
  printed?: number;
  /** Tell whether there is something to show; if not, the figure is hidden. */
  has?(pair: Pair): boolean;
  /** The chart of a pair of timelines; undefined if there is nothing to show. */
  chart(pair: Pair): Chart | undefined;
  /** What stands above and below the chart. */
  above?: Node;
  below?: Node;
  /** What stands below the figure when it is saved. */
  note(): string;
}

/** The space between panels, and the least width of a panel that has others beside it, in pixels. */
const [GAP, LEAST] = [24, 250];
/** The width of a printed page, and the least width of a panel on it. */
const [PAPER, LEAST_PRINTED] = [700, 200];

/** It draws itself when it is in sight, and anew when its width or the pair has changed. */
export class Figure {
  readonly element: HTMLElement;
  private readonly panels = h("div", { class: "panels", role: "img" });
  private readonly key = h("ul", { class: "key" });
  private readonly words = h("p", { id: fresh("words") });
  private pair: Pair | undefined;
  private drawn: { pair: Pair; width: number } | undefined;
  private inSight = false;

  constructor(private readonly options: FigureOptions) {
    this.panels.setAttribute("aria-label", options.title);
    this.panels.setAttribute("aria-describedby", this.words.id);
    this.element = h(
      "figure",
      { class: "figure", id: `living-${options.id}` },
      h("figcaption", {}, h("h3", {}, options.title), h("p", {}, options.caption)),
      options.above,
      this.key,
      this.panels,
      options.below,
      h("div", { class: "tools" }, h("details", {}, h("summary", {}, "In words"), this.words), this.saving()),
    );
    const watch = (seen: IntersectionObserverEntry[]) => {
      this.inSight = seen[seen.length - 1]?.isIntersecting ?? false;
      this.drawIfSeen();
    };
    new IntersectionObserver(watch, { rootMargin: "300px" }).observe(this.element);
    new ResizeObserver(() => this.drawIfSeen()).observe(this.panels);
    window.addEventListener("beforeprint", () => this.print());
    window.addEventListener("afterprint", () => this.redraw());
  }

  /** Show another pair. */
  show(pair: Pair): void {
    this.pair = pair;
    this.element.classList.toggle("empty", this.options.has?.(pair) === false);
    this.drawIfSeen();
  }

  /** Draw anew, because something has changed that the chart depends on besides the pair. */
  redraw(): void {
    this.drawn = undefined;
    this.drawIfSeen();
  }

  /** The chart as it is shown. */
  chart(): Chart | undefined {
    return this.pair && this.options.chart(this.pair);
  }

  private drawIfSeen(): void {
    if (this.inSight) this.draw();
  }

  private draw(): void {
    const width = this.panels.clientWidth;
    if (!this.pair || width === 0 || (this.drawn?.pair === this.pair && this.drawn.width === width)) return;
    this.drawn = { pair: this.pair, width };
    this.lay(width, this.options.columns ?? 1, LEAST);
  }

  /** On paper, panels stand side by side wherever they can. */
  private print(): void {
    if (this.pair) this.lay(PAPER, this.options.printed ?? this.options.columns ?? 1, LEAST_PRINTED);
  }

  private lay(width: number, most: number, least: number): void {
    const chart = this.chart();
    if (!chart) return;
    this.key.replaceChildren(...chart.key.map(({ look, words }) => h("li", {}, swatch(look), words)));
    const columns = Math.max(1, Math.min(most, Math.floor((width + GAP) / (least + GAP))));
    const each = Math.floor((width - GAP * (columns - 1)) / columns);
    this.panels.style.setProperty("--columns", String(columns));
    this.panels.replaceChildren(
      ...chart.panels.map((panel) => h("div", { class: "panel" }, panel.title !== "" && h("p", { class: "panel-title" }, panel.title), panel.draw(each))),
    );
    this.words.textContent = chart.words;
  }

  private saving(): HTMLElement {
    const { id, title } = this.options;
    const drawn = (chart: Chart) => picture(title, this.options.note(), chart, this.options.columns ?? 1);
    const button = (name: string, what: string, act: (chart: Chart) => unknown) =>
      h("button", { type: "button", "aria-label": `Save as ${what}: ${title}`, click: () => { const chart = this.chart(); if (chart) act(chart); } }, name);
    return h(
      "div",
      { class: "saving" },
      h("span", { "aria-hidden": "true" }, "Save as"),
      button("CSV", "CSV, the numbers", (chart) => save(`${id}.csv`, csv(chart.head, chart.rows), "text/csv")),
      button("SVG", "SVG, a picture", (chart) => save(`${id}.svg`, markup(drawn(chart)), "image/svg+xml")),
      button("PNG", "PNG, a picture", async (chart) => save(`${id}.png`, await png(drawn(chart)))),
    );
  }
}
