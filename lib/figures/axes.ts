/** How a quantitative axis behaves. */
export interface AxisScale {
  readonly log?: boolean;
  /** A linear axis starts at zero, default false. */
  readonly zero?: boolean;
  /** The axis ends where the data end, default false. */
  readonly tight?: boolean;
}

/**
 * Encoding of a quantitative axis of the numbers `values`; a log axis gets ticks at powers of ten, written as such
 * where long.
 */
export function quantitative(
  field: string, title: string, {log = false, zero = false, tight = false}: AxisScale, values: readonly number[],
) {
  const scale = log ? {type: 'log', nice: false} : {type: 'linear', zero, nice: tight ? false : 5};
  const ticks = log ? decades(values) : [];
  return {
    field, type: 'quantitative', title, scale,
    ...(ticks.length > 1 ? {axis: {values: ticks, labelExpr: powers(ticks)}} : {axis: {tickCount: 5}}),
  };
}

/**
 * Powers of ten inside the range of `values`, at most about seven; with twice and five times them when there are less
 * than three.
 */
function decades(values: readonly number[]): number[] {
  const [low, high] = extent(values);
  const [first, last] = [Math.floor(Math.log10(low) + 1e-9), Math.ceil(Math.log10(high) - 1e-9)];
  const step = Math.max(1, Math.ceil((last - first) / 7));
  const factors = last - first < 4 ? [1, 2, 5] : [1];
  return Array.from({length: Math.floor((last - first) / step) + 1}, (_, i) => last - i * step).reverse()
    .flatMap(exponent => factors.map(factor => Number(`${factor}e${exponent}`)))
    .filter(tick => tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9));
}

/** Smallest and largest of `values`. Reduced, not spread: a hundred thousand arguments overflow the stack. */
export function extent(values: readonly number[]): [number, number] {
  return values.reduce<[number, number]>(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [
    Infinity, -Infinity,
  ]);
}

/** Plain numbers while all of them are short, else powers throughout. */
function powers(ticks: readonly number[]): string {
  const short = ticks.every(tick => tick >= 1e-3 && tick <= 1e4)
    || ticks.some(tick => !/^1e|^10*$|^0?\.0*1$/.test(String(tick)));
  const names = Object.fromEntries(ticks.map(tick =>
    [String(tick), short ? String(tick) : `10${superscripted(String(Math.round(Math.log10(tick))))}`]));
  return `${JSON.stringify(names)}[datum.value]`;
}

function superscripted(digits: string): string {
  return Array.from(digits).map(char => (char === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(char)])).join('');
}
