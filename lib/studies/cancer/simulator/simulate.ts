import {ArgumentError, expect} from '../../../errors';
import {ndarray, type NdArray} from '../../../math/ndarray';
import {LARGEST_DIAMETER, sphereDiameter, sphereVolume} from './geometry';
import type {CancerNoise} from './noise';
import type {CancerParameters} from './parameters';
import type {CancerPolicy} from './policy';
import {printedCancer} from './printed';
import {releasedCancer} from './released';
import type {CancerVariant, CancerVariantName} from './variant';

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

/** The two readings of the model by name. */
export function cancerVariant(name: CancerVariantName): CancerVariant {
  expect(Object.hasOwn(VARIANTS, name), {fn: 'cancerVariant', argument: 'name', expected: "'released' or 'printed'", received: name});
  return VARIANTS[name];
}

/**
 * Runs the model: a pure function of the patients' constants, their noise and the policy.
 * @param noise `[N, T-1]`, decides T
 * @param policy asked once a step and patient
 * @throws ArgumentError when sizes do not fit or the policy answers anything but finite doses >= 0
 */
export function simulateCancer(parameters: CancerParameters, noise: CancerNoise, policy: CancerPolicy, variant = releasedCancer): CancerSimulation {
  const N = parameters.rho.length, [noiseN, steps] = noise.volume.shape, T = steps + 1;
  expect(noiseN === N, {fn: 'simulateCancer', argument: 'noise', expected: `for ${N} patients`, received: noise.volume.shape});
  const run = {outcomes: ndarray([N, T, 2]), treatments: ndarray([N, T, 2]), doses: ndarray([N, T, 2]), observed: ndarray([N, T, 2])};
  for (let i = 0; i < N; i++) simulatePatient(i, {parameters, noise, policy, variant}, run);
  return Object.freeze(run);
}

interface Model {
  readonly parameters: CancerParameters;
  readonly noise: CancerNoise;
  readonly policy: CancerPolicy;
  readonly variant: CancerVariant;
}

function simulatePatient(i: number, {parameters, noise, policy, variant}: Model, {outcomes, treatments, doses, observed}: CancerSimulation): void {
  const T = outcomes.shape[1], first = 2 * i * T, recent = new Float64Array(T), state = Float64Array.of(parameters.initialVolume[i], parameters.initialWeight[i]);
  recent[0] = sphereDiameter(state[0]);
  outcomes.data.set(state, first);
  observed.data.fill(1, first, first + 2);
  for (let t = 0, concentration = 0; t < T - 1; t++) {
    const k = i * (T - 1) + t, now = first + 2 * t, next = now + 2, uniform = {radio: noise.dose.data[2 * k], chemo: noise.dose.data[2 * k + 1]};
    const [chemo, radio] = checked(policy({unit: i, step: t, meanDiameter: meanOfLast(recent, t, variant.window), uniform}), i, t);
    concentration = concentration * variant.carryOver + chemo;
    doses.data.set([chemo, radio], now);
    treatments.data.set([concentration, radio], now);
    const step = {chemo: concentration, radio, noiseVolume: noise.volume.data[k], noiseWeight: noise.weight.data[k]};
    recent[t + 1] = variant.advance(parameters, i, state, step);
    const end = variant.stops ? endOfSeries(state[0], noise.recovery.data[k]) : undefined;
    outcomes.data[next] = end ?? state[0];
    observed.data[next] = 1;
    if (end !== undefined) return;
    outcomes.data[next + 1] = state[1];
    observed.data[next + 1] = 1;
  }
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
    fn: 'simulateCancer', argument: 'policy', expected: 'a function that answers two finite doses >= 0', received: doses, remedy: `Patient ${unit}, step ${step}.`,
  });
}
