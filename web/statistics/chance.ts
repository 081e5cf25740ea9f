/** The distributions that intervals and tests need: Student's t and the binomial. */

/** Return the chance that Student's t is at most `t`, for a whole number of degrees of freedom. */
export function studentUpto(t: number, freedom: number): number {
  const within = studentWithin(Math.abs(t), freedom);
  return t < 0 ? (1 - within) / 2 : (1 + within) / 2;
}

/**
 * Return the chance that Student's t lies between -t and t.
 *
 * By its finite series, all of whose terms are positive (Abramowitz and Stegun 1964, 26.7.3 and 26.7.4).
 */
function studentWithin(t: number, freedom: number): number {
  if (t === Infinity) return 1;
  const square = freedom / (freedom + t * t); // cos^2 of the angle
  const sine = t / Math.sqrt(freedom + t * t);
  const odd = freedom % 2 === 1;
  let term = odd ? Math.sqrt(square) : 1;
  let total = freedom === 1 ? 0 : term;
  for (let k = odd ? 3 : 2; k < freedom && term > 0; k += 2) {
    term *= (square * (k - 1)) / k;
    total += term;
  }
  return odd ? (2 / Math.PI) * (Math.atan(t / Math.sqrt(freedom)) + sine * total) : sine * total;
}

const reaches = new Map<number, number>();

/** Return the 97.5 % quantile of Student's t: how many standard errors a 95 % interval reaches to either side. */
export function studentReach(freedom: number): number {
  let reach = reaches.get(freedom);
  if (reach === undefined) {
    reach = solve((t) => studentWithin(t, freedom) - 0.95, 1.9, 13);
    reaches.set(freedom, reach);
  }
  return reach;
}

/** Return where a function that rises from below zero to above it is zero (Illinois method, then bisection). */
function solve(of: (x: number) => number, low: number, high: number): number {
  let below = of(low);
  let above = of(high);
  let side = 0;
  for (let step = 0; step < 200 && high - low > 1e-15 * high; step++) {
    const x = step % 8 === 7 ? (low + high) / 2 : (low * above - high * below) / (above - below);
    const y = of(x);
    if (y === 0) return x;
    if (y < 0) {
      low = x;
      below = y;
      if (side < 0) above /= 2;
      side = -1;
    } else {
      high = x;
      above = y;
      if (side > 0) below /= 2;
      side = 1;
    }
  }
  return (low + high) / 2;
}

/**
 * Return the chance of at most `k` heads in `n` tosses of a fair coin.
 *
 * The weights of the numbers of heads are worked out from the middle on, where they are largest, and divided by their
 * sum.
 */
export function headsUpto(k: number, n: number): number {
  if (k >= n) return 1;
  const middle = Math.floor(n / 2);
  let upto = 0;
  let all = 0;
  let weight = 1;
  for (let heads = middle; heads >= 0 && weight > 0; heads--) {
    all += weight;
    if (heads <= k) upto += weight;
    weight *= heads / (n - heads + 1);
  }
  weight = (n - middle) / (middle + 1);
  for (let heads = middle + 1; heads <= n && weight > 0; heads++) {
    all += weight;
    if (heads <= k) upto += weight;
    weight *= (n - heads) / (heads + 1);
  }
  return upto / all;
}
