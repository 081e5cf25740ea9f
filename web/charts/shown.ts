/**
 * What figures show: one timeline, or two of them on the same axes.
 *
 * A `Scenario` of the document is `Timeline`-shaped as it stands, and so is what the page has just played.
 */

import type { Band, Curve, Entry, Histogram } from "../document";

export interface Timeline {
  bands: { [track: string]: Band };
  chances: { [name: string]: Curve };
  histograms: { [outcome: string]: Histogram };
  summary: { [name: string]: Entry };
}

/** Two timelines under the same random numbers; `changed` is missing as long as nothing is. */
export interface Pair {
  base: Timeline;
  changed?: Timeline;
}

/** What all charts of a page have in common. */
export interface Setting {
  /** ISO date of day 0. */
  start: string;
  /** Days that the scenario lasts. */
  horizon: number;
  /** ISO dates of the deadlines of what is shown, each once: of the base, and of what it is compared with. */
  deadlines: string[];
  /** What the two timelines are called, in the middle of a sentence. */
  base: string;
  changed: string;
}

/** A piece of a chart with a title and axes of its own. */
export interface Panel {
  title: string;
  draw(width: number): SVGSVGElement;
}

/** How a line or area of a chart is explained: a class of `page.css` and the words. */
export interface Key {
  look: "base" | "changed" | "half" | "nine" | "base-nine" | "plan" | "interval" | "recorded" | "bars" | "base-bars" | "never" | "better" | "worse" | "differs" | "small" | "unclear";
  words: string;
}

/** A chart, the same in words, and the same in numbers. */
export interface Chart {
  panels: Panel[];
  key: Key[];
  /** The text alternative. */
  words: string;
  /** Every number that is drawn; a row is a line of the CSV file. */
  rows: (string | number | null)[][];
  head: string[];
}
