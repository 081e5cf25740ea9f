/**
 * Counts how many replications had which level on which day, from their diaries.
 *
 * Troops, talks and so on are counted every few weeks and on the last day; attacks, by week, in every week. On those days
 * the counts are those of `sim/play/histogram.py`, but the threat, the capability and their ratio have wider bins.
 */
import type { CourseRow, Courses } from "../drawdown";
import type { Track } from "./world";

/** As many points of time as a chart can show, at whole weeks; attacks have a point for each week. */
const MOST_POINTS = 200;
/** Logarithms of the threat and so on: bins of 2 %, up to a factor of 55 either way; what is beyond counts there. */
const INDEX_STEP = 4;
const MOST_STEPS = 800;

/** What the page shows; other tracks are not counted. */
const SHOWN = new Set(["troops", "attacks", "talks", "tension", "index", "phase"]);

/**
 * One row of the diary: where it is counted, and at what times.
 *
 * Counts stand bin after bin here, as changes from one point of time to the next, and so do sums: a level that holds for
 * weeks costs no more than one that holds for a day.
 */
class Row {
  low = 0;
  bins = 1;
  counts: Int32Array<ArrayBuffer>;
  sums: Float64Array<ArrayBuffer>;

  constructor(readonly track: string, readonly times: Int32Array<ArrayBuffer>, readonly step: number) {
    this.counts = new Int32Array(times.length + 1);
    this.sums = new Float64Array(times.length + 1);
  }

  /** Count a level that holds from one point of time to before another, by their numbers. */
  count(level: number, from: number, upto: number): void {
    const at = this.binOf(level) * (this.times.length + 1);
    this.counts[at + from]++;
    this.counts[at + upto]--;
    this.sums[from] += level;
    this.sums[upto] -= level;
  }

  /** Return the bin of a level, after making room for it. */
  private binOf(level: number): number {
    const within = this.track === "index" ? Math.max(-MOST_STEPS, Math.min(level, MOST_STEPS)) : level;
    const number = Math.floor((within + (this.step >> 1)) / this.step);
    if (number < this.low || number >= this.low + this.bins) this.widen(number);
    return number - this.low;
  }

  private widen(number: number): void {
    const low = number < this.low ? number - this.bins : this.low;
    const high = Math.max(this.low + this.bins, number < this.low ? 0 : number + 1 + this.bins);
    const points = this.times.length + 1;
    const counts = new Int32Array(points * (high - low));
    counts.set(this.counts, (this.low - low) * points);
    Object.assign(this, { low, bins: high - low, counts });
  }

  /** Return what has been counted, day after day, and begin again from nothing. */
  take(): CourseRow {
    const { track, times, step, low, bins, counts, sums } = this;
    const points = times.length;
    const byDay = new Int32Array(points * bins);
    for (let bin = 0; bin < bins; bin++) {
      let here = 0;
      for (let i = 0; i < points; i++) {
        here += counts[bin * (points + 1) + i];
        if (here !== 0) byDay[i * bins + bin] = here;
      }
    }
    for (let i = 1; i < points; i++) sums[i] += sums[i - 1];
    counts.fill(0);
    this.sums = new Float64Array(points + 1);
    const days = track === "attacks" ? times.map((week) => week * 7) : times.slice();
    return { track: track as CourseRow["track"], days, step, low, bins, counts: byDay, sums: sums.slice(0, points) };
  }
}

export class CourseCounter {
  /** By row of the diary; undefined for those that are not counted. */
  private readonly rows: (Row | undefined)[];
  /** By row: the next point of time to count, and the level that holds until the next entry. */
  private readonly next: Int32Array;
  private readonly level: Int32Array;
  private replications = 0;

  constructor(tracks: readonly Track[]) {
    this.rows = tracks.flatMap(({ track, times, steps }) => {
      if (!SHOWN.has(track)) return steps.map(() => undefined);
      const points = Int32Array.from(track === "attacks" ? Array(times).keys() : sampled(times));
      return steps.map((step) => new Row(track, points, track === "index" ? INDEX_STEP : step));
    });
    this.next = Int32Array.from(this.rows, (row) => row?.times.length ?? 0); // nothing has been played yet
    this.level = new Int32Array(this.rows.length);
  }

  /** Count whole diaries, one after another: pairs of words, of which the first is the number. */
  add(rows: Int32Array, times: Int32Array, levels: Int32Array, entries: number): void {
    const { next, level } = this;
    for (let i = 0; i < 2 * entries; i += 2) {
      const number = rows[i];
      const row = this.rows[number];
      if (row === undefined) continue;
      const time = times[i];
      if (time === 0) {
        if (number === 0) this.replications++;
        this.hold(row, number, Infinity);
        next[number] = 0;
      } else if (row.times[next[number]] < time) this.hold(row, number, time);
      level[number] = levels[i];
    }
    this.rows.forEach((row, number) => row && this.hold(row, number, Infinity));
  }

  /** Count the level that held in a row up to a point of time, excluded. */
  private hold(row: Row, number: number, upto: number): void {
    const { times } = row;
    const from = this.next[number];
    let i = upto === Infinity ? times.length : from;
    while (i < times.length && times[i] < upto) i++;
    if (i === from) return;
    row.count(this.level[number], from, i);
    this.next[number] = i;
  }

  /** Return what has been counted, and begin again from nothing. */
  take(): Courses {
    const taken = this.rows.filter((row) => row !== undefined).map((row) => row.take());
    const { replications } = this;
    this.replications = 0;
    return { replications, rows: taken };
  }
}

function sampled(days: number): number[] {
  const every = 7 * Math.ceil(days / 7 / MOST_POINTS);
  const points = [];
  for (let day = 0; day < days; day += every) points.push(day);
  if (points[points.length - 1] !== days - 1) points.push(days - 1);
  return points;
}

/** The memory of courses, to be handed over instead of copied. */
export function buffersOf(courses: Courses): ArrayBuffer[] {
  return courses.rows.flatMap(({ days, counts, sums }) => [days, counts, sums].map(({ buffer }) => buffer as ArrayBuffer));
}

/** Return what was counted in two parts. */
export function together(one: Courses, other: Courses): Courses {
  return { replications: one.replications + other.replications, rows: one.rows.map((row, i) => joined(row, other.rows[i])) };
}

function joined(one: CourseRow, other: CourseRow): CourseRow {
  const low = Math.min(one.low, other.low);
  const bins = Math.max(one.low + one.bins, other.low + other.bins) - low;
  const into = widened(one, low, bins);
  const shift = other.low - low;
  for (let i = 0; i < other.days.length; i++) {
    for (let bin = 0; bin < other.bins; bin++) into.counts[i * bins + bin + shift] += other.counts[i * other.bins + bin];
    into.sums[i] += other.sums[i];
  }
  return into;
}

/** Return a copy with other bins, among them all those of before. */
function widened(row: CourseRow, low: number, bins: number): CourseRow {
  const points = row.days.length;
  const counts = new Int32Array(points * bins);
  for (let i = 0; i < points; i++) {
    counts.set(row.counts.subarray(i * row.bins, (i + 1) * row.bins), i * bins + row.low - low);
  }
  return { ...row, low, bins, counts, sums: row.sums.slice() };
}
