import type {NdArray} from '../math/ndarray';

/**
 * What is known at the decision time t_c, and nothing else: outcomes up to and including t_c, treatments strictly before it.
 * Made only by `historyAt` (one place cuts the data), so a forecast cannot see the future by construction.
 * @paper section 2: o_[0,tc) and y_tc
 */
export interface History {
  /** `[c+1]`, ends at t_c. */
  readonly time: Float64Array;
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
export interface Plan {
  /** `[s+1]`: t_c and the s times to forecast. */
  readonly time: Float64Array;
  /** `[N, s, da]`: treatment k acts on `(time[k], time[k+1]]`. */
  readonly treatments: NdArray;
}

/** What a forecaster answers, in the outcomes' own units. */
export interface Forecast {
  /** `[s]`: the plan's times without t_c. */
  readonly time: Float64Array;
  /** `[N, s, dy]`: conditional mean (or the model's point forecast) at each time. */
  readonly mean: NdArray;
  /** `[S, N, s, dy]` draws, where the model has them. */
  readonly samples?: NdArray;
}
