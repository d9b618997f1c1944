import {clampedKnots} from './bSpline';

/**
 * All cubic B-splines of an evenly divided interval at x; outside it, those at its nearest end.
 * @param count of splines, >= 4
 * @returns x to `[count]`, which sum to 1; all zero but the first on an interval without length
 * @reference de Boor 1972, On calculating with B-splines. doi:10.1016/0021-9045(72)90080-9
 */
export function splineBasis(count: number, low: number, high: number): (x: number) => Float64Array {
  const degree = 3;
  if (!(low < high)) return () => Float64Array.from({length: count}, (_, k) => (k === 0 ? 1 : 0));
  const knots = clampedKnots(count, degree, [low, high]), step = (high - low) / (count - degree);
  return x => {
    const at = Math.min(high, Math.max(low, x));
    const piece = degree + Math.min(count - degree - 1, Math.floor((at - low) / step));
    const out = new Float64Array(count), values = new Float64Array(degree + 1).fill(0);
    values[0] = 1;
    for (let r = 1; r <= degree; r++) {
      let saved = 0;
      for (let j = 0; j < r; j++) {
        const right = knots[piece + j + 1], left = knots[piece + 1 - r + j], part = values[j] / (right - left);
        values[j] = saved + (right - at) * part;
        saved = (at - left) * part;
      }
      values[r] = saved;
    }
    for (let j = 0; j <= degree; j++) out[piece - degree + j] = values[j];
    return out;
  };
}
