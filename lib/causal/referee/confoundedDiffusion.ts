import {expect} from '../../errors';
import {fold, normal, type Rng} from '../../math';
import type {ConfoundedModel, HistoryPoint} from './kalman';

/**
 * A scalar patient in continuous time: `dz = (drift z + effect a) dt + stateNoise dW`. At a visit the outcome is
 * `y = z + outcome ε + sensorSd v`, the treatment `a = policy y + treatment ε + policySd n`, held until the next visit;
 * ε, v, n are fresh standard normal numbers and nobody records ε.
 * @paper equation (3) and figure 1(b), linear case; `stateNoise: 0` is the paper's ordinary differential equation
 */
export interface ConfoundedDiffusion {
  /** Per unit of time, not 0. */
  readonly drift: number;
  readonly effect: number;
  /** >= 0 */
  readonly stateNoise: number;
  /** Weight of the hidden confounder in the outcome. */
  readonly outcome: number;
  readonly sensorSd: number;
  /** Weight of the outcome in the treatment. */
  readonly policy: number;
  /** Weight of the hidden confounder in the treatment. */
  readonly treatment: number;
  readonly policySd: number;
  readonly initialSd: number;
}

/**
 * A diffusion with the given numbers; defaults are drift -0.6, effect 1, stateNoise 0.3, outcome 0.8, sensorSd 0.3,
 * policy -0.5, treatment 0.8, policySd 0.5, initialSd 1.
 * @throws ArgumentError for numbers that are not finite, a drift of 0 or a negative standard deviation.
 */
export function confoundedDiffusion(options: Partial<ConfoundedDiffusion> = {}): ConfoundedDiffusion {
  const model = {
    drift: -0.6, effect: 1, stateNoise: 0.3, outcome: 0.8, sensorSd: 0.3, policy: -0.5, treatment: 0.8, policySd: 0.5,
    initialSd: 1, ...options,
  };
  const sds = [model.stateNoise, model.sensorSd, model.policySd, model.initialSd];
  expect(model.drift !== 0 && Object.values(model).every(Number.isFinite) && sds.every(s => s >= 0), {
    fn: 'confoundedDiffusion', argument: 'options',
    expected: 'finite numbers, a drift that is not 0 and standard deviations >= 0', received: Object.values(model),
  });
  return Object.freeze(model);
}

/**
 * What more visits mean. `'per visit'`: every visit brings a fresh error of the same size. `'per time'`: errors grow
 * like `1 / sqrt(dt)`, so that an interval holds a fixed amount of information however often it is read (white noise in
 * the limit).
 */
export type VisitNoise = 'per visit' | 'per time';

/** The exact law from one visit to the next, `dt` later, with the treatment held. */
export function discreteModel(
  model: ConfoundedDiffusion, dt: number, noise: VisitNoise = 'per visit',
): ConfoundedModel {
  const decay = Math.exp(model.drift * dt), scale = noise === 'per time' ? 1 / Math.sqrt(dt) : 1;
  return {
    decay, effect: model.effect * (decay - 1) / model.drift,
    processSd: model.stateNoise * Math.sqrt((decay ** 2 - 1) / (2 * model.drift)),
    confounding: {outcome: scale * model.outcome, treatment: scale * model.treatment},
    sensorSd: scale * model.sensorSd, policySd: scale * model.policySd, initialSd: model.initialSd,
  };
}

/** When the past was read, and what is planned. */
export interface DiffusionDesign {
  /** Number K of held treatments before the decision, >= 1; there are K + 1 visits, the last at the decision. */
  readonly visits: number;
  /** Length of the past, > 0. */
  readonly past: number;
  /** Treatment planned at time tau after the decision. */
  readonly plan: (tau: number) => number;
  /** Length of the plan, > 0. */
  readonly horizon: number;
  /** Default `'per visit'`. With `'per time'` there is no outcome at the very instant of the decision. */
  readonly noise?: VisitNoise;
}

/**
 * Patients treated by the policy until the decision, then under the plan: an intervention, carried out in the
 * simulator.
 */
export interface DiffusionTrial {
  readonly design: DiffusionDesign;
  /** `[units][visits + 1]` */
  readonly histories: readonly (readonly HistoryPoint[])[];
  /** Outcome at the end of the plan, `[units]`, read with the error of one visit. */
  readonly answers: Float64Array;
}

