import {expect} from '../../errors';
import {fold, mean, normal, sd, uniform, type Rng} from '../../math';
import {asStates, swing} from './dynamics';

/** Numbers of the nonlinear referee: a damped pendulum, seen with noise, pushed by someone who knows the noise. */
export interface PendulumRefereeOptions {
  /** Patients, >= 2; default 400. */
  readonly units?: number;
  /** Particles for each, >= 2; default 400. Too few leave a bias of their own, which grows against the standard error as units are added. */
  readonly particles?: number;
  /** Outcomes seen before and at the decision, >= 1; default 4. */
  readonly observations?: number;
  /** Steps of the plan, >= 1; default 2. */
  readonly horizon?: number;
  /** Torque of the plan; default 1.5. */
  readonly plan?: number;
  /** Weight of the hidden confounder in the policy; default 1. */
  readonly confounding?: number;
}

/** What the filter is told, and how far its forecasts are from simulated interventions. */
export interface PendulumRefereeRow {
  readonly filter: 'equation (4)' | 'planned dose taken as observed' | 'outcomes only';
  /** Mean of simulated outcome minus forecast: 0 when right. @unit rad */
  readonly bias: number;
  /** Its standard error. */
  readonly standardError: number;
  /** `bias / standardError`. */
  readonly z: number;
  /** The same ratio for residual x last observed treatment: 0 when no information in the history is misread. */
  readonly zHistory: number;
  /** Simulated outcome minus forecast, `[units]`. @unit rad */
  readonly residuals: Float64Array;
}

const STEP = 0.5, PROCESS = 0.1, OUTCOME = 0.4, POLICY = -0.8, POLICY_NOISE = 0.5;

/**
 * Simulates units under a confounded policy, stops them, sets the plan in the simulator and compares with forecasts
 * from a particle filter for p(z_t | y_t, o): pendulum `θ' = ω, ω' = -sin θ - 0.3 ω + a`, `y = θ + 0.4 ε`,
 * `a = -0.8 y + c ε + noise`.
 * @throws ArgumentError for numbers of units, particles, observations or steps that are not whole, or too small
 * @paper equation (4), with particles in place of the integrals
 * @reference Gordon, Salmond & Smith 1993, doi:10.1049/ip-f-2.1993.0015 (bootstrap filter)
 */
export function pendulumReferee(rng: Rng, options: PendulumRefereeOptions = {}): PendulumRefereeRow[] {
  const {units = 400, particles = 400, observations = 4, horizon = 2, plan = 1.5, confounding = 1} = options;
  for (const [argument, value, least] of [
    ['units', units, 2], ['particles', particles, 2], ['observations', observations, 1], ['horizon', horizon, 1],
  ] as const) {
    expect(Number.isInteger(value) && value >= least, {
      fn: 'pendulumReferee', argument, expected: `a whole number >= ${least}`, received: value,
    });
  }
  const settings = {units, particles, observations, horizon, plan, confounding};
  const world = simulate(fold(rng, 'world'), settings);
  const feature = observations > 1 ? world.treatments.at(-1)! : world.outcomes.at(-1)!;
  return (['equation (4)', 'planned dose taken as observed', 'outcomes only'] as const).map(filter => {
    const forecast = particleForecast(fold(rng, filter), filter, world, settings);
    const residual = world.answer.map((y, i) => y - forecast[i]), crossed = residual.map((r, i) => r * feature[i]);
    const se = sd(residual) / Math.sqrt(units), bias = mean(residual);
    return {
      filter, bias, standardError: se, z: bias / se, zHistory: mean(crossed) / (sd(crossed) / Math.sqrt(units)),
      residuals: residual,
    };
  });
}

type Settings = Required<PendulumRefereeOptions>;

/** `outcomes[k]`, `treatments[k]` are `[units]`; `answer` is the simulated outcome under the plan. */
interface World {
  readonly outcomes: Float64Array[];
  readonly treatments: Float64Array[];
  readonly answer: Float64Array;
}

