/** Two courses of the same replication, base and changed: what they share, and where they part. */

import type { LogEntry } from "../drawdown";
import { type Event, story, type Subject } from "./story";

/** An event after the parting. */
export interface Apart extends Event {
  /** Whether the other side has an event that reads the same, on the same day. */
  shared: boolean;
}

export interface Parting {
  /** What happened on both sides before they part. */
  together: Event[];
  /** What happened from then on, on either side. */
  base: Apart[];
  changed: Apart[];
  /** The date on which they part, as 2024-03-12; `null` if they never do. */
  date: string | null;
}

/**
 * Tell a replication on both sides.
 *
 * They part at the first event that differs in anything that was told: its moment, its numbers to the last bit, its
 * words. What reads the same afterwards is marked.
 */
export function parting(
  base: readonly LogEntry[], ofBase: Subject, changed: readonly LogEntry[], ofChanged: Subject,
): Parting {
  const [one, other] = [story(base, ofBase), story(changed, ofChanged)];
  let same = 0;
  while (same < one.length && same < other.length && exactly(one[same]) === exactly(other[same])) same++;
  const [first, second] = [one.slice(same), other.slice(same)];
  const days = [...first.slice(0, 1), ...second.slice(0, 1)].sort((some, more) => some.day - more.day);
  return {
    together: one.slice(0, same), base: marked(first, second), changed: marked(second, first),
    date: days.length > 0 ? days[0].date : null,
  };
}

function exactly({ told, kind, place, text, why }: Event): string {
  const numbers = told.map(({ time, what, where, amount, detail }) => [time, what, where, amount, detail]);
  return JSON.stringify([numbers, kind, place, text, why]);
}

function asRead({ date, place, text }: Event): string {
  return JSON.stringify([date, place, text]);
}

function marked(events: readonly Event[], others: readonly Event[]): Apart[] {
  const left = new Map<string, number>();
  for (const event of others) left.set(asRead(event), (left.get(asRead(event)) ?? 0) + 1);
  return events.map((event) => {
    const count = left.get(asRead(event)) ?? 0;
    left.set(asRead(event), count - 1);
    return { ...event, shared: count > 0 };
  });
}
