import type {Rng} from '../math/rng';
import type {Trajectories} from '../data/trajectories';
import type {Forecast, History, Plan} from '../data/history';

/**
 * What a forecaster may use beyond the training data; printed beside its name in every table,
 * so that numbers with different information sets are never compared unmarked.
 */
export type Information =
  /** the full history and the planned treatments: the paper's setting */
  | 'history + plan'
  /** the full history and plan, but of each treatment only whether it is on; see `binaryTreatments` */
  | 'history + plan, treatments on or off'
  /** the full history, blind to the plan */
  | 'history'
  /** the last observation only */
  | 'last outcome'
  /** nothing about the unit */
  | 'none'
  /** the simulator's equations and priors, with unit parameters inferred from the history */
  | 'equations + history + plan'
  /** the simulator's own parameters of each unit: a floor, not a method */
  | 'truth';

/** What fitting is given beside the data. */
export interface FitContext {
  /** The only source of randomness. */
  readonly rng: Rng;
  /** Stops a long fit between steps; the best weights so far are kept on disk, the promise rejects with `AbortError`. */
  readonly signal?: AbortSignal;
  /**
   * Called now and then with the fraction done in [0, 1], a short text and, where there is one, the error on the
   * validation data.
   */
  readonly onProgress?: (fraction: number, text: string, error?: number) => void;
}

/** A forecasting method: learns from trajectories, then answers histories and plans. */
export interface Forecaster {
  readonly name: string;
  readonly information: Information;
  /**
   * Learns from `train`; `validation` may decide when to stop and how far to trust what was learned, on nothing else.
   */
  fit(train: Trajectories, validation: Trajectories, context: FitContext): Promise<FittedForecaster>;
}

/** A forecaster whose `fit` gives an `F`: what wraps one hands on what else it can do. */
export interface ForecasterOf<F extends FittedForecaster> extends Forecaster {
  fit(train: Trajectories, validation: Trajectories, context: FitContext): Promise<F>;
}

/** A fitted method. It sees a {@link History} and a {@link Plan}; there is no other argument to leak through. */
export interface FittedForecaster {
  readonly name: string;
  readonly information: Information;
  /** Answers one plan for each unit of the history. */
  forecast(history: History, plan: Plan): Promise<Forecast>;
  /**
   * For methods that weigh what they learn from: the weights `[n]` that units like these have there, `horizon` steps
   * after index `decision`, for the n of them that are still followed. Says how much such a fit rests on few units; see
   * `diagnose`.
   */
  weigh?(like: Trajectories, question: {readonly decision: number; readonly horizon: number}): Promise<Float64Array>;
  /**
   * For methods that scale treatments themselves: the same one, told of each treatment only whether it is above its
   * threshold `[da]`, in all that it answers and writes. For one that was fitted to treatments that are 0 or 1.
   */
  onOrOff?(above: readonly number[]): FittedForecaster;
  /** For methods that compile programs: frees them. A later forecast compiles them anew. */
  dispose?(): Promise<void>;
}
