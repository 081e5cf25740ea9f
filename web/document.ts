/**
 * The document: everything that Python (`sim/report/document.py`) says to the page, as JSON.
 *
 * It stands in `<script type="application/octet-stream" id="document">`, deflated and in base64; `report --json` prints
 * it. Beside it stand, packed in the same way, `program` (rules.wasm) and the worlds, named by `Scenario.world`; and
 * `worker`, the text of the worker's script. The page mounts its controls in `<div id="living">`. Days count from the start of the
 * scenario; a day that never came is `null`. Curves have five digits, everything else is as in the results.
 */

import type { Control } from "./levers/control";
import type { Relation } from "./levers/relations";
import type { Cast, Sentences } from "./story/cast";
import type { Drawn } from "./story/drawn";

export type Kind = "run" | "compare" | "study" | "calibrate" | "backtest" | "hindcast";

export interface Document {
  version: string;
  kind: Kind;
  title: string;
  question: string;
  made: Made;
  /** Three to five sentences. */
  answer: string[];
  how_to_read: string[];
  /** The article, in order; the page fills the figures. */
  sections: Section[];
  /** The first is the base. */
  scenarios: Scenario[];
  /** What the stories of replications are written with; present where there are scenarios. */
  sentences?: Sentences;
  /** Of a comparison: each scenario against the base, in each outcome. */
  differences?: Difference[];
}

export interface Made {
  command: string;
  seed: number;
  replications: number;
  /** Of the program. */
  version: string;
  /** Of the rules: pages with the same rules give the same bits. */
  rules: string;
  cite: string;
}

/** `<section id="section-ID">` in the HTML, which has its text and tables. */
export interface Section {
  id: string;
  title: string;
  figures: FigureSpec[];
}

/**
 * A place for a chart: `<figure id="figure-ID"><div class="chart"></div><figcaption>…</figcaption></figure>`.
 *
 * - `troops`, `attacks`, `talks`, `tension`, `threat`: a band of `Scenario.bands`
 * - `by_date`: the curves of `Scenario.chances`
 * - `outcome`: the histogram of `outcome`
 * - `differences`: the forest plot of `Document.differences`
 * - `shares`: by outcome, the share of the variance that is due to uncertain inputs
 * - `picture`: an `<img>` that is in the HTML already; nothing to draw
 */
export interface FigureSpec {
  id: string;
  kind: "troops" | "attacks" | "talks" | "tension" | "threat" | "by_date" | "outcome" | "differences" | "shares" | "picture";
  title: string;
  caption: string;
  /** A text alternative, made from the data. The page may replace it by one about what it draws. */
  alt: string;
  outcome?: string;
}

export interface Scenario {
  name: string;
  title: string;
  question: string;
  /** Dates as 2024-02-12. */
  start: string;
  end: string;
  /** Days from the start to the end, both included. */
  horizon: number;
  follow_up_days: number;
  deadline?: string;
  names: { adversary: string; threat: string; force: string; host: string };
  labels: Labels;
  /** In the order of the columns of the program's results. */
  outcomes: Outcome[];
  rates: Rate[];
  /** By outcome or rate, as in summary.json. */
  summary: { [name: string]: Entry };
  /** The course that nothing disturbs: dates, or null. */
  plan: { agreement: string | null; completion: string | null };
  /** Milestones of the past, for the figure of troops. */
  history: { date: string; text: string }[];
  bands: { [track: string]: Band };
  /** What may happen by a date, by name of the event (`completed`, `resurgence`, `handover_day.iraq`). */
  chances: { [name: string]: Curve };
  histograms: { [outcome: string]: Histogram };
  /** Of the base only. */
  story?: Story;
  toml: Toml;
  controls: Control[];
  relations: Relation[];
  /** The names that its stories are written with. */
  cast: Cast;
  /** The uncertain numbers, and where the program keeps them. */
  drawn: Drawn[];
  /** Identifier of the script element with the memory image. */
  world: string;
}

