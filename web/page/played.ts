/** What has just been played, in the form in which the document has its own results. */

import { lastUpTo } from "../charts/days";
import type { Timeline } from "../charts/shown";
import type { Band, Curve, Entry, Histogram, Scenario } from "../document";
import type { Played } from "../drawdown";
import { bands } from "../statistics/bands";
import { curve } from "../statistics/chances";
import { type Difference, differences } from "../statistics/difference";
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
  /** Whether it is not as in its file any more. */
  moved: boolean;
}

/** A timeline that was just played; `other` shares its axes. What nobody looks at is not worked out. */
export function timeline(own: Side, other: Side): Timeline {
  const { scenario, played } = own;
  const shown = scenario.outcomes.filter((entry) => entry.main && entry.kind !== "yes_no");
  const together = lazily(shown.map((entry) => entry.name), (name): Histogram | undefined => {
    const entry = shown.find((one) => one.name === name);
    const columns = [played, other.played].flatMap((one) => one.outcomes[name] ?? []);
    if (!entry || columns.length === 0) return undefined;
    const found = histograms(entry.kind, entry.unit, columns, scenario.horizon);
    return { edges: found.edges, counts: found.counts[0] ?? [], never: found.never[0] ?? 0 };
  });
  return { ...alone(own), histograms: together };
}

type Alone = Omit<Timeline, "histograms">;

/** What is known of a side, whatever stands beside it. */
const known = new WeakMap<Played, Alone>();

function alone(own: Side): Alone {
  const { scenario, played } = own;
  const sample = sampleOf(own);
  const found = known.get(played) ?? {
    bands: lazily(Object.keys(scenario.bands), (name): Band | undefined => bandOf(own, name)),
    chances: lazily(Object.keys(scenario.chances), (name): Curve | undefined => {
      const days = played.outcomes[dayOutcome(scenario, name)];
      return days && curve(scenario.chances[name]?.label ?? name, days, scenario.horizon);
    }),
    summary: lazily([...scenario.outcomes, ...scenario.rates].map((entry) => entry.name), (name): Entry => ({ variance: null, ...summarise(sample, name) })),
  };
  known.set(played, found);
  return found;
}

/** A track as it was played; only the document knows what was recorded before, and the plan as long as nothing is moved. */
function bandOf({ scenario, played, moved }: Side, name: string): Band | undefined {
  const embedded = scenario.bands[name];
  const found = embedded && bands(played.courses, { [name]: embedded })[name];
  if (!found) return undefined;
  if (embedded.recorded) found.recorded = embedded.recorded;
  if (embedded.plan && !moved) found.plan = embedded.plan.map((row) => found.days.map((day) => row[lastUpTo(embedded.days, day)] ?? NaN));
  return found;
}

/** The differences of what a run prints, judged together with all others. */
export function mainDifferences(base: Side, changed: Side): Difference[] {
  return differences(sampleOf(base), sampleOf(changed)).filter(({ main }) => main);
}

/** The outcome that says on which day something happened. */
export function dayOutcome(scenario: Scenario, event: string): string {
  const itself = scenario.outcomes.some((one) => one.name === event && one.kind === "day");
  return itself ? event : (DAYS[event] ?? `${event}_day`);
}

function sampleOf({ scenario, played }: Side): Sample {
  return new Sample(scenario, played.outcomes);
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
