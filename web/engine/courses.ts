/**
 * Counts how many replications had which level on which day, from their diaries.
 *
 * Troops, talks and so on are counted on every seventh day and on the last; attacks, by week, in every week. On those days
 * the counts are those of `sim/play/histogram.py`, but the threat, the capability and their ratio have wider bins.
 */
import type { CourseRow, Courses } from "../drawdown";
import type { Track } from "./world";

const EVERY = 7;
/** Logarithms of the threat and so on: bins of 1 %, up to a factor of 55 either way; what is beyond counts there. */
const INDEX_STEP = 2;
const MOST_STEPS = 800;

/** One row of the diary while it is being counted. */
class Row {
  low = 0;
  bins = 1;
  counts: Int32Array<ArrayBuffer>;
  sums: Float64Array<ArrayBuffer>;
  /** The next point of time to count, and the level that holds until the next entry. */
  next = 0;
  level = 0;
  bin = 0;

  constructor(readonly track: string, readonly times: Int32Array<ArrayBuffer>, readonly step: number) {
    this.counts = new Int32Array(times.length);
    this.sums = new Float64Array(times.length);
    this.next = times.length; // nothing has been played yet
  }

  /** Count the level that held up to a point of time, excluded. */
  hold(upto: number): void {
    const { times, counts, sums, bins, bin, level } = this;
    let i = this.next;
    for (; i < times.length && times[i] < upto; i++) {
      counts[i * bins + bin]++;
      sums[i] += level;
    }
    this.next = i;
  }

  begin(level: number): void {
    const within = this.track === "index" ? Math.max(-MOST_STEPS, Math.min(level, MOST_STEPS)) : level;
    const number = Math.floor((within + (this.step >> 1)) / this.step);
    if (number < this.low || number >= this.low + this.bins) this.widen(number);
    this.level = level;
    this.bin = number - this.low;
  }

  private widen(number: number): void {
    const low = number < this.low ? number - this.bins : this.low;
    const high = Math.max(this.low + this.bins, number < this.low ? 0 : number + 1 + this.bins);
    const bins = high - low;
    const counts = new Int32Array(this.times.length * bins);
    for (let i = 0; i < this.times.length; i++) {
      counts.set(this.counts.subarray(i * this.bins, (i + 1) * this.bins), i * bins + this.low - low);
    }
    Object.assign(this, { low, bins, counts });
  }
}

export class CourseCounter {
  private readonly rows: Row[];
  private replications = 0;

  constructor(tracks: readonly Track[]) {
    this.rows = tracks.flatMap(({ track, times, steps }) => {
      const points = track === "attacks" ? [...Array(times).keys()] : sampled(times);
      return steps.map((step) => new Row(track, Int32Array.from(points), track === "index" ? INDEX_STEP : step));
    });
  }

  /** Count whole diaries, one after another: pairs of words, of which the first is the number. */
  add(rows: Int32Array, times: Int32Array, levels: Int32Array, entries: number): void {
    const own = this.rows;
    for (let i = 0; i < 2 * entries; i += 2) {
      const row = own[rows[i]];
      const time = times[i];
      if (time === 0) {
        if (rows[i] === 0) this.replications++;
        row.hold(Infinity);
        row.next = 0;
      } else row.hold(time);
      row.begin(levels[i]);
    }
    for (const row of own) row.hold(Infinity);
  }

  /** Return what has been counted, and begin again from nothing. */
  take(): Courses {
    const taken = { replications: this.replications, rows: this.rows.map(courseOf) };
    this.replications = 0;
    for (const row of this.rows) {
      row.counts = new Int32Array(row.times.length * row.bins);
      row.sums = new Float64Array(row.times.length);
    }
    return taken;
  }
}

function courseOf({ track, times, step, low, bins, counts, sums }: Row): CourseRow {
  const days = track === "attacks" ? times.map((week) => week * 7) : times.slice();
  return { track: track as CourseRow["track"], days, step, low, bins, counts, sums };
}

function sampled(days: number): number[] {
  const points = [];
  for (let day = 0; day < days; day += EVERY) points.push(day);
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

function widened(row: CourseRow, low: number, bins: number): CourseRow {
  const counts = new Int32Array(row.days.length * bins);
  for (let i = 0; i < row.days.length; i++) {
    counts.set(row.counts.subarray(i * row.bins, (i + 1) * row.bins), i * bins + row.low - low);
  }
  return { ...row, low, bins, counts, sums: row.sums.slice() };
}
