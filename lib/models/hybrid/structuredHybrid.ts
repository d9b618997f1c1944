import * as tf from '@tensorflow/tfjs';
import {expect, expectWhole} from '../../errors';
import type {SeriesShape} from '../../data/trajectories';
import {fold, type Rng} from '../../math/rng';
import {
  initLinear, initMlp, linear, maskedSquaredError, mlp, stopGradient, zeros, type LinearParams, type MlpParams,
  type Tensors, type Weight,
} from '../../nn';
import {rk4} from '../../ode';
import type {HistoryTensors, Network, PlanTensors} from '../network';
import {encode, initEncoder, type EncoderParams} from '../parts/encoder';
import {intervals, rollOut, type Interval} from '../parts/rollOut';
import type {Mechanism, MechanismInputs} from './mechanism';

/** Weights of {@link structuredHybrid}. */
export interface HybridParams {
  /** What reads constants and the start from a history. */
  readonly encoder: EncoderParams;
  readonly head: LinearParams;
  /** Constants of all units, as they depart from the mechanism's own. `[s]` */
  readonly shared: Weight;
  /** g0, without treatment, or the one unsplit part. */
  readonly unrelated: MlpParams;
  /** g1, with treatment. */
  readonly related: MlpParams;
}

/** Options of {@link structuredHybrid}. */
export interface StructuredHybridOptions {
  /**
   * What is learned beside the mechanism: `'split'` g0 and g1 (default), `'whole'` one function of state and treatment,
   * `'unrelated'` g0 alone, `'related'` g1 alone, `'none'`.
   */
  readonly learned?: 'split' | 'whole' | 'unrelated' | 'related' | 'none';
  /** Whether the encoder is trained; default true. Frozen, it stays as it was trained before, see `from`. */
  readonly encoder?: 'trained' | 'frozen';
  /** Whether constants of all units are fitted; default false. */
  readonly fitsShared?: boolean;
  /** Whether learned parts see the constants of a unit; default true. */
  readonly seesConstants?: boolean;
  /** Weights to begin from: what was pre-trained on simulations. Learned parts start at 0 whatever they say. */
  readonly from?: HybridParams;
  /** Units of the encoder, >= 1; default 32. */
  readonly hidden?: number;
  /** Units of each of two hidden layers of learned parts, >= 1; default 32. */
  readonly width?: number;
  /** Length of a typical history in the data's time unit, > 0; scales the encoder's time input. Default 1. */
  readonly timeScale?: number;
  /**
   * Where the state at t_c comes from: `'measured'`, what was measured there, and 0 for what cannot be measured
   * (default); `'replayed'`, from 0 at the first time along the treatments of the history.
   */
  readonly start?: 'measured' | 'replayed';
  /** Solver steps in each interval, >= 1. Default 1. */
  readonly substeps?: number;
}

/**
 * A mechanism with learned corrections, each split into what happens without treatment and what treatment does. Over an
 * interval the state jumps by `jump + a g1(x, a, c)`, follows the mechanism by a step of classic Runge-Kutta, and moves
 * by `g0(x, c)` times its length. So g1 is 0 where nothing is given, by construction, and both are 0 before training:
 * it begins at the mechanism. Constants of a unit, and by how much its start differs from what was measured, are read
 * from the history by an LSTM. Data must stay in their own units (`preprocessing` with `standardise: false`).
 * @throws ArgumentError for options out of their ranges, or a mechanism that does not fit the data
 * @reference Meir, Linial, Eytan, Shalit 2026, Structured hybrid mechanistic models for robust estimation of
 * time-dependent intervention outcomes, arXiv:2602.11350 (its summary; equations are ours)
 */
