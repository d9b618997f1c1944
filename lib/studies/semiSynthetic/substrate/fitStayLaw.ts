import {expect} from '../../../errors';
import type {NdArray} from '../../../math/ndarray';
import {mean} from '../../../math/statistics';
import {REPORTED, type PanelLaw, type StayLaw} from './stayLaw';
import type {Substrate} from './substrate';

/** A measured log value. */
interface Point {
  readonly hour: number;
  readonly value: number;
}

/**
 * Fits the small model of the labs to stays, by moments: levels by the means of stays, whose own variance is taken off,
 * spread and rate by the squared differences of successive measurements, panels by their counts. Only these numbers
 * come out, no stay does.
 * @param substrate `labs` and `measured`, `[n, T, 3]`, n at least 3
 * @throws ArgumentError for fewer stays
 */
export function fitStayLaw({labs, measured}: Pick<Substrate, 'labs' | 'measured'>): StayLaw {
  const [n, T] = labs.shape, all = [0, 1, 2];
  expect(n >= 3, {fn: 'fitStayLaw', argument: 'substrate', expected: 'with at least 3 stays', received: n});
  // A stay in which some lab is measured only after these hours says nothing on how it moves.
  const complete = Array.from({length: n},
    (_, i) => all.map(j => points(labs, measured, i, j))).filter(stay => stay.every(p => p.length));
  const series = all.map(j => complete.map(stay => stay[j]));
  const levels = series.map(stays => stays.map(stay => mean(stay.map(({value}) => value))));
  const moving = series.map(spreadAndRate);
  return Object.freeze({
    level: levels.map(mean), levelCovariance: all.map(j => all.map(k =>
      covariance(levels[j], levels[k]) - (j === k ? varianceOfMean(series[j], moving[j]) : 0))),
    spread: moving.map(({spread}) => spread), rate: moving.map(({rate}) => rate),
    panels: [0, 1].map(p => panelLaw(series[REPORTED.findIndex(({panel}) => panel === p)], T)),
  });
}

function points(labs: NdArray, measured: NdArray, i: number, j: number): Point[] {
  const [, T, d] = labs.shape, at = (t: number) => (i * T + t) * d + j;
  const hours = Array.from({length: T}, (_, t) => t).filter(t => measured.data[at(t)] === 1);
  return hours.map(hour => ({hour, value: Math.log(labs.data[at(hour)])}));
}

/** Slowest and fastest rate tried [1/h]: a slower return, in two days, cannot be told from another level. */
const SLOWEST = 1 / 48, FASTEST = 1, RATES = 100;

interface Moving {
  readonly spread: number;
  readonly rate: number;
}

/**
 * Half the squared difference over a gap h is `spread^2 (1 - exp(-rate h))` on average: least squares, the rate on a
 * grid.
 */
function spreadAndRate(stays: readonly (readonly Point[])[]): Moving {
  const pairs = stays.flatMap(stay => stay.slice(1).map(({hour, value}, k) =>
    ({gap: hour - stay[k].hour, half: (value - stay[k].value) ** 2 / 2})));
  const tried = Array.from({length: RATES + 1}, (_, k) => SLOWEST * (FASTEST / SLOWEST) ** (k / RATES)).map(rate => {
    const shape = pairs.map(({gap}) => -Math.expm1(-rate * gap));
    const variance = shape.reduce((s, f, k) => s + f * pairs[k].half, 0) / shape.reduce((s, f) => s + f * f, 0);
    return {rate, spread: Math.sqrt(variance),
      loss: shape.reduce((s, f, k) => s + (pairs[k].half - variance * f) ** 2, 0)};
  });
  return tried.reduce((best, each) => (each.loss < best.loss ? each : best));
}

/** Variance, on average over stays, of the mean of a stay's values around its level. */
function varianceOfMean(stays: readonly (readonly Point[])[], {spread, rate}: Moving): number {
  return mean(stays.map(stay =>
    spread ** 2 * mean(stay.flatMap(a => stay.map(b => Math.exp(-rate * Math.abs(a.hour - b.hour)))))));
}

function panelLaw(stays: readonly (readonly Point[])[], T: number): PanelLaw {
  const firsts = stays.map(stay => stay[0].hour), late = firsts.filter(hour => hour > 0),
    again = stays.filter(stay => stay.length > 1);
  const others = again.reduce((sum, [{hour}]) => sum + (T - 1 - hour) - 1, 0);
  return Object.freeze({
    atAdmission: 1 - late.length / stays.length, first: 1 / mean(late), repeated: again.length / stays.length,
    hourly: again.reduce((sum, stay) => sum + stay.length - 2, 0) / others,
  });
}

function covariance(a: readonly number[], b: readonly number[]): number {
  const ma = mean(a), mb = mean(b);
  return a.reduce((sum, v, i) => sum + (v - ma) * (b[i] - mb), 0) / (a.length - 1);
}
