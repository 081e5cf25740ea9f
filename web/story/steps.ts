/**
 * The log step by step: what one process told when it acted once.
 *
 * The log says when a process told something, not how often it acted. It may act several times at one moment: ask for two
 * tranches, or take up a load after another. What comes first in a step, or only after certain other things, shows
 * where a new one begins.
 */

import type { LogEntry } from "../drawdown";

/** Of what is not told in any step: of which other kinds of entries the step may consist so far. */
const ONLY_AFTER: { [kind: string]: string[] } = {
  attack: [], strike: [], round: [], resumed: [], report: [], tension: [], suppression: [], lapsed: [], renewed: [],
  above: [], below: [], follow_up: [], closing: [], ready: [], closed: [],
  ahead: [], ordered: ["ahead"], begins: ["ahead"], redated: [], reversed: [], released: [],
  late: [], put_off: ["late"], tranche: ["late", "filled"], gathered: ["late", "filled"],
};

/** What must not have been told in a step before. A mode of lift sets down a load before it takes up the next. */
const NOT_AFTER: { [kind: string]: string[] } = {
  load: ["load", "cargo"], cargo: ["load", "cargo"], cargo_out: ["cargo"], filled: ["tranche", "put_off"], milestone: ["tranche", "put_off", "resumed"],
};

/**
 * Return the entries of a log, step by step.
 *
 * @param kindOf Returns the kind of an entry.
 * @param comesIn Tells whether an entry is about troops that come in: they are taken up in one step and arrive in another.
 */
export function steps(
  log: readonly LogEntry[], kindOf: (entry: LogEntry) => string, comesIn: (entry: LogEntry) => boolean,
): LogEntry[][] {
  const found: LogEntry[][] = [];
  let kinds: string[] = [];
  for (const entry of log) {
    const step = found[found.length - 1];
    const kind = kindOf(entry);
    const goesOn = step && step[0].time === entry.time && step[0].process === entry.process
      && (ONLY_AFTER[kind] === undefined || kinds.every((other) => ONLY_AFTER[kind].includes(other)))
      && !NOT_AFTER[kind]?.some((other) => kinds.includes(other))
      && !(kinds[kinds.length - 1] === "load" && comesIn(step[step.length - 1]));
    if (goesOn) {
      step.push(entry);
      kinds.push(kind);
    } else {
      found.push([entry]);
      kinds = [kind];
    }
  }
  return found;
}
