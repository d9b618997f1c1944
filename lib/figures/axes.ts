/** How a quantitative axis behaves. */
export interface AxisScale {
  readonly log?: boolean;
  /** A linear axis starts at zero, default false. */
  readonly zero?: boolean;
  /** The axis ends where the data end, default false. */
  readonly tight?: boolean;
  /** A log axis over few different values has its ticks at them, e.g. at the sizes tried; default false. */
  readonly atValues?: boolean;
}

/** Most values at which ticks stand. */
const MOST_TICKS = 8;

/**
 * Encoding of a quantitative axis of the numbers `values`; a log axis gets ticks at powers of ten, written as such
 * where long.
 */
export function quantitative(
  field: string, title: string, {log = false, zero = false, tight = false, atValues = false}: AxisScale,
  values: readonly number[],
) {
  const scale = log ? {type: 'log', nice: false} : {type: 'linear', zero, nice: tight ? false : 5};
  const own = [...new Set(values)].sort((a, b) => a - b);
  const ticks = !log ? [] : atValues && own.length <= MOST_TICKS ? own : decades(values);
  return {
    field, type: 'quantitative', title, scale,
    ...(ticks.length > 1 ? {axis: {values: ticks, labelExpr: powers(ticks)}} : {axis: {tickCount: 5}}),
  };
}

/** Multiples of a power of ten at which ticks stand, the fewest first. */
const FACTORS = [[1], [1, 2, 5], [1, 2, 3, 4, 6, 8], [1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9]];

/**
 * Powers of ten inside the range of `values`, at most about seven; with multiples of them where there would be less
 * than three ticks.
 */
function decades(values: readonly number[]): number[] {
  const [low, high] = extent(values);
  const [first, last] = [Math.floor(Math.log10(low) + 1e-9), Math.ceil(Math.log10(high) - 1e-9)];
  const step = Math.max(1, Math.ceil((last - first) / 7));
  const exponents = Array.from({length: Math.floor((last - first) / step) + 1}, (_, i) => last - i * step).reverse();
  const ticks = (factors: readonly number[]) => exponents
    .flatMap(exponent => factors.map(factor => Number(`${factor}e${exponent}`)))
    .filter(tick => tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9));
  const sets = (last - first < 4 ? FACTORS.slice(1) : FACTORS).map(ticks);
  return sets.find(set => set.length >= 3) ?? sets[sets.length - 1];
}

/** Smallest and largest of `values`. Reduced, not spread: a hundred thousand arguments overflow the stack. */
export function extent(values: readonly number[]): [number, number] {
  return values.reduce<[number, number]>(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [
    Infinity, -Infinity,
  ]);
}

/** Steps between ticks, of a power of ten. */
const ROUND = [1, 2, 5];

const nextRound = (factor: number): number => (factor === 2 ? 5 : 2 * factor);

/** What an axis over `values` shows: from zero where asked, and as far as round numbers where it is linear. */
export function axisDomain(
  values: readonly number[], {log = false, zero = false, tight = false}: AxisScale,
): readonly [number, number] {
  const [low, high] = extent(zero && !log ? [0, ...values] : values);
  if (log || tight || low === high) return [low, high];
  const step = (high - low) / 5, power = 10 ** Math.floor(Math.log10(step));
  const round = power * (ROUND.find(factor => step / power < Math.sqrt(factor * nextRound(factor))) ?? 10);
  const whole = (value: number) => Number((value * round).toPrecision(12));
  return [whole(Math.floor(low / round + 1e-9)), whole(Math.ceil(high / round - 1e-9))];
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