/** Options of {@link simulateDiffusion}. */
export interface SimulateDiffusionOptions {
  /** Patients, >= 1; default 5000. */
  readonly units?: number;
  /**
   * Steps in which the plan is followed, >= 1; default 256. Each step is exact but for the plan, which is read at its
   * middle.
   */
  readonly steps?: number;
}

/**
 * Simulates units under the confounded policy, stops them at the decision and sets the plan.
 * @throws ArgumentError unless visits, units and steps are whole numbers >= 1, and past and horizon > 0.
 */
export function simulateDiffusion(
  rng: Rng, model: ConfoundedDiffusion, design: DiffusionDesign,
  {units = 5000, steps = 256}: SimulateDiffusionOptions = {},
): DiffusionTrial {
  const {visits, past, plan, horizon, noise = 'per visit'} = design;
  for (const [argument, value] of [['visits', visits], ['units', units], ['steps', steps]] as const) {
    expect(Number.isInteger(value) && value >= 1, {
      fn: 'simulateDiffusion', argument, expected: 'a whole number >= 1', received: value,
    });
  }
  expect(past > 0 && horizon > 0, {
    fn: 'simulateDiffusion', argument: 'design', expected: 'past and horizon > 0', received: [past, horizon],
  });
  const before = discreteModel(model, past / visits, noise);
  const histories = Array.from({length: units}, (): HistoryPoint[] => []);
  let z = normal(fold(rng, 'start'), units, {sd: model.initialSd});
  for (let k = 0; k <= visits; k++) {
    const visit = readAndTreat(fold(fold(rng, 'visit'), k), before, model.policy, z), last = k === visits;
    histories.forEach((h, i) => h.push(last
      ? (noise === 'per visit' ? {y: visit.y[i]} : {})
      : {y: visit.y[i], a: visit.a[i], expectedA: model.policy * visit.y[i]}));
    if (!last) z = move(fold(fold(rng, 'move'), k), before, z, i => visit.a[i]);
  }
  const after = discreteModel(model, horizon / steps);
  for (let k = 0; k < steps; k++) {
    const dose = plan((k + 0.5) * horizon / steps);
    z = move(fold(fold(rng, 'plan'), k), after, z, () => dose);
  }
  return {design, histories, answers: readAndTreat(fold(rng, 'answer'), after, 0, z).y};
}

function readAndTreat(
  rng: Rng, {confounding, sensorSd, policySd}: ConfoundedModel, policy: number, z: Float64Array,
): {y: Float64Array; a: Float64Array} {
  const hidden = normal(fold(rng, 'ε'), z.length), sensor = normal(fold(rng, 'sensor'), z.length, {sd: sensorSd});
  const extra = normal(fold(rng, 'policy'), z.length, {sd: policySd});
  const y = z.map((v, i) => v + confounding.outcome * hidden[i] + sensor[i]);
  return {y, a: y.map((v, i) => policy * v + confounding.treatment * hidden[i] + extra[i])};
}

function move(
  rng: Rng, {decay, effect, processSd}: ConfoundedModel, z: Float64Array, dose: (i: number) => number,
): Float64Array {
  const noise = normal(rng, z.length, {sd: processSd});
  return z.map((v, i) => decay * v + effect * dose(i) + noise[i]);
}

/**
 * The same trial read on a coarser partition of the past: outcomes and treatments averaged over `factor` cells. For
 * noise `'per time'` only.
 * @throws ArgumentError for a trial with noise `'per visit'`, or when `factor` does not divide its visits.
 */
export function coarsen({design, histories, answers}: DiffusionTrial, factor: number): DiffusionTrial {
  expect(design.noise === 'per time', {
    fn: 'coarsen', argument: 'trial', expected: 'read with noise per time', received: design.noise,
    remedy: 'Averages of single visits are no visits.',
  });
  expect(Number.isInteger(factor) && factor >= 1 && design.visits % factor === 0, {
    fn: 'coarsen', argument: 'factor', expected: `a divisor of ${design.visits}`, received: factor,
  });
  const average = (cells: readonly HistoryPoint[], of: (p: HistoryPoint) => number) =>
    cells.reduce((s, p) => s + of(p), 0) / factor;
  const coarse = histories.map(h => [
    ...Array.from({length: design.visits / factor}, (_, k) => h.slice(k * factor, (k + 1) * factor))
      .map(cells =>
        ({y: average(cells, p => p.y!), a: average(cells, p => p.a!), expectedA: average(cells, p => p.expectedA!)})),
    {},
  ]);
  return {design: {...design, visits: design.visits / factor}, histories: coarse, answers};
}
