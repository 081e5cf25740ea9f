/** A sample: the outcomes of the replications of one variant, read outcome by outcome, as in `sim/estimate/sample.py`. */

import type { Outcome, Rate } from "../document";
import type { Column } from "./sums";

/** What can be measured in a scenario. */
export interface Catalogue {
  outcomes: readonly Outcome[];
  rates: readonly Rate[];
  /** Days from the start to the end. */
  horizon: number;
}

export type Columns = { [outcome: string]: Column };

/** The outcomes of replications. The day of an event that did not happen is infinite. */
export class Sample {
  private readonly entries: Map<string, Outcome | Rate>;

  constructor(
    readonly catalogue: Catalogue,
    private readonly columns: Columns,
  ) {
    this.entries = new Map([...catalogue.outcomes, ...catalogue.rates].map((entry) => [entry.name, entry]));
  }

  /** The names of all outcomes and rates. */
  get names(): string[] {
    return [...this.entries.keys()];
  }

  /** Return what is measured under a name. */
  entry(name: string): Outcome | Rate {
    const entry = this.entries.get(name);
    if (entry === undefined) throw new Error(`no outcome is called ${name}`);
    return entry;
  }

  /** Return an outcome as measured. */
  read(name: string): Column {
    const column = this.columns[name];
    if (column === undefined) throw new Error(`no outcome is called ${name}`);
    return column;
  }

  /** Return an outcome ready to be averaged: for a day, min(day, horizon). */
  values(name: string): Column {
    const entry = this.entry(name);
    const column = this.read(name);
    const { horizon } = this.catalogue;
    return "kind" in entry && entry.kind === "day" ? column.map((day) => Math.min(day, horizon)) : column;
  }
}