function simulate(rng: Rng, {units, observations, horizon, plan, confounding}: Settings): World {
  let z = start(fold(rng, 'start'), units);
  const outcomes: Float64Array[] = [], treatments: Float64Array[] = [];
  for (let k = 0; k < observations; k++) {
    const hidden = normal(fold(fold(rng, 'ε'), k), units);
    const extra = normal(fold(fold(rng, 'policy'), k), units, {sd: POLICY_NOISE});
    const y = hidden.map((e, i) => z[2 * i] + OUTCOME * e);
    outcomes.push(y);
    if (k === observations - 1) break;
    const a = y.map((value, i) => POLICY * value + confounding * hidden[i] + extra[i]);
    treatments.push(a);
    z = advance(fold(fold(rng, 'move'), k), z, i => a[i]);
  }
  for (let k = 0; k < horizon; k++) z = advance(fold(fold(rng, 'plan'), k), z, () => plan);
  const noise = normal(fold(rng, 'answer'), units, {sd: OUTCOME});
  return {outcomes, treatments, answer: noise.map((e, i) => z[2 * i] + e)};
}

/** Bootstrap filter for all units at once; particle j of unit i sits at i * particles + j. */
function particleForecast(
  rng: Rng, filter: PendulumRefereeRow['filter'], world: World,
  {units, particles, observations, horizon, plan, confounding}: Settings,
): Float64Array {
  let z = start(fold(rng, 'start'), units * particles);
  const owner = (i: number) => Math.floor(i / particles), count = units * particles;
  for (let k = 0; k < observations; k++) {
    const y = world.outcomes[k], seen = k < observations - 1, a = seen ? world.treatments[k] : null;
    const useDose = filter !== 'outcomes only' && (seen || filter === 'planned dose taken as observed');
    const logWeight = new Float64Array(count);
    for (let i = 0; i < count; i++) {
      const u = owner(i), epsilon = (y[u] - z[2 * i]) / OUTCOME, dose = a ? a[u] : plan;
      const surprise = (dose - POLICY * y[u] - confounding * epsilon) / POLICY_NOISE;
      logWeight[i] = -0.5 * epsilon ** 2 - (useDose ? 0.5 * surprise ** 2 : 0);
    }
    z = resample(fold(fold(rng, 'resample'), k), z, logWeight, particles);
    if (a) z = advance(fold(fold(rng, 'move'), k), z, i => a[owner(i)]);
  }
  for (let k = 0; k < horizon; k++) z = advance(fold(fold(rng, 'plan'), k), z, () => plan);
  const angles = Float64Array.from({length: count}, (_, i) => z[2 * i]);
  return Float64Array.from({length: units}, (_, u) => mean(angles.subarray(u * particles, (u + 1) * particles)));
}

/** Angle and speed of n pendulums, `[n * 2]`. */
function start(rng: Rng, n: number): Float64Array {
  return asStates(normal(rng, 2 * n, {sd: 0.8}));
}

/** @param torque of pendulum i */
function advance(rng: Rng, z: Float64Array, torque: (i: number) => number): Float64Array {
  const end = swing(z, Float64Array.from({length: z.length / 2}, (_, i) => torque(i)), STEP);
  const noise = asStates(normal(rng, z.length, {sd: PROCESS}));
  return end.map((v, i) => v + noise[i]);
}

/** Systematic resampling within each unit. */
function resample(rng: Rng, z: Float64Array, logWeight: Float64Array, particles: number): Float64Array {
  const n = logWeight.length, out = new Float64Array(2 * n), shift = uniform(rng, n / particles);
  for (let u = 0; u < n / particles; u++) {
    const first = u * particles, own = logWeight.subarray(first, first + particles);
    const top = own.reduce((a, b) => Math.max(a, b)), weight = own.map(w => Math.exp(w - top));
    const total = weight.reduce((a, b) => a + b, 0);
    for (let j = 0, k = 0, sum = weight[0]; j < particles; j++) {
      const mark = (j + shift[u]) / particles * total;
      while (sum < mark && k < particles - 1) sum += weight[++k];
      out.set(z.subarray(2 * (first + k), 2 * (first + k) + 2), 2 * (first + j));
    }
  }
  return out;
}
