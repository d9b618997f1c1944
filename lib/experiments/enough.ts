import {expect, expectWhole} from '../errors';

/** How long and how fast a method was trained, and how far off it was on validation data. */
export interface TrainingTry {
  readonly passes: number;
  /** Highest learning rate. */
  readonly rate: number;
  /** Infinity where it diverged. */
  readonly error: number;
}

/** Options of `enoughTraining`. */
export interface EnoughTrainingOptions {
  /** Passes to begin with, >= 1; default 40. */
  readonly passes?: number;
  /** No more passes than this, >= `passes`; default 160. */
  readonly most?: number;
  /** A doubling must lower the error by at least this share, in (0, 1), to be worth it; default 0.1. */
  readonly gain?: number;
  /** Rate to begin with, > 0; default 6e-3. */
  readonly rate?: number;
  /** Factor between neighbouring rates, > 1; default 3. */
  readonly factor?: number;
}

/** What `enoughTraining` found. */
export interface EnoughTraining extends TrainingTry {
  /** Every training that was tried, in order. */
  readonly tried: readonly TrainingTry[];
}

/**
 * How long and how fast to train a method, by one rule for every method. The rate goes up or down by `factor` for as
 * long as the error falls, so that both neighbours of the one that is chosen are worse and it never lies at the edge of
 * what was tried. Then passes are doubled until a doubling gains too little; longer trainings bear smaller rates, so
 * each time the rate may go further down, and not up.
 * @param errorOf error on validation data of a training, Infinity where it diverged; on units that no table uses
 * @throws ArgumentError for options out of their ranges, or where even the first rate and its neighbours diverge
 */
export async function enoughTraining(
  errorOf: (training: {readonly passes: number; readonly rate: number}) => Promise<number>,
  {passes = 40, most = 160, gain = 0.1, rate = 6e-3, factor = 3}: EnoughTrainingOptions = {},
): Promise<EnoughTraining> {
  const fn = 'enoughTraining';
  expectWhole(fn, {passes, most});
  expect(most >= passes, {fn, argument: 'most', expected: `at least passes, ${passes}`, received: most});
  expect(gain > 0 && gain < 1, {fn, argument: 'gain', expected: 'in (0, 1)', received: gain});
  expect(rate > 0 && factor > 1, {fn, argument: 'rate, factor', expected: '> 0 and > 1', received: [rate, factor]});
  const tried: TrainingTry[] = [];
  const at = async (count: number, exponent: number): Promise<TrainingTry & {exponent: number}> => {
    const place = {passes: count, rate: Number((rate * factor ** exponent).toPrecision(6))};
    const known = tried.find(t => t.passes === count && t.rate === place.rate);
    if (known) return {...known, exponent};
    const one = Object.freeze({...place, error: await errorOf(place)});
    tried.push(one);
    return {...one, exponent};
  };
  const bestRate = async (count: number, from: number, steps: readonly number[]) => {
    let best = await at(count, from);
    for (const step of steps) {
      for (let next = await at(count, best.exponent + step); next.error < best.error;) {
        best = next;
        next = await at(count, best.exponent + step);
      }
    }
    return best;
  };
  let best = await bestRate(passes, 0, [1, -1]);
  expect(Number.isFinite(best.error), {
    fn, argument: 'rate', expected: `a rate at which training does not diverge, or a neighbour ${factor} times off`,
    received: rate,
  });
  while (2 * best.passes <= most) {
    const longer = await bestRate(2 * best.passes, best.exponent, [-1]);
    if (longer.error > (1 - gain) * best.error) break;
    best = longer;
  }
  return Object.freeze({passes: best.passes, rate: best.rate, error: best.error, tried: Object.freeze(tried)});
}
