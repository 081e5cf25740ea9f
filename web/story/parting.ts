/** Two courses of the same replication, base and changed: what they share, and where they part. */

import type { LogEntry } from "../drawdown";
import { type Event, story, type Subject } from "./story";

/** An event after the parting, and whether the other side has the very same. */
export interface Apart extends Event {
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

/** Return how many events of two stories are the same from the beginning. */
export function sameFor(one: readonly Event[], other: readonly Event[]): number {
  const at = one.findIndex((event, i) => i >= other.length || key(event) !== key(other[i]));
  return at < 0 ? one.length : at;
}

/** Tell a replication on both sides. Events are the same if they happened at the same moment and read the same. */
export function parting(base: readonly LogEntry[], ofBase: Subject, changed: readonly LogEntry[], ofChanged: Subject): Parting {
  const [one, other] = [story(base, ofBase), story(changed, ofChanged)];
  const same = sameFor(one, other);
  const [first, second] = [one.slice(same), other.slice(same)];
  const starts = [...first.slice(0, 1), ...second.slice(0, 1)].sort((some, more) => some.day - more.day);
  return {
    together: one.slice(0, same), base: marked(first, second), changed: marked(second, first),
    date: starts.length > 0 ? starts[0].date : null,
  };
}

function marked(events: readonly Event[], others: readonly Event[]): Apart[] {
  const left = new Map<string, number>();
  for (const event of others) left.set(key(event), (left.get(key(event)) ?? 0) + 1);
  return events.map((event) => {
    const shared = (left.get(key(event)) ?? 0) > 0;
    if (shared) left.set(key(event), left.get(key(event))! - 1);
    return { ...event, shared };
  });
}

function key({ day, place, kind, text }: Event): string {
  return JSON.stringify([day, place, kind, text]);
}
