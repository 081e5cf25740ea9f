/**
 * One replication as a story, told from its log in the words of `sim.words.story`.
 *
 * What happened in one step of the simulation is one event: the first thing that it told, then what followed at once.
 */

import type { StoryEvent } from "../document";
import type { LogEntry } from "../drawdown";
import { dateOn, type Span } from "../words/dates";
import { listed } from "../words/numbers";
import { Account, PHASE_MILESTONES } from "./account";
import type { Cast, Sentence, Sentences } from "./cast";
import { fill, type Slot } from "./fill";
import { steps } from "./steps";

/** An event of a story, with its numbers as the rules tell them; of an attack, those killed and wounded. */
export interface Event extends StoryEvent {
  day: number;
  /** The entries of the log that it is told from. */
  told: LogEntry[];
  /** Whether such events happen all the time, nobody was hurt, and nothing else came of it: a short story leaves it out. */
  routine: boolean;
  amount: number;
  detail: number;
}

/** What a story is told of. */
export interface Subject {
  sentences: Sentences;
  cast: Cast;
  span: Span;
  /** Days from the start to the end. */
  horizon: number;
  /** The day by which the drawdown is to be complete, if there is one. */
  deadline?: number;
}

/** Parts of what an attack did: no events of their own. */
const PART_OF_ATTACK = ["kind", "harm"];

/** Tell a replication from its log. */
export function story(log: readonly LogEntry[], subject: Subject): Event[] {
  const teller = new Teller(log, subject);
  return [...teller.steps(log).map((step) => teller.tell(step)), ...teller.end()];
}

class Teller {
  private readonly account: Account;
  /** Times at which something happened that is not routine. */
  private readonly notable: Set<number>;

  constructor(log: readonly LogEntry[], private readonly subject: Subject) {
    this.account = new Account(subject.sentences, subject.cast, log);
    this.notable = new Set(log.filter((entry) => !this.isRoutine(this.account.kind(entry))).map(({ time }) => time));
  }

  private isRoutine(kind: string): boolean {
    return this.subject.sentences.routine.includes(kind);
  }

  /** Return the log step by step. */
  steps(log: readonly LogEntry[]): LogEntry[][] {
    return steps(log, (entry) => this.account.kind(entry), ({ where }) => this.subject.cast.reinforces[where]);
  }

  /** Tell a step. */
  tell(step: LogEntry[]): Event {
    const [first] = step;
    const texts: string[] = [];
    const reasons = new Set<string>();
    for (const entry of step) {
      if (!PART_OF_ATTACK.includes(this.account.kind(entry))) {
        const sentence = this.sentence(entry, step);
        texts.push(this.fill(sentence.text, entry, step));
        const why = this.fill(sentence.why, entry, step);
        if (why) reasons.add(why);
      }
      this.account.take(entry);
    }
    const harm = step.find((entry) => this.account.kind(entry) === "harm");
    const isAttack = this.account.kind(first) === "attack";
    const places = new Set(step.filter(({ what }) => what === first.what).map((entry) => this.place(entry)));
    const hurt = (harm?.amount ?? 0) + (harm?.detail ?? 0) > 0;
    return {
      told: step,
      routine: this.isRoutine(this.kindOf(first)) && !this.notable.has(first.time) && !hurt,
      ...this.at(first.time), place: places.size === 1 ? [...places][0] : "", kind: this.kindOf(first),
      text: texts.join("; "), why: [...reasons].join("; "),
      amount: isAttack ? (harm?.amount ?? 0) : first.amount, detail: isAttack ? (harm?.detail ?? 0) : first.detail,
    };
  }

  /** Count what happened, and tell what never did. */
  end(): Event[] {
    const { sentences, cast, horizon } = this.subject;
    const { account } = this;
    const nothing: LogEntry = { time: horizon, process: -1, what: -1, where: -1, amount: 0, detail: 0 };
    const event = (kind: string, text: string, why = "", where = -1): Event => {
      const entry = { ...nothing, where };
      const place = where < 0 ? "" : cast.theatres[cast.phase_theatre[where]];
      return { told: [], routine: false, ...this.at(horizon), place, kind, text: this.fill(text, entry, []), why: this.fill(why, entry, []),
        amount: 0, detail: 0 };
    };
    const events = [event("end", sentences.end)];
    for (const { milestone, text, why } of sentences.never) {
      if (cast.possible.includes(milestone) && !account.milestones.has(milestone)) events.push(event("never", text, why));
    }
    account.phases.forEach(({ begun, over }, phase) => {
      if (!over) events.push(event("never", ...(begun ? sentences.not_reached : sentences.not_begun), phase));
    });
    const isPlanned = account.phases.some(({ begun }, i) => !cast.reinforces[i] && (begun || !cast.contingent[i]));
    if (isPlanned && account.completed === null) events.push(event("never", ...sentences.not_complete));
    return events;
  }

  private at(day: number): { date: string; day: number } {
    return { date: dateOn(day, this.subject.span), day };
  }

  private sentence(entry: LogEntry, step: LogEntry[]): Sentence {
    const found = this.subject.sentences.told.find(({ code, when }) => code === entry.what
      && Object.entries(when).every(([slot, value]) => this.slot(slot, "", entry, step) === value));
    if (found === undefined) throw new Error(`there is no sentence for code ${entry.what}`);
    return found;
  }

