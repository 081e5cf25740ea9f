/** What had been moved before, for undo and redo. */
import type { State } from "./control";

const LONGEST = 1000;

export class History {
  private past: State[] = [];
  private future: State[] = [];

  /** Note what is about to be left. */
  add(state: State): void {
    this.past = [...this.past.slice(1 - LONGEST), state];
    this.future = [];
  }

  /** Forget what was noted last. */
  drop(): void {
    this.past.pop();
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
