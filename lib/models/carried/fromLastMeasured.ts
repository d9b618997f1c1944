import type {Forecast, History, Plan} from '../../data/history';
import {countOf, targetTimes, timesIn, timesOf, timesOfRows} from '../../data/times';
import type {Trajectories} from '../../data/trajectories';
import {ndarray, type NdArray} from '../../math/ndarray';
import type {FitContext, FittedForecaster, ForecasterOf} from '../forecaster';

/**
 * The same method, asked from each unit's last measurement on: what was given from then to t_c becomes the beginning of
 * the plan, and the forecasts up to t_c are left out. For decisions between two measurements, of which a network has
 * seen none in training where every time of its units has one. It knows the same, in another place.
 */
export function fromLastMeasured<F extends FittedForecaster>(forecaster: ForecasterOf<F>): ForecasterOf<F> {
  return Object.freeze({
    name: forecaster.name,
    information: forecaster.information,
    async fit(train: Trajectories, validation: Trajectories, context: FitContext) {
      const fitted = await forecaster.fit(train, validation, context);
      const forecast = async (history: History, plan: Plan): Promise<Forecast> => {
        const late = Array.from({length: history.outcomes.shape[0]}, (_, i) => timesSince(history, i));
        if (late.every(steps => steps === 0)) return fitted.forecast(history, plan);
        const earlier = moved(history, plan, late), {mean, samples} = await fitted.forecast(...earlier);
        const width = plan.treatments.shape[1], rest = (array: NdArray) => behind(array, late, width);
        return {time: targetTimes(plan), mean: rest(mean), ...(samples && {samples: rest(samples)})};
      };
      return Object.freeze({...fitted, forecast}) as F;
    },
  });
}

/** How many times of unit `i` come after its last measurement; none where nothing was measured. */
function timesSince(history: History, i: number): number {
  const {observed: {shape: [, L, dy], data}} = history, count = countOf(history, i);
  const isSeen = (k: number) => data.subarray((i * L + k) * dy, (i * L + k + 1) * dy).some(v => v === 1);
  for (let k = count - 1; k >= 0; k--) if (isSeen(k)) return count - 1 - k;
  return 0;
}

/** The same question from `late[i]` times earlier on. */
function moved(history: History, plan: Plan, late: readonly number[]): [History, Plan] {
  const known = late.map((steps, i) => Array.from(timesOf(history, i)).slice(0, countOf(history, i) - steps));
  const ahead = late.map((steps, i) =>
    [...Array.from(timesOf(history, i)).slice(countOf(history, i) - 1 - steps), ...timesOf(plan, i).slice(1)]);
  const past = timesOfRows(known), future = timesOfRows(ahead), L = timesIn(past.time), S = timesIn(future.time) - 1;
  const [, , da] = plan.treatments.shape, treatments = ndarray([late.length, S, da]);
  late.forEach((steps, i) => {
    const now = countOf(history, i) - 1, given = row(history.treatments, i).subarray((now - steps) * da, now * da);
    treatments.data.set(given, i * S * da);
    treatments.data.set(row(plan.treatments, i).subarray(0, (countOf(plan, i) - 1) * da), i * S * da + given.length);
  });
  const cut = (array: NdArray, before: number) => upTo(array, known.map(times => times.length - before), L - before);
  return [
    {...past, outcomes: cut(history.outcomes, 0), observed: cut(history.observed, 0),
      treatments: cut(history.treatments, 1), statics: history.statics},
    {...future, treatments},
  ];
}

/** Unit `i` of `[N, T, d]`. */
const row = ({shape: [, T, d], data}: NdArray, i: number): Float64Array => data.subarray(i * T * d, (i + 1) * T * d);

/** The first `counts[i]` times of each unit, `[N, width, d]`; 0 behind them. */
function upTo(array: NdArray, counts: readonly number[], width: number): NdArray {
  const [N, , d] = array.shape, out = ndarray([N, width, d]);
  counts.forEach((count, i) => out.data.set(row(array, i).subarray(0, count * d), i * width * d));
  return out;
}

/** `[..., N, S, d]` without the first `late[i]` steps of each unit, `[..., N, width, d]`. */
function behind({shape, data}: NdArray, late: readonly number[], width: number): NdArray {
  const [N, S, d] = shape.slice(-3), draws = shape.slice(0, -3), out = ndarray([...draws, N, width, d]);
  for (let at = 0; at * S * d < data.length; at++) {
    const from = at * S + late[at % N];
    out.data.set(data.subarray(from * d, Math.min(from + width, (at + 1) * S) * d), at * width * d);
  }
  return out;
}
