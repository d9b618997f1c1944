import assert from 'node:assert/strict';
import {mean, sd} from '../../lib/math';

/** Asserts that the mean of independent `values` is `wanted`, within 4.5 standard errors. */
export function near(values: ArrayLike<number>, wanted: number, what: string): void {
  const error = sd(values) / Math.sqrt(values.length), found = mean(values);
  assert.ok(Math.abs(found - wanted) <= 4.5 * error, `${what}: ${found} instead of ${wanted} +- ${error}`);
}
