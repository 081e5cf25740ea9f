/** What the log has told so far: the talks, the phases, the milestones and the counts. */

import type { LogEntry } from "../drawdown";
import type { Cast, Sentence, Sentences } from "./cast";

/** Numbers of `sim/rules/state.py`. */
const [PROGRESSING, STALLED, SUSPENDED, AGREED, BROKEN_DOWN, OVERTAKEN] = [1, 2, 3, 4, 5, 6];
const [AGREEMENT, BREAKDOWN, DEMAND] = [0, 1, 2];
export const PHASE_MILESTONES = 6;

interface Phase {
  ordered: number | null;
  begun: boolean;
  held: boolean;
  over: boolean;
  redated: number;
}

export class Account {
  talks: number;
  suspended: number | null = null;
  /** Days for which talks have been suspended. */
  lost = 0;
  tension: { high: boolean; since: number | null } | null;
  reports = 0;
  reported: number | null = null;
  readonly milestones = new Map<number, number>();
  readonly struck = new Map<number, number>();
  readonly phases: Phase[];
  attacks = 0;
  killed = 0;
  wounded = 0;
  strikes = 0;
  rounds = 0;
  completed: number | null = null;

  constructor(private readonly sentences: Sentences, cast: Cast, log: readonly LogEntry[]) {
    this.talks = !cast.has_talks ? 0 : cast.suspended_at_start ? SUSPENDED : PROGRESSING;
    this.phases = cast.phases.map(() => ({ ordered: null, begun: false, held: false, over: false, redated: 0 }));
    const first = log.find((entry) => this.kind(entry) === "tension"); // tells what it was before
    this.tension = first ? { high: first.amount === 0, since: null } : null;
  }

  /** Return the word for a sort of entry. */
  kind({ what }: LogEntry): Sentence["kind"] {
    return this.sentences.told.find(({ code }) => code === what)?.kind ?? "";
  }

  /** Take notice of an entry. */
  take(entry: LogEntry): void {
    const { time, where, amount, detail } = entry;
    const phase = this.phases[where];
    switch (this.kind(entry)) {
      case "attack": this.attacks++; break;
      case "harm": this.killed += amount; this.wounded += detail; break;
      case "strike": this.strikes++; this.struck.set(where, time); break;
      case "round": this.rounds++; break;
      case "suspended":
        if (this.talks !== SUSPENDED) this.suspended = time;
        this.talks = SUSPENDED;
        break;
      case "resumed":
        this.lost += time - (this.suspended ?? 0);
        this.talks = PROGRESSING;
        this.suspended = null;
        break;
      case "stalled": this.talks = STALLED; break;
      case "report":
        this.reports++;
        this.reported = time;
        if (this.talks === STALLED) this.talks = PROGRESSING;
        break;
      case "milestone": this.reach(where, time); break;
      case "ordered": phase.ordered = time; break;
      case "begins": phase.begun = true; break;
      case "hold": phase.held = true; break;
      case "released": phase.held = false; break;
      case "redated": phase.redated++; break;
      case "cancelled": case "reversed": phase.over = true; break;
      case "tension": this.tension = { high: amount === 1, since: time }; break;
      case "complete": this.completed ??= time;
    }
  }

  private reach(milestone: number, time: number): void {
    this.milestones.set(milestone, time);
    if (milestone >= PHASE_MILESTONES) this.phases[milestone - PHASE_MILESTONES].over = true;
    if (milestone === AGREEMENT) this.talks = AGREED;
    if (milestone === BREAKDOWN) this.talks = BROKEN_DOWN;
    if (milestone === DEMAND && this.talks !== 0 && this.talks !== BROKEN_DOWN) this.talks = OVERTAKEN;
  }

  /** Say in what times an attack that politics drove was made; empty if the log does not tell. */
  get mood(): string[] {
    const talks: { [state: number]: string } = {
      [STALLED]: "stalled talks", [SUSPENDED]: "suspended talks", [BROKEN_DOWN]: "broken-off talks",
    };
    const mood = this.tension?.high ? ["high tension"] : [];
    if (this.milestones.has(DEMAND)) mood.push("a demand to leave");
    else if (this.talks in talks) mood.push(talks[this.talks]);
    return mood;
  }
}
