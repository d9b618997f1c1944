import type {PreprocessingOptions, Transform} from '../data';
import type {AdamOptions} from './adam';
import type {Engine} from './engine';
import type {Selection} from './functions';
import type {Schedule} from './loop';
import type {DrawOptions} from './predictor';

/** How a network is trained; `draws` and `rng` are those of its forecasts. */
export interface LearningOptions extends Schedule, DrawOptions {
  /** Rows in a batch, >= 1. */
  readonly batch: number;
  /** Steps ahead that the training loss looks, >= 1. */
  readonly horizon: number;
  /**
   * Decision indices to train on, each in [0, T - 2]; default all of them. Each epoch draws one for every unit and
   * repeat.
   * @paper section 4.3
   */
  readonly decisions?: readonly number[];
  /** How often every unit is seen in an epoch, >= 1; default 1. */
  readonly repeats?: number;
  /** Short for `preprocessing: {outcomes: {transform}}`; give one of both. */
  readonly transform?: Transform | readonly Transform[];
  /**
   * How outcomes, treatments and statics are scaled; default: standardised, but for statics that are only on or off.
   */
  readonly preprocessing?: PreprocessingOptions;
  /** Settings of Adam; default: its authors'. */
  readonly adam?: AdamOptions;
  /**
   * Which epoch's weights are kept: those with the smallest such error on validation data (default `squaredError`),
   * which `patience` goes by too, or `'last'`, those of the last epoch.
   */
  readonly select?: Selection | 'last';
  /** What runs the steps; default: `defaultProvider`. */
  readonly engine?: Engine;
  /**
   * Folder for checkpoints; the file is named after the training's identity, so that trainings never mix. Default: none
   * is written.
   */
  readonly checkpoints?: string;
}
