import type {NdArray} from '../math/ndarray';
import type {Timed, Times} from './times';

/**
 * What is known at the decision time t_c, and nothing else: outcomes up to and including t_c, treatments strictly
 * before it. Made only by `historyAt` (one place cuts the data), so a forecast cannot see the future by construction.
 * @paper section 2: o_[0,tc) and y_tc
 */
export interface History extends Timed {
  /**
   * `[c+1]`, ends at t_c; or `[N, c+1]` where units have times of their own: each row's first `counts` times end at its
   * t_c.
   */
  readonly time: Times;
  /** `[N]`: how many times each row holds; absent: all. What stands behind them is 0 and not observed. */
  readonly counts?: Int32Array;
  /** `[N, c+1, dy]` */
  readonly outcomes: NdArray;
  /** `[N, c, da]`: treatment k acts on `(time[k], time[k+1]]`. */
  readonly treatments: NdArray;
  /** `[N, c+1, dy]`, 1 where measured. */
  readonly observed: NdArray;
  /** `[N, ds]` */
  readonly statics: NdArray;
}

/** The treatment path to forecast under. @paper section 2: a_[tc, tc+s) */
export interface Plan extends Timed {
  /** `[s+1]`: t_c and the s times to forecast; or `[N, s+1]`, each row's own. */
  readonly time: Times;
  /** `[N]`: how many times each row has, t_c included; absent: all. */
  readonly counts?: Int32Array;
  /** `[N, s, da]`: treatment k acts on `(time[k], time[k+1]]`. */
  readonly treatments: NdArray;
}

/** What a forecaster answers, in the outcomes' own units. */
export interface Forecast {
  /** `[s]` or `[N, s]`: the plan's times without t_c, see `targetTimes`. */
  readonly time: Times;
  /**
   * `[N, s, dy]`: conditional mean (or the model's point forecast) at each time; what stands behind a row's last time
   * means nothing.
   */
  readonly mean: NdArray;
  /** `[S, N, s, dy]` draws, where the model has them. */
  readonly samples?: NdArray;
}

/** A history of units on one grid. */
export interface GridHistory extends History {
  readonly time: Float64Array;
}

/** A plan on one grid. */
export interface GridPlan extends Plan {
  readonly time: Float64Array;
}
