import {ndarray, type NdArray} from '../../math/ndarray';
import type {FitContext, FittedForecaster, Forecaster} from '../forecaster';
import type {Trajectories} from '../../data/trajectories';

/** A forecaster whose `fit` gives an `F`. */
interface ForecasterOf<F extends FittedForecaster> extends Forecaster {
  fit(train: Trajectories, validation: Trajectories, context: FitContext): Promise<F>;
}

/**
 * The same method, told of each treatment only whether its value is above 0, for methods made for binary treatments. Training data,
 * histories and plans are all seen this way, and every table says so. For a treatment that is a dose this means *given*; for one that is
 * a concentration, such as chemotherapy in the cancer data, which never falls back to 0, it means *given at least once so far*, so that
 * next to nothing about later doses is left. The paper discretises too; its released program cuts that concentration at 5.
 * @paper A.3.1
 */
export function binaryTreatments<F extends FittedForecaster>(forecaster: ForecasterOf<F>): ForecasterOf<F> {
  const information = 'history + plan, treatments on or off' as const;
  return Object.freeze({
    name: forecaster.name,
    information,
    async fit(train: Trajectories, validation: Trajectories, context: FitContext) {
      const fitted = await forecaster.fit(onOrOff(train), onOrOff(validation), context);
      return Object.freeze({...fitted, information, forecast: (history, plan) => fitted.forecast(onOrOff(history), onOrOff(plan))}) as F;
    },
  });
}

/** Every treatment as 1 where it is above 0, else 0. */
function onOrOff<T extends {readonly treatments: NdArray}>(data: T): T {
  const {shape, data: values} = data.treatments;
  return Object.freeze({...data, treatments: ndarray(shape, values.map(v => (v > 0 ? 1 : 0)))});
}
