import {expect} from '../../errors';
import {ndarray, type NdArray} from '../../math/ndarray';
import type {FitContext, FittedForecaster, ForecasterOf} from '../forecaster';
import type {Trajectories} from '../../data/trajectories';

export interface BinaryTreatmentsOptions {
  /**
   * `[da]`: a treatment counts as on where its value is above this, in the treatment's own unit; finite. Default 0 for
   * each. A dose is on above 0. A concentration that decays without ever reaching 0 needs a higher value, else *on*
   * means *given at least once so far*.
   */
  readonly above?: readonly number[];
}

/**
 * The same method, told of each treatment only whether it is on, for methods made for binary treatments. Training data,
 * histories and plans are all seen this way, and every table says so.
 * @paper A.3.1, where values are probabilities of on; the released program uses thresholds instead, and so does this,
 * because a plan then has one meaning
 * @throws ArgumentError unless there is one finite threshold for each treatment
 */
export function binaryTreatments<F extends FittedForecaster>(
  forecaster: ForecasterOf<F>, {above}: BinaryTreatmentsOptions = {},
): ForecasterOf<F> {
  const information = 'history + plan, treatments on or off' as const;
  expect(above === undefined || above.every(Number.isFinite), {
    fn: 'binaryTreatments', argument: 'above', expected: 'of finite numbers', received: above,
  });
  const seen = <T extends {readonly treatments: NdArray}>(data: T): T => onOrOff(data, above);
  return Object.freeze({
    name: forecaster.name,
    information,
    async fit(train: Trajectories, validation: Trajectories, context: FitContext) {
      const fitted = await forecaster.fit(seen(train), seen(validation), context);
      const told: Partial<FittedForecaster> = fitted.onOrOff?.(above ?? train.channels.treatments.map(() => 0)) ?? {
        forecast: (history, plan) => fitted.forecast(seen(history), seen(plan)),
        ...(fitted.weigh && {weigh: (like, question) => fitted.weigh!(seen(like), question)}),
      };
      return Object.freeze({...fitted, ...told, information}) as F;
    },
  });
}

/** Every treatment as 1 where it is above its threshold, else 0. */
function onOrOff<T extends {readonly treatments: NdArray}>(data: T, above?: readonly number[]): T {
  const {shape, data: values} = data.treatments, da = shape[shape.length - 1];
  expect(above === undefined || above.length === da, {
    fn: 'binaryTreatments', argument: 'above', expected: `${da} numbers, one for each treatment`, received: above,
  });
  return Object.freeze({
    ...data, treatments: ndarray(shape, values.map((v, i) => (v > (above?.[i % da] ?? 0) ? 1 : 0))),
  });
}