export interface Labels {
  theatres: string[];
  sites: string[];
  phases: string[];
  suppressions: string[];
  kinds: string[];
  modes: string[];
  groups: string[];
  milestones: string[];
}

export type Better = "low" | "high" | "";

export interface Outcome {
  name: string;
  label: string;
  unit: string;
  kind: "number" | "yes_no" | "day";
  better: Better;
  main: boolean;
  definition: string;
  least: Least;
}

/** The least difference that matters: in the outcome's unit or, if relative, as a share of the base's mean. */
export interface Least {
  size: number;
  relative: boolean;
}

export interface Rate {
  name: string;
  label: string;
  unit: string;
  better: Better;
  main: boolean;
  definition: string;
  least: Least;
  /** Names of two outcomes; the rate is `scale` times the ratio of their means. */
  numerator: string;
  denominator: string;
  scale: number;
}

export interface Entry {
  label: string;
  n: number;
  kind: "number" | "yes_no" | "day" | "ratio";
  unit: string;
  better: Better;
  main: boolean;
  definition: string;
  mean: number | null;
  ci95: [number, number] | null;
  /** Keys 5, 25, 50, 75, 95. */
  quantiles: { [percent: string]: number | null };
  variance: { parameters: number; ci95: [number, number] } | null;
  happened?: { share: number; ci95: [number, number] | null };
}

/**
 * A track over time. `rows` are labels: theatres, states of the talks, or a single row.
 *
 * `troops` (rows: theatres), `attacks` (theatres, by week), `threat`, `capability`, `ratio` (one row) are bands over
 * replications. `talks` (states), `tension` (one row: the share with high tension), `phases` are shares only.
 */
export interface Band {
  rows: string[];
  unit: string;
  /** The day of each point. */
  days: number[];
  /** By row: the 5, 25, 50, 75 and 95 % quantiles. */
  low?: number[][];
  lower?: number[][];
  middle?: number[][];
  upper?: number[][];
  high?: number[][];
  /** By row: the mean over replications (of attacks). */
  mean?: number[][];
  /** By row: the plan if nothing disturbs it. */
  plan?: number[][];
  /** By row: the share of replications. */
  share?: number[][];
  /** By row: what was recorded before the start; one more day than values, the end of the last. */
  recorded?: { days: number[]; values: number[] }[];
}

/** The share of replications in which something has happened by the end of each day, with its 95 % interval. */
export interface Curve {
  label: string;
  days: number[];
  chance: number[];
  low: number[] | null;
  high: number[] | null;
}

export interface Histogram {
  /** One more than counts; the last bin includes its upper edge. */
  edges: number[];
  counts: number[];
  /** Replications in which it did not happen by the horizon (of days only). */
  never: number;
}

export interface Story {
  replication: number;
  /** Why this one was chosen. */
  chosen: string;
  drawn: string[];
  /** How many more events there were, of routine. */
  left_out: number;
  events: StoryEvent[];
}

export interface StoryEvent {
  date: string;
  place: string;
  kind: string;
  text: string;
  why: string;
}

export interface Toml {
  /** Name of the file to download. */
  file: string;
  /** A complete scenario that extends nothing. */
  text: string;
  /** By key: offsets of its value in `text`, in UTF-16 units; empty where the text does not give it. */
  spans: { [key: string]: [number, number] };
  /** For keys that the text does not give: what is written before the value. */
  before: { [key: string]: string };
}

export interface Difference {
  scenario: string;
  outcome: string;
  label: string;
  unit: string;
  kind: "number" | "yes_no" | "day" | "ratio";
  better: Better;
  main: boolean;
  base: number | null;
  value: number | null;
  difference: number | null;
  ci95: readonly [number, number] | null;
  p_worse: number | null;
  /** The smallest difference that matters; null if none is stated. */
  practical: number | null;
  verdict: string;
}
