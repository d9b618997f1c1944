import type {Scenario} from '../../../data/cohort';
import {ArgumentError, expect} from '../../../errors';
import {ndarray, type NdArray} from '../../../math/ndarray';
import {LARGEST_DIAMETER, sphereDiameter, sphereVolume} from './geometry';
import type {CancerNoise} from './noise';
import type {CancerParameters} from './parameters';
import type {CancerPolicy} from './policy';
import {printedCancer} from './printed';
import {releasedCancer} from './released';
import type {CancerStepper, CancerVariant, CancerVariantName} from './variant';

/** What a simulation gives. */
export interface CancerSimulation {
  /** `[N, T, 2]`: volume [cm³] and weight [kg]. */
  readonly outcomes: NdArray;
  /** `[N, T, 2]`: chemotherapy concentration C_t [mg/m³] and radiotherapy dose d_t [Gy]; the last time is 0, it is never used. */
  readonly treatments: NdArray;
  /** `[N, T, 2]`: chemotherapy dose [mg/m³] and radiotherapy dose [Gy] as prescribed. */
  readonly doses: NdArray;
  /** `[N, T, 2]`: 1 while the patient is followed; everything after death or recovery is 0, as is the weight at that time. */
  readonly observed: NdArray;
}

const VARIANTS: Readonly<Record<CancerVariantName, CancerVariant>> = {released: releasedCancer, printed: printedCancer};

/**
 * The two readings of the model by name.
 * @throws ArgumentError for another name
 */
export function cancerVariant(name: CancerVariantName): CancerVariant {
  expect(Object.hasOwn(VARIANTS, name), {
    fn: 'cancerVariant', argument: 'name', expected: "'released' or 'printed'", received: name,
  });
  return VARIANTS[name];
}

/**
 * Runs the model: a pure function of the patients' constants, their noise and the policy.
 * @param noise `[N, T-1]`, decides T
 * @param policy asked once a step and patient
 * @throws ArgumentError when sizes do not fit or the policy answers anything but finite doses >= 0
 */
export function simulateCancer(
  parameters: CancerParameters, noise: CancerNoise, policy: CancerPolicy, variant = releasedCancer,
): CancerSimulation {
  return runCancer({parameters, noise, policy, variant});
}

/** What a run needs. @internal */
export interface CancerModel {
  readonly parameters: CancerParameters;
  /** `[N, T-1]` */
  readonly noise: CancerNoise;
  readonly policy: CancerPolicy;
  readonly variant: CancerVariant;
}

/** Whoever decides in place of the policy: sets concentration and dose themselves. */
type Intervention = Pick<Scenario, 'treatment' | 'quietFrom'> & Partial<Pick<Scenario, 'times'>>;

const nobody: Intervention = {treatment: () => undefined, quietFrom: Infinity};

/**
 * {@link simulateCancer}, also under treatments that are set from outside.
 * @throws ArgumentError as there, and for treatments that are not finite and >= 0
 * @internal
 */
export function runCancer(model: CancerModel, how: Intervention = nobody): CancerSimulation {
  const N = model.parameters.rho.length, [noiseN, steps] = model.noise.volume.shape, T = how.times ?? steps + 1;
  expect(noiseN === N, {
    fn: 'simulateCancer', argument: 'noise', expected: `for ${N} patients`, received: model.noise.volume.shape,
  });
  const run = {
    outcomes: ndarray([N, T, 2]), treatments: ndarray([N, T, 2]), doses: ndarray([N, T, 2]),
    observed: ndarray([N, T, 2]),
  };
  const moving = {...model, advance: model.variant.stepper(model.parameters)};
  for (let i = 0; i < N; i++) simulatePatient(i, moving, how, run);
  return Object.freeze(run);
}

type MovingModel = CancerModel & {readonly advance: CancerStepper};

function simulatePatient(i: number, model: MovingModel, how: Intervention, run: CancerSimulation): void {
  const {parameters, noise, variant, advance} = model, {outcomes, treatments, doses, observed} = run;
  const T = outcomes.shape[1], first = 2 * i * T;
  const state = Float64Array.of(parameters.initialVolume[i], parameters.initialWeight[i]), recent = new Float64Array(T);
  recent[0] = sphereDiameter(state[0]);
  outcomes.data.set(state, first);
  observed.data.fill(1, first, first + 2);
  for (let t = 0, left = 0; t < T - 1; t++) {
    const k = i * noise.volume.shape[1] + t, now = first + 2 * t, next = now + 2, quiet = t >= how.quietFrom;
    const meanDiameter = meanOfLast(recent, t, variant.window);
    const {chemo, radio, concentration} = given({unit: i, step: t, k, left, meanDiameter}, model, how);
    doses.data.set([chemo, radio], now);
    treatments.data.set([concentration, radio], now);
    left = concentration * variant.carryOver;
    const noiseVolume = quiet ? 0 : noise.volume.data[k], noiseWeight = quiet ? 0 : noise.weight.data[k];
    // Without chance nobody dies or recovers, and what has vanished stays as it is.
    if (state[0] > 0) recent[t + 1] = advance(i, state, {chemo: concentration, radio, noiseVolume, noiseWeight});
    const end = variant.stops && !quiet ? endOfSeries(state[0], noise.recovery.data[k]) : undefined;
    outcomes.data[next] = end ?? state[0];
    observed.data[next] = 1;
    if (end !== undefined) return;
    outcomes.data[next + 1] = state[1];
    observed.data[next + 1] = 1;
  }
}

interface Moment {
  readonly unit: number;
  readonly step: number;
  /** Index into the noise. */
  readonly k: number;
  /** Concentration left from the step before. */
  readonly left: number;
  readonly meanDiameter: number;
}

/** What is given in a step: what is set from outside, or else what the policy prescribes. */
function given({unit, step, k, left, meanDiameter}: Moment, {noise, policy}: CancerModel, {treatment}: Intervention) {
  const set = treatment(unit, step);
  if (set) {
    const [concentration, radio] = checked([set[0], set[1]], unit, step);
    return {chemo: concentration - left, radio, concentration};
  }
  const uniform = {radio: noise.dose.data[2 * k], chemo: noise.dose.data[2 * k + 1]};
  const [chemo, radio] = checked(policy({unit, step, meanDiameter, uniform}), unit, step);
  return {chemo, radio, concentration: left + chemo};
}

/** Volume at death or recovery; undefined while the series goes on. */
function endOfSeries(volume: number, u: number): number | undefined {
  const largest = sphereVolume(LARGEST_DIAMETER);
  if (volume > largest) return largest;
  // A tumour of fewer cells is likelier to vanish; no volume below or at 0 goes on, for the logarithm's sake.
  return u / 50 > volume || volume <= 0 ? 0 : undefined;
}

function meanOfLast(values: Float64Array, t: number, window: number): number {
  const from = Math.max(t - window + 1, 0);
  let sum = 0;
  for (let k = from; k <= t; k++) sum += values[k];
  return sum / (t - from + 1);
}

function checked(doses: readonly [number, number], unit: number, step: number): readonly [number, number] {
  const [chemo, radio] = doses;
  if (chemo >= 0 && radio >= 0 && chemo + radio < Infinity) return doses;
  throw new ArgumentError({
    fn: 'simulateCancer', argument: 'policy', expected: 'a function that answers two finite doses >= 0',
    received: doses, remedy: `Patient ${unit}, step ${step}.`,
  });
}
