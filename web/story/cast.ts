/** What the story is written from: the sentences, and the names of a scenario. `sim/report/told.py` makes both. */

/** Sentences with places for slots, the same for all scenarios. */
export interface Sentences {
  told: Sentence[];
  end: string;
  never: { milestone: number; text: string; why: string }[];
  /** A text and a reason each. */
  not_begun: [string, string];
  not_reached: [string, string];
  not_complete: [string, string];
  /** Of milestones: what happens, as a reason, and their keys. */
  happens: string[];
  since: string[];
  kinds: string[];
  /** Kinds of events that happen all the time. */
  routine: string[];
  /** States of the talks inside a sentence. */
  talks: string[];
}

/** What is said of an entry of the log, if its slots have the values in `when`. */
export interface Sentence {
  code: number;
  kind: string;
  /** What its number `where` counts. */
  where: "theatre" | "phase" | "site" | "group" | "milestone" | "suppression" | "";
  text: string;
  why: string;
  when: { [slot: string]: unknown };
}

/** Names as they are inside a sentence, and what belongs to what. Milestones are numbers; null is none. */
export interface Cast {
  names: { force: string; threat: string; host: string; adversary: string };
  theatres: string[];
  sites: string[];
  phases: string[];
  kinds: string[];
  groups: string[];
  suppressions: string[];
  modes: string[];
  /** The number of the process of the first mode of lift. */
  first_mode: number;
  has_lift: boolean;
  site_theatre: number[];
  phase_theatre: number[];
  /** Of phases. */
  reinforces: boolean[];
  contingent: boolean[];
  after: (number | null)[];
  faster_after: (number | null)[];
  cancel_after: (number | null)[];
  destinations: string[];
  /** Of truces and stop orders. */
  begins_after: (number | null)[];
  covers: string[];
  /** Milestones that can be reached at all. */
  possible: number[];
  has_talks: boolean;
  suspended_at_start: boolean;
  has_response: boolean;
  has_threat: boolean;
  follow_up_days: number;
}