  private fill(text: string, entry: LogEntry, step: LogEntry[]): string {
    return fill(text, (name, form) => this.slot(name, form, entry, step), this.subject.span);
  }

  private kindOf(entry: LogEntry): string {
    const kind = this.account.kind(entry);
    return kind !== "milestone" ? kind : this.subject.sentences.kinds[entry.where] ?? "reached";
  }

  private place(entry: LogEntry): string {
    const { cast, sentences } = this.subject;
    const counts = sentences.told.find(({ code }) => code === entry.what)?.where;
    if (counts === "theatre") return cast.theatres[entry.where];
    if (counts === "site") return cast.theatres[cast.site_theatre[entry.where]];
    const phase = counts === "phase" ? entry.where : counts === "milestone" ? entry.where - PHASE_MILESTONES : -1;
    return phase < 0 ? "" : cast.theatres[cast.phase_theatre[phase]];
  }

  /** Return the value of a slot. */
  private slot(name: string, form: string, entry: LogEntry, step: LogEntry[]): Slot {
    const { cast, sentences, horizon, deadline } = this.subject;
    const { account } = this;
    const { time, process, where, amount, detail } = entry;
    const phase = account.phases[where];
    const since = (milestone: number | null) => (milestone === null ? null : this.milestone(milestone));
    switch (name) {
      case "amount": return form === "site" ? cast.sites[amount] : amount;
      case "detail": return detail;
      case "where": return where;
      case "force": case "threat": case "host": case "adversary": return cast.names[name];
      // names
      case "phase": return cast.phases[where];
      case "site": return cast.sites[where];
      case "group": return cast.groups[where];
      case "suppression": return cast.suppressions[where];
      case "covers": return cast.covers[where];
      case "destinations": return cast.destinations[where];
      case "milestone":
        return where >= PHASE_MILESTONES ? `${cast.phases[where - PHASE_MILESTONES]} reaches its target`
          : this.fill(sentences.happens[where], entry, step);
      case "kind": return cast.kinds[step.find((other) => account.kind(other) === "kind")!.amount];
      case "harm": {
        const harm = step.find((other) => account.kind(other) === "harm")
          ?? step.find((other) => account.kind(other) === "kind")!;
        return this.fill(this.sentence(harm, step).text, harm, step);
      }
      case "free": return cast.has_lift ? `${cast.modes[process - cast.first_mode]} is free` : "lift is not limited";
      case "arrival": return detail > time ? detail : null;
      // talks
      case "talks": return form === "said" ? sentences.talks[account.talks] : account.talks;
      case "was_suspended": return account.suspended !== null;
      case "suspended": return account.suspended;
      case "lost": return account.lost > 0 ? account.lost : null;
      case "reports": return account.reports + Number(account.kind(entry) === "report");
      case "has_report": return account.reported !== null;
      case "since_report": return account.reported === null ? null : time - account.reported;
      case "groups": return cast.groups.length;
      case "all_reported": return cast.groups.length > 0 && account.reports === cast.groups.length;
      // phases
      case "begun": return phase.begun;
      case "before_it_began": return phase.begun ? null : "before it began";
      case "stays": return phase.held ? "stays held" : "held";
      case "reinforces": return cast.reinforces[where];
      case "redated": return phase.redated + 1;
      case "ordered": return phase.ordered;
      case "awaited": return this.reached(cast.after[where]);
      case "waits_for": return account.milestones.has(cast.after[where] ?? -1) ? null : since(cast.after[where]);
      case "hurried_by": return this.reached(cast.faster_after[where]);
      case "cancelled_by": return since(cast.cancel_after[where]);
      // violence
      case "mood": return listed(account.mood) || null;
      case "struck": return account.struck.get(where) ?? null;
      case "tension_since": return account.tension?.since ?? null;
      case "begun_by": return since(cast.begins_after[where]) ?? "date set in the scenario";
      case "has_threat": return cast.has_threat;
      // the end
      case "follow_up_days": return cast.follow_up_days;
      case "deadline": return deadline === undefined ? null : deadline;
      case "met": return deadline === undefined ? null : time < deadline + 1 ? "met" : "missed";
      case "attacks": case "killed": case "wounded": return account[name];
      case "strikes": return cast.has_response ? account.strikes : null;
      case "strike_or_strikes": return account.strikes === 1 ? "strike" : "strikes";
      case "rounds": return cast.has_talks ? account.rounds : null;
      case "completed": return account.completed !== null && account.completed < horizon ? account.completed : null;
      default: throw new Error(`a sentence has a place for ${name}, which nothing fills`);
    }
  }

  /** Name a milestone as the reason for something. */
  private milestone(milestone: number): string {
    const { cast, sentences } = this.subject;
    if (milestone >= PHASE_MILESTONES) return `${cast.phases[milestone - PHASE_MILESTONES]} at its target`;
    return fill(sentences.since[milestone], (name) => cast.names[name as keyof Cast["names"]], this.subject.span);
  }

  /** Say when a milestone was reached; null if it has not been. */
  private reached(milestone: number | null): string | null {
    const day = milestone === null ? undefined : this.account.milestones.get(milestone);
    return day === undefined ? null : fill(`{name} on {day|date}`,
      (name) => (name === "day" ? day : this.milestone(milestone!)), this.subject.span);
  }
}
