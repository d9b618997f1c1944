import {obsNode, type ObsNodeOptions, type ObsNodeParams} from '../../models';
import {learned, type LearnedForecaster, type LearningOptions} from '../../training';

/**
 * Training settings of the cancer notebooks: volumes and weights as logarithms, decision times from the
 * fourth observation on, eight steps ahead. The rate rises over the first tenth of the steps: without that, form (5)
 * diverges at rates that suit the other networks; latent NODE, G-Net and CF-ODE are none the worse at 18e-3.
 * @paper section 4.3
 * @param epochs passes over the patients, each seen four times a pass; default 60
 */
export function cancerTraining({epochs = 60, ...changes}: Partial<LearningOptions> = {}): LearningOptions {
  return {
    epochs, batch: 100, repeats: 4, horizon: 8, decisions: Array.from({length: 19}, (_, i) => i + 3),
    transform: 'log', rate: {from: 18e-3, to: 18e-5}, warmUp: 0.1,
    adam: {clipNorm: 1}, ...changes,
  };
}

/** Options of {@link obsNodeForCancer}. */
export interface CancerObsNodeOptions {
  /** Passes over the patients, >= 0; default 60. */
  readonly epochs?: number;
  /** Changes to the network. */
  readonly network?: ObsNodeOptions;
  /** Changes to the training. */
  readonly training?: Partial<LearningOptions>;
}

/** ObsNODE with the network and training settings of the cancer notebooks. @paper section 5.1, Table 8 */
export function obsNodeForCancer(
  {epochs, network = {}, training = {}}: CancerObsNodeOptions = {},
): LearnedForecaster<ObsNodeParams> {
  return learned(
    obsNode({width: 32, hidden: 48, ...network}),
    cancerTraining({...(epochs === undefined ? {} : {epochs}), ...training}),
  );
}
