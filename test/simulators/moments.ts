/** A statistic with its standard error. */
export interface Estimate {
  readonly name: string;
  readonly value: number;
  readonly error: number;
}

/** Mean over units of a function of the unit, with its standard error. */
export function estimate(name: string, units: number, f: (unit: number) => number): Estimate {
  const values = Array.from({length: units}, (_, i) => f(i)), mean = values.reduce((a, b) => a + b, 0) / units;
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (units - 1);
  return {name, value: mean, error: Math.sqrt(variance / units)};
}
