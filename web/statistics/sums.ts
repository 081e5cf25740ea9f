/**
 * Sums, means and standard deviations of a column, added up in the order in which NumPy does.
 *
 * So they have the same bits as those of Python, and whoever compares a page with a results folder finds no last digit
 * that differs.
 */

/** An outcome, replication by replication. */
export type Column = Float64Array;

/** How many numbers are added up in one go; longer columns are halved (NumPy's pairwise summation). */
const BLOCK = 128;
const LANES = 8;

/** Return the sum of the values of a column, or of a stretch of it. */
export function sum(values: Column, from = 0, count = values.length): number {
  if (count > BLOCK) {
    const half = Math.floor(count / 2);
    const first = half - (half % LANES);
    return sum(values, from, first) + sum(values, from + first, count - first);
  }
  if (count < LANES) {
    let total = 0;
    for (let i = from; i < from + count; i++) total += values[i];
    return total;
  }
  const lanes = values.slice(from, from + LANES);
  const whole = count - (count % LANES);
  for (let i = LANES; i < whole; i++) lanes[i % LANES] += values[from + i];
  let total = lanes[0] + lanes[1] + (lanes[2] + lanes[3]) + (lanes[4] + lanes[5] + (lanes[6] + lanes[7]));
  for (let i = from + whole; i < from + count; i++) total += values[i];
  return total;
}

/** Return the mean of a column. */
export function mean(values: Column): number {
  return sum(values) / values.length;
}

/** Return the standard deviation of a column, with one degree of freedom less; 0 for a single value. */
export function deviation(values: Column): number {
  if (values.length < 2) return 0;
  const middle = mean(values);
  return Math.sqrt(sum(values.map((value) => (value - middle) * (value - middle))) / (values.length - 1));
}

/** Return the standard error of the mean of a column; infinite for a single value. */
export function standardError(values: Column): number {
  return values.length > 1 ? deviation(values) / Math.sqrt(values.length) : Infinity;
}