export function structuredHybrid(mechanism: Mechanism, options: StructuredHybridOptions = {}): Network<HybridParams> {
  const settings = checked(mechanism, options), {learned, from, hidden, width} = settings;
  const {scale, doses, ranges, shared = []} = mechanism, n = scale.length;
  const forecast = (params: Tensors<HybridParams>, history: HistoryTensors, plan: PlanTensors) =>
    forecastOf(mechanism, settings, {params, history, plan});
  return Object.freeze<Network<HybridParams>>({
    name: learned === 'none' ? 'mechanism' : `hybrid, ${learned}`, information: 'history + plan',
    config: {...settings, from: from !== undefined, mechanism: mechanism.name},
    init(rng: Rng, shape: SeriesShape): HybridParams {
      expectFits(mechanism, shape);
      const seen = n + shape.statics + (settings.seesConstants ? ranges.length : 0), da = shape.treatments;
      const layers = {hiddenLayers: 2, width, initLast: 'zero'} as const;
      const both = learned === 'whole' ? seen + da : seen;
      return {
        encoder: from?.encoder ?? initEncoder(fold(rng, 'encoder'), shape, hidden),
        head: from?.head ?? initLinear(fold(rng, 'head'), hidden, ranges.length + shape.outcomes, 'zero'),
        shared: from?.shared ?? zeros([Math.max(1, shared.length)]),
        unrelated: initMlp(fold(rng, 'unrelated'), both, n, layers),
        related: initMlp(fold(rng, 'related'), seen + doses.length, n * doses.length, layers),
      };
    },
    forecast,
    loss(params, {history, plan, target}) {
      const units = tf.tensor1d([...scale.slice(0, target.outcomes.shape[2])]);
      const told = forecast(params, history, plan);
      return maskedSquaredError(tf.div(told, units), tf.div(target.outcomes, units), target.observed);
    },
  });
}

type Settings = Required<Omit<StructuredHybridOptions, 'from'>> & Pick<StructuredHybridOptions, 'from'>;

function checked({scale, doses, ranges}: Mechanism, options: StructuredHybridOptions): Settings {
  const {
    learned = 'split', encoder = 'trained', fitsShared = false, seesConstants = true, from, hidden = 32, width = 32,
    timeScale = 1, start = 'measured', substeps = 1,
  } = options, fn = 'structuredHybrid';
  expectWhole(fn, {hidden, width, substeps});
  for (const [argument, received] of Object.entries({'mechanism.scale': scale, 'mechanism.doses': doses}))
    expect(received.length > 0 && received.every(v => v > 0 && v < Infinity), {
      fn, argument, expected: 'numbers above 0', received,
    });
  expect(ranges.every(([low, high]) => low > 0 && high > low && high < Infinity), {
    fn, argument: 'mechanism.ranges', expected: 'ranges with 0 < low < high', received: ranges.flat(),
  });
  expect(['split', 'whole', 'unrelated', 'related', 'none'].includes(learned), {
    fn, argument: 'learned', expected: "'split', 'whole', 'unrelated', 'related' or 'none'", received: learned,
  });
  expect(start === 'measured' || start === 'replayed', {
    fn, argument: 'start', expected: "'measured' or 'replayed'", received: start,
  });
  expect(timeScale > 0 && timeScale < Infinity, {fn, argument: 'timeScale', expected: 'above 0', received: timeScale});
  return {learned, encoder, fitsShared, seesConstants, from, hidden, width, timeScale, start, substeps};
}

function expectFits({scale, doses, name}: Mechanism, {outcomes, treatments}: SeriesShape): void {
  const fn = 'structuredHybrid', remedy = `Mechanism: ${name}.`;
  expect(outcomes <= scale.length, {
    fn, argument: 'mechanism.scale', expected: `of at least ${outcomes} states, as many as outcomes`,
    received: scale.length, remedy,
  });
  expect(treatments === doses.length, {
    fn, argument: 'mechanism.doses', expected: `${treatments} numbers, one a treatment`, received: doses.length, remedy,
  });
}

interface Asked {
  readonly params: Tensors<HybridParams>;
  readonly history: HistoryTensors;
  readonly plan: PlanTensors;
}

function forecastOf(mechanism: Mechanism, settings: Settings, {params, history, plan}: Asked): tf.Tensor3D {
  const dy = history.outcomes.shape[2], units = tf.tensor1d([...mechanism.scale.slice(0, dy)]);
  const {own, unit, start} = recognised(mechanism, settings, {params, history, units});
  const inputs: MechanismInputs = {own, shared: sharedOf(mechanism, settings, params), statics: history.statics};
  const next = stepOf(mechanism, settings, {params, inputs, unit});
  let x = settings.start === 'measured' ? start : replayed(next, history, mechanism.scale.length);
  return tf.stack(intervals(plan).map(interval => {
    x = next(x, interval);
    return x.slice([0, 0], [x.shape[0], dy]);
  }), 1) as tf.Tensor3D;
}

