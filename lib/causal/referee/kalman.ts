import {expect} from '../../errors';

/**
 * Scalar model `z' = decay z + effect a + process noise`, `y = z + outcome ε + sensor noise`,
 * `a = (known part) + treatment ε + policy noise`, ε ~ N(0, 1) fresh at each time.
 */
export interface ConfoundedModel {
  readonly decay: number;
  readonly effect: number;
  readonly processSd: number;
  /** Weight of the hidden confounder in the outcome and in the treatment. */
  readonly confounding: {readonly outcome: number; readonly treatment: number};
  readonly sensorSd: number;
  readonly policySd: number;
  readonly initialSd: number;
}

/** Mean and variance of the present state. */
export interface FilterState {
  readonly mean: number;
  readonly variance: number;
}

/**
 * One time of the history: the outcome, and the treatment with what the policy's known part would have given; the last
 * time has no treatment yet.
 */
export interface HistoryPoint {
  /** Absent where nothing was measured: allowed at the last time, the decision. */
  readonly y?: number;
  readonly a?: number;
  readonly expectedA?: number;
}

/**
 * The filter p(z_t | y_t, o) when treatments share a hidden cause with outcomes: each past treatment is a second
 * measurement, because it says something about ε and so about how far y was off. With confounding 0 it is the ordinary
 * Kalman filter.
 * @throws ArgumentError when a point before the last one has no outcome or no treatment.
 * @reference Kalman 1960, doi:10.1115/1.3662552
 */
export function confoundedKalman(model: ConfoundedModel, history: readonly HistoryPoint[]): FilterState {
  let state: FilterState = {mean: 0, variance: model.initialSd ** 2};
  history.forEach(({y, a, expectedA = 0}, k) => {
    const last = k === history.length - 1;
    if (last && y === undefined) return;
    expect(y !== undefined, {
      fn: 'confoundedKalman', argument: `history[${k}].y`, expected: 'the outcome measured', received: y,
    });
    const {belief, epsilon} = seeOutcome(model, state, y);
    if (last) { state = belief; return; }
    expect(a !== undefined, {
      fn: 'confoundedKalman', argument: `history[${k}].a`, expected: 'the treatment given', received: a,
    });
    const after = seeTreatment(model, belief, epsilon, a - expectedA);
    state = {mean: model.decay * after.mean + model.effect * a, variance: model.decay ** 2 * after.variance
      + model.processSd ** 2};
  });
  return state;
}

interface Epsilon { readonly mean: number; readonly variance: number; readonly withState: number }

/** Updates the joint belief about (z, ε) with y. */
function seeOutcome(
  {confounding: {outcome: c}, sensorSd}: ConfoundedModel, {mean, variance}: FilterState, y: number,
): {belief: FilterState; epsilon: Epsilon} {
  const total = variance + c * c + sensorSd ** 2, gain = variance / total, gainE = c / total, surprise = y - mean;
  return {
    belief: {mean: mean + gain * surprise, variance: variance - gain * variance},
    epsilon: {mean: gainE * surprise, variance: 1 - gainE * c, withState: -gain * c},
  };
}

/**
 * What one unit of the treatment's unexplained part says about the present state, once the outcome has been seen: the
 * regression coefficient of z on it, when z had variance `variance` before that outcome. Negative, or 0 without
 * confounding or for a known state.
 */
export function treatmentGain(model: ConfoundedModel, variance: number): number {
  return gainOf(model, seeOutcome(model, {mean: 0, variance}, 0).epsilon);
}

function gainOf({confounding: {treatment: g}, policySd}: ConfoundedModel, epsilon: Epsilon): number {
  const total = g * g * epsilon.variance + policySd ** 2;
  return total === 0 ? 0 : g * epsilon.withState / total;
}

/** Updates the belief about z with the treatment's unexplained part. */
function seeTreatment(model: ConfoundedModel, belief: FilterState, epsilon: Epsilon, unexplained: number): FilterState {
  const gain = gainOf(model, epsilon), g = model.confounding.treatment;
  return {mean: belief.mean + gain * (unexplained - g * epsilon.mean), variance: belief.variance
    - gain * g * epsilon.withState};
}
