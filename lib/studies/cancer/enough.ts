import {enoughTraining, type EnoughTraining, type EnoughTrainingOptions} from '../../experiments';
import {fold, mean, rng} from '../../math';
import {DivergenceError} from '../../training';
import {cancerDraw} from './draw';
import {CHOOSING_SEEDS, cancerForecasters} from './methods';

/** Options of {@link enoughForCancer}. */
export interface EnoughForCancerOptions extends Pick<EnoughTrainingOptions, 'passes' | 'most'> {
  /** Patients to train on and as many to choose by, in each draw, >= 1; default 1,000. */
  readonly patients?: number;
  /** Folder for checkpoints. Default: none are written. */
  readonly checkpoints?: string;
  /** Called after each pass of the rule over the draws. */
  readonly onTried?: (training: {readonly passes: number; readonly rate: number}) => void;
}

/**
 * How long and how fast to train a method on these data, see `enoughTraining`. A training counts by its lowest error
 * on validation patients, mean over the draws of {@link CHOOSING_SEEDS}: a rate must serve more than one draw.
 * @throws ArgumentError for a method that does not exist
 */
export function enoughForCancer(
  method: string, {patients = 1000, checkpoints, onTried, ...options}: EnoughForCancerOptions = {},
): Promise<EnoughTraining> {
  const draws = CHOOSING_SEEDS.map(seed => ({seed, ...cancerDraw({seed, gamma: 4, patients, tested: 1})}));
  return enoughTraining(async training => {
    const {passes: epochs, rate} = training, errors: number[] = [];
    for (const {seed, train, validation} of draws) {
      const [{forecaster}] = cancerForecasters({models: [method], epochs, rate, checkpoints});
      const fitted = await forecaster.fit(train, validation, {rng: fold(rng(seed), 'fit')}).catch(unlessDiverged);
      errors.push(Math.min(Infinity, ...fitted?.curve.map(e => e.validation) ?? []));
      await fitted?.dispose?.();
    }
    onTried?.(training);
    return mean(errors);
  }, options);
}

const unlessDiverged = (error: Error): undefined => {
  if (!(error instanceof DivergenceError)) throw error;
};
