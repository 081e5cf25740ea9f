/** What had been moved before, for undo and redo. */
import type { State } from "./control";

const LONGEST = 1000;

export class History {
  private past: State[] = [];
  private future: State[] = [];
  /** What could be done again before something was noted. */
  private forgone: State[] = [];

  /** Note what is about to be left. */
  add(state: State): void {
    this.past = [...this.past.slice(1 - LONGEST), state];
    this.forgone = this.future;
    this.future = [];
  }

  /** Forget what was noted last, as if it had never been. */
  drop(): void {
    this.past.pop();
    this.future = this.forgone;
  }

  /** Stay where one was, since what was gone back or forth to cannot be played: it is left out from now on. */
  skip(from: State): void {
    for (const states of [this.past, this.future]) if (states.at(-1) === from) states.pop();
  }

  clear(): void {
    this.past = [];
    this.future = [];
  }

  /** Go back from a state; undefined if there is nothing to go back to. */
  undo(from: State): State | undefined {
    const state = this.past.pop();
    if (state) this.future.push(from);
    return state;
  }

  redo(from: State): State | undefined {
    const state = this.future.pop();
    if (state) this.past.push(from);
    return state;
  }

  get canUndo(): boolean {
    return this.past.length > 0;
  }

  get canRedo(): boolean {
    return this.future.length > 0;
  }
}
