/** What has just been played, in the form in which the document has its own results. */

import type { Timeline } from "../charts/shown";
import type { Band, Curve, Entry, Histogram, Scenario } from "../document";
import type { Played } from "../drawdown";
import { bands } from "../statistics/bands";
import { curve } from "../statistics/chances";
import { difference, type Difference } from "../statistics/difference";
import { summarise } from "../statistics/estimate";
import { histograms } from "../statistics/histogram";
import { Sample } from "../statistics/sample";

/** Events whose day is not called after them. */
const DAYS: { [event: string]: string } = {
  completed: "completion_day",
  agreed: "agreement_day",
  forced_exit: "demand_day",
  any_fatal: "fatal_day",
  any_mass_casualty: "mass_casualty_day",
};

/** A scenario and all that has been played of it. */
export interface Side {
  scenario: Scenario;
  played: Played;
}

/** A timeline that was just played; `other` shares its axes. What nobody looks at is not worked out. */
export function timeline(own: Side, other: Side): Timeline {
  const { scenario, played } = own;
  const sample = sampleOf(own);
  const names = [...scenario.outcomes, ...scenario.rates].map((entry) => entry.name);
  const shown = scenario.outcomes.filter((entry) => entry.main && entry.kind !== "yes_no").map((entry) => entry.name);
  return {
    get bands(): { [track: string]: Band } {
      return keep(this, "bands", withPast(bands(played.courses, scenario.bands), scenario));
    },
    chances: lazily(Object.keys(scenario.chances), (name): Curve | undefined => {
      const days = played.outcomes[dayOutcome(scenario, name)];
      return days && curve(scenario.chances[name]?.label ?? name, days, scenario.horizon);
    }),
    histograms: lazily(shown, (name): Histogram | undefined => {
      const entry = scenario.outcomes.find((one) => one.name === name);
      const columns = [played, other.played].flatMap((one) => one.outcomes[name] ?? []);
      if (!entry || columns.length === 0) return undefined;
      const found = histograms(entry.kind, entry.unit, columns, scenario.horizon);
      return { edges: found.edges, counts: found.counts[0] ?? [], never: found.never[0] ?? 0 };
    }),
    summary: lazily(names, (name): Entry => ({ variance: null, ...summarise(sample, name) })),
  };
}

/** The differences of what a run prints. */
export function mainDifferences(base: Side, changed: Side): Difference[] {
  const [a, b] = [sampleOf(base), sampleOf(changed)];
  const shared = new Set(a.names);
  return b.names.filter((name) => shared.has(name) && b.entry(name).main).map((name) => difference(a, b, name));
}

/** The outcome that says on which day something happened. */
export function dayOutcome(scenario: Scenario, event: string): string {
  const itself = scenario.outcomes.some((one) => one.name === event && one.kind === "day");
  return itself ? event : (DAYS[event] ?? `${event}_day`);
}

function sampleOf({ scenario, played }: Side): Sample {
  return new Sample(scenario, played.outcomes);
}

/** Only set-up knows what was recorded before the start. */
function withPast(found: { [track: string]: Band }, scenario: Scenario): { [track: string]: Band } {
  const recorded = scenario.bands["attacks"]?.recorded;
  if (found["attacks"] && recorded) found["attacks"].recorded = recorded;
  return found;
}

/** An object whose values are worked out when they are first read. */
function lazily<T>(names: string[], make: (name: string) => T | undefined): { [name: string]: T } {
  const found = {};
  for (const name of names) {
    Object.defineProperty(found, name, { enumerable: true, configurable: true, get: () => keep(found, name, make(name)) });
  }
  return found;
}

function keep<T>(owner: object, name: string, value: T): T {
  Object.defineProperty(owner, name, { value, enumerable: true });
  return value;
}
