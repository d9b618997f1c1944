import {describeValue} from './describe';

/** Smaller than this part of the largest number of its column, a number is what rounding left. */
const ROUNDING = 1e-12;

/**
 * The cells of one column as text. Its numbers share their decimals: as many as show three digits of the smallest, but
 * no more than show five of the largest, and none that all would fill with zeros. Whole numbers stay whole. Where
 * numbers lie too far apart for that, each has four digits of its own, and small ones are powers: `5.46e-5`.
 */
export function columnTexts(values: readonly unknown[]): string[] {
  const numbers = values.filter((value): value is number => typeof value === 'number' && Number.isFinite(value));
  const write = numberFormat(numbers);
  return values.map(value => (value == null ? ''
    : typeof value === 'number' && Number.isFinite(value) ? write(value)
    : stringOf(value)));
}

function numberFormat(numbers: readonly number[]): (value: number) => string {
  if (numbers.every(Number.isInteger)) return String;
  const largest = numbers.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  const noise = largest * ROUNDING;
  const sizes = numbers.map(Math.abs).filter(size => size > noise);
  const decimals = sharedDecimals(sizes);
  const whole = decimals === undefined || largest < 1e-9 ? apart : (value: number) => value.toFixed(decimals);
  return value => (value === 0 ? '0' : Math.abs(value) <= noise ? value.toExponential(0) : whole(value));
}

/** Digits after the point for numbers of these sizes; none where they lie too far apart. */
function sharedDecimals(sizes: readonly number[]): number | undefined {
  const [smallest, largest] = [sizes.reduce((a, b) => Math.min(a, b)), sizes.reduce((a, b) => Math.max(a, b))];
  const digits = (size: number, count: number) => Math.max(0, count - 1 - Math.floor(Math.log10(size)));
  const wanted = Math.max(Math.min(digits(smallest, 3), digits(largest, 5)), digits(smallest, 2));
  if (digits(largest, 6) < wanted) return undefined;
  const needed = sizes.map(size => /\.(\d*?)0*$/.exec(size.toFixed(wanted))?.[1].length ?? 0);
  return needed.reduce((a, b) => Math.max(a, b));
}

function apart(value: number): string {
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e6) return String(value);
  if (size >= 1e-3 && size < 1e6) return String(Number(value.toPrecision(4)));
  return value.toExponential(2).replace(/\.?0+e/, 'e').replace('e+', 'e');
}

function stringOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    return describeValue(value, {depth: 1});
  }
}
