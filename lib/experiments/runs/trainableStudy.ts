import type {Provider} from '../../graph';
import type {Forecaster} from '../../models';
import type {Params, Space} from '../search/space';
import type {TrialTask} from '../trial';

/** One training as plain data: with the library's code, all that its result follows from. */
export interface TrainSpec {
  /** Name of the study. */
  readonly study: string;
  /** Which data are drawn. */
  readonly draw: Params;
  /** Name of the method. */
  readonly model: string;
  /** What differs from the method's own settings. */
  readonly settings: Params;
  /** Of the first weights, the order of the units and the noise; a whole number in [0, 2^31). */
  readonly seed: number;
  readonly budget: TrainBudget;
  readonly engine: Provider;
}

/** How long a training may go on. */
export interface TrainBudget {
  /** Passes over the units, in [0, 10000]; the training's schedule follows from it. */
  readonly epochs: number;
  /**
   * Processor seconds of all runs of this training together, > 0; one that has used them up is interrupted, and goes on
   * where more are given. The result does not follow from it. Default: no limit.
   */
  readonly seconds?: number;
}

/** A study whose trainings can be asked for by specification. */
export interface TrainableStudy {
  readonly name: string;
  /** What may be said of the data that are drawn. */
  readonly draw: {readonly space: Space; readonly defaults: Params};
  /** What may be set, by method. */
  readonly models: Readonly<Record<string, Space>>;
  /** Passes where a specification does not say. */
  readonly epochs: number;
  /**
   * The method and its data.
   * @param checkpoints folder for those of the training
   */
  prepare(spec: TrainSpec, checkpoints: string): Prepared;
}

/** A method, and the data and questions on which it is tried. */
export interface Prepared {
  readonly forecaster: Forecaster;
  readonly task: TrialTask<string>;
}
