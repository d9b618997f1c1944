import {fold, normal, type Rng} from '../../../math';
import type {Person} from '../kinetics/person';
import {KINETIC, type CovariateModel} from './covariateModel';
import {featureNames, features} from './features';

/** From a person to six logarithms that are known before: the mechanism that is corrected. */
export type Anchor = (person: Person) => Float64Array;

/** Options of corrections. */
export interface CorrectionOptions {
  /** Whether the input is corrected too: by a gain that depends on how fast a dose comes. Default false. */
  readonly input?: boolean;
  /** What corrections are told of a person, `[11]`. Default {@link features}. */
  readonly read?: (person: Person) => Float64Array;
}

/** The penalty on the gain of the input, beside those on corrections of compartments. */
const GAIN_PENALTY = 1;

const F = featureNames.length;

/** An anchor and the features, worked out once a person: fits ask for them many thousand times. */
function known(
  anchor: Anchor, read: (person: Person) => Float64Array = features,
): (person: Person) => {logs: Float64Array; x: Float64Array} {
  const kept = new WeakMap<Person, {logs: Float64Array; x: Float64Array}>();
  return person => {
    const found = kept.get(person) ?? {logs: anchor(person), x: read(person)};
    kept.set(person, found);
    return found;
  };
}

/**
 * Compartments of an anchor times `exp(b + A features)`: linear corrections of logarithms, all 0 at the start. The six
 * levels b are free, the rest is penalised.
 */
export function linearCorrections(
  name: string, anchor: Anchor, {input = false, read}: CorrectionOptions = {},
): CovariateModel {
  const gains = Number(input), p = KINETIC * (F + 1) + gains, of = known(anchor, read);
  return Object.freeze<CovariateModel>({
    name, gains, start: new Float64Array(p),
    penalised: Float64Array.from({length: p}, (_, j) => penaltyOf(j)),
    locals(constants, person) {
      const {logs, x} = of(person), out = new Float64Array(KINETIC + gains);
      for (let k = 0; k < KINETIC; k++) {
        out[k] = logs[k] + constants[k];
        for (let f = 0; f < F; f++) out[k] += constants[KINETIC + k * F + f] * x[f];
      }
      if (input) out[KINETIC] = constants[p - 1];
      return out;
    },
  });
}

const penaltyOf = (j: number): number => (j < KINETIC ? 0 : j < KINETIC * (F + 1) ? 1 : GAIN_PENALTY);

/** Options of {@link networkCorrections}. */
export interface NetworkCorrectionOptions extends CorrectionOptions {
  /** Units of the hidden layer, >= 1. Default 6. */
  readonly width?: number;
  /** Draws the first weights. */
  readonly rng: Rng;
}

/**
 * Compartments of an anchor times `exp(b + B tanh(W features + w))`: a small network instead of straight lines. The
 * last layer is 0 at the start, so that the fit begins at the anchor; the penalty pulls the last layer to 0 and the
 * first to its draws.
 */
export function networkCorrections(
  name: string, anchor: Anchor, {width = 6, input = false, read, rng}: NetworkCorrectionOptions,
): CovariateModel {
  const gains = Number(input), first = width * (F + 1), last = KINETIC * (width + 1), p = first + last + gains;
  const of = known(anchor, read);
  const start = new Float64Array(p);
  start.set(normal(fold(rng, 'first layer'), first, {sd: 0.5}));
  return Object.freeze<CovariateModel>({
    name, gains, start,
    penalised: Float64Array.from({length: p}, (_, j) => (j < first ? 0.1 : j < first + KINETIC ? 0 : 1)),
    locals(constants, person) {
      const {logs, x} = of(person), out = new Float64Array(KINETIC + gains);
      for (let k = 0; k < KINETIC; k++) out[k] = logs[k] + constants[first + k];
      for (let h = 0; h < width; h++) {
        let z = constants[h * (F + 1) + F];
        for (let f = 0; f < F; f++) z += constants[h * (F + 1) + f] * x[f];
        const unit = Math.tanh(z);
        for (let k = 0; k < KINETIC; k++) out[k] += constants[first + KINETIC + k * width + h] * unit;
      }
      if (input) out[KINETIC] = constants[p - 1];
      return out;
    },
  });
}
