/**
 * Probability of a Kolmogorov-Smirnov distance at least as large as that of `sample` from `cdf` (asymptotic, for large
 * samples).
 * @reference Marsaglia, Tsang, Wang 2003, Evaluating Kolmogorov's distribution. doi:10.18637/jss.v008.i18
 */
export function kolmogorovPValue(sample: ArrayLike<number>, cdf: (x: number) => number): number {
  const sorted = Float64Array.from(sample).sort(), n = sorted.length;
  const distance = sorted.reduce((largest, x, i) => Math.max(largest, (i + 1) / n - cdf(x), cdf(x) - i / n), 0);
  return kolmogorovTail((Math.sqrt(n) + 0.12 + 0.11 / Math.sqrt(n)) * distance);
}

/** 1 - K(x) for the Kolmogorov distribution K; the series in terms of exp(-2 k^2 x^2), or its theta-function twin for small x. */
export function kolmogorovTail(x: number): number {
  const ks = [1, 2, 3, 4, 5, 6, 7, 8];
  if (x < 1) return 1 - (Math.sqrt(2 * Math.PI) / x)
    * ks.reduce((sum, k) => sum + Math.exp((-((2 * k - 1) ** 2) * Math.PI ** 2) / (8 * x * x)), 0);
  return 2 * ks.reduce((sum, k) => sum + (-1) ** (k - 1) * Math.exp(-2 * (k * x) ** 2), 0);
}