/** The state `[B, n]` at t_c, from 0 at the first time; after t_c nothing is given and no time passes. */
function replayed(
  next: (before: tf.Tensor2D, interval: Interval) => tf.Tensor2D, {time, treatments}: HistoryTensors, n: number,
): tf.Tensor2D {
  const [B, L] = time.shape, rest = tf.zeros<tf.Rank.R2>([B, n]);
  if (L === 1) return rest;
  const duration = tf.sub<tf.Tensor2D>(time.slice([0, 1], [B, L - 1]), time.slice([0, 0], [B, L - 1]));
  const past = {treatments: treatments.slice([0, 0, 0], [B, L - 1, -1]), duration};
  return intervals(past).reduce(next, rest);
}

/** Constants of units `[B, p]`, the same in [0, 1], and their state at t_c `[B, n]`. */
function recognised(
  {scale, doses, ranges}: Mechanism, {encoder, timeScale}: Settings,
  {params, history, units}: Pick<Asked, 'params' | 'history'> & {units: tf.Tensor1D},
) {
  const sized = {
    ...history, outcomes: tf.div<tf.Tensor3D>(history.outcomes, units),
    treatments: tf.div<tf.Tensor3D>(history.treatments, tf.tensor1d([...doses])),
  };
  const {memory, now} = encode(params.encoder as Tensors<EncoderParams>, sized, timeScale);
  const read = linear(params.head as Tensors<LinearParams>, memory.hidden), [B, all] = read.shape, p = ranges.length;
  const fixed = encoder === 'frozen' ? stopGradient(read) : read, dy = all - p;
  const unit = tf.sigmoid(fixed.slice([0, 0], [B, p])), low = tf.tensor1d(ranges.map(([from]) => Math.log(from)));
  const span = tf.tensor1d(ranges.map(([from, to]) => Math.log(to / from)));
  const off = tf.mul(fixed.slice([0, p], [B, dy]), tf.mul(units, 0.1));
  const outcome = encoder === 'frozen' ? stopGradient(now.outcome) : now.outcome, rest = scale.length - dy;
  const measured = tf.add<tf.Tensor2D>(tf.mul(outcome, units), off);
  return {
    own: tf.exp(tf.add(low, tf.mul(unit, span))) as tf.Tensor2D, unit: unit as tf.Tensor2D,
    start: rest > 0 ? tf.pad(measured, [[0, 0], [0, rest]]) : measured,
  };
}

function sharedOf({shared = []}: Mechanism, {fitsShared}: Settings, params: Tensors<HybridParams>): tf.Tensor1D {
  const known = tf.tensor1d(shared.length > 0 ? [...shared] : [0]), moved = params.shared as tf.Tensor1D;
  return tf.add(known, fitsShared ? moved : stopGradient(moved));
}

/** The state after one interval. */
function stepOf(
  {scale, doses, flow, jump}: Mechanism, {learned, seesConstants, substeps}: Settings,
  {params, inputs, unit}: {params: Tensors<HybridParams>; inputs: MechanismInputs; unit: tf.Tensor2D},
) {
  const sizes = tf.tensor1d([...scale]), n = scale.length, da = doses.length, perDose = tf.tensor1d([...doses]);
  const beside = [...(inputs.statics.shape[1] > 0 ? [inputs.statics] : []), ...(seesConstants ? [unit] : [])];
  const seen = (x: tf.Tensor2D, ...more: tf.Tensor2D[]) =>
    tf.concat([tf.div<tf.Tensor2D>(x, sizes), ...beside, ...more], 1);
  const part = (which: 'unrelated' | 'related', x: tf.Tensor2D) => mlp(params[which] as Tensors<MlpParams>, x, 'tanh');
  return (before: tf.Tensor2D, {treatment, duration}: Interval): tf.Tensor2D => {
    const a = tf.div<tf.Tensor2D>(treatment, perDose);
    let x = jump ? tf.add<tf.Tensor2D>(before, jump(before, inputs, treatment)) : before;
    if (learned === 'split' || learned === 'related') {
      const gains = part('related', seen(before, a)).reshape([-1, da, n]);
      x = tf.add(x, tf.mul(sizes, tf.sum(tf.mul(gains, a.expandDims(2)), 1)));
    }
    const along = rollOut((z, u) => flow(z, inputs, u), x, {treatment, duration}, {solver: rk4, substeps});
    if (learned === 'none' || learned === 'related') return along;
    const rate = part('unrelated', learned === 'whole' ? seen(x, a) : seen(x));
    return tf.add(along, tf.mul(tf.mul(rate, sizes), duration));
  };
}
