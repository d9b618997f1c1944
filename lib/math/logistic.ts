/**
 * `1 / (1 + exp(-x))`, without overflow and with full relative accuracy far on the left.
 * @returns in [0, 1]
 */
export function logistic(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
}

/** `log(logistic(x))`, finite for every finite x; the log probability of a 0 is `logLogistic(-x)`. */
export function logLogistic(x: number): number {
  return x >= 0 ? -Math.log1p(Math.exp(-x)) : x - Math.log1p(Math.exp(x));
}
