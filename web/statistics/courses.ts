/**
 * The course of many replications: how many had which level on each day, from their diaries.
 *
 * As `sim/clocks/tally.py` and `sim/play/histogram.py`: counts are kept as changes from one day to the next, so a
 * replication costs only as much as it changes. They are exact and can be added up in any order.
 */

import type { CourseRow, Courses } from "../drawdown";

/** What the diary has rows for, in the order of its rows; `sim/report/tracks.py` makes it. */
export interface Track {
  name: CourseRow["track"];
  /** How many days it has; of attacks, how many weeks. */
  times: number;
  /** Days from one time to the next. */
  every: number;
  /** The width of the bins of each of its rows. */
  steps: number[];
}

/** Diaries of replications, entry by entry: the row, the time and the new level. */
export interface Entries {
  rows: ArrayLike<number>;
  times: ArrayLike<number>;
  levels: ArrayLike<number>;
}

interface Row {
  track: Track;
  step: number;
  /** The first bin, and how many there are. */
  low: number;
  bins: number;
  /** Changes from each time to the next: in the count of each bin, and in the sum of levels. */
  counts: Int32Array;
  sums: Float64Array;
}

/** Counts of replications by level in every row of the diary. */
export class Tally {
  private readonly rows: Row[];
  private replications = 0;

  constructor(tracks: readonly Track[]) {
    this.rows = tracks.flatMap((track) => track.steps.map((step) => ({
      track, step, low: 0, bins: 1, counts: new Int32Array(track.times), sums: new Float64Array(track.times),
    })));
  }

  /** Count so many replications by their diaries; the entries of a row are in order of time. */
  add(entries: Entries, replications: number): void {
    const { rows, times, levels } = entries;
    const last = new Int32Array(this.rows.length);
    for (let i = 0; i < rows.length; i++) {
      const row = this.rows[rows[i]!]!;
      const [time, level] = [times[i]!, levels[i]!];
      makeRoom(row, bin(row, level));
      const at = time * row.bins - row.low;
      if (time > 0) {
        row.counts[at + bin(row, last[rows[i]!]!)]!--;
        row.sums[time]! -= last[rows[i]!]!;
      }
      row.counts[at + bin(row, level)]!++;
      row.sums[time]! += level;
      last[rows[i]!] = level;
    }
    this.replications += replications;
  }

  /** Add what others have counted of further replications of the same scenario. */
  merge(other: Tally): void {
    this.rows.forEach((row, i) => {
      const more = other.rows[i]!;
      makeRoom(row, more.low);
      makeRoom(row, more.low + more.bins - 1);
      for (let time = 0; time < row.track.times; time++) {
        const from = time * more.bins;
        const to = time * row.bins + more.low - row.low;
        for (let one = 0; one < more.bins; one++) row.counts[to + one]! += more.counts[from + one]!;
        row.sums[time]! += more.sums[time]!;
      }
    });
    this.replications += other.replications;
  }

  /** Return the counts themselves, time after time. */
  courses(): Courses {
    const rows = this.rows.map(({ track, step, low, bins, counts, sums }) => {
      const [levels, totals] = [counts.slice(), sums.slice()];
      for (let i = bins; i < levels.length; i++) levels[i]! += levels[i - bins]!;
      for (let time = 1; time < totals.length; time++) totals[time]! += totals[time - 1]!;
      const days = Int32Array.from({ length: track.times }, (_, time) => time * track.every);
      return { track: track.name, days, step, low, bins, counts: levels, sums: totals };
    });
    return { replications: this.replications, rows };
  }

  /** Return what another worker needs to go on, as plain data; see `restored`. */
  packed(): Packed {
    const rows = this.rows.map(({ low, bins, counts, sums }) => ({ low, bins, counts, sums }));
    return { replications: this.replications, rows };
  }

  /** Return a tally from what `packed` gave. */
  static restored(tracks: readonly Track[], packed: Packed): Tally {
    const tally = new Tally(tracks);
    packed.rows.forEach((row, i) => Object.assign(tally.rows[i]!, row));
    tally.replications = packed.replications;
    return tally;
  }
}

/** A tally as plain data, fit to be posted from a worker. */
export interface Packed {
  replications: number;
  rows: { low: number; bins: number; counts: Int32Array; sums: Float64Array }[];
}

function bin(row: Row, level: number): number {
  return Math.floor((level + (row.step >> 1)) / row.step);
}

/** Make sure that a row has a certain bin, and a quarter more if it has not. */
function makeRoom(row: Row, needed: number): void {
  if (needed >= row.low && needed < row.low + row.bins) return;
  let [low, high] = [Math.min(row.low, needed), Math.max(row.low + row.bins, needed + 1)];
  const spare = (high - low) >> 2;
  if (low < row.low) low -= spare;
  if (high > row.low + row.bins) high += spare;
  const counts = new Int32Array(row.track.times * (high - low));
  for (let time = 0; time < row.track.times; time++) {
    counts.set(row.counts.subarray(time * row.bins, (time + 1) * row.bins), time * (high - low) + row.low - low);
  }
  Object.assign(row, { low, bins: high - low, counts });
}
