import * as tf from '@tensorflow/tfjs';
import {expect, expectWhole} from '../../errors';
import {BLOCK, descend, inBlocks, rowsOf} from '../../estimation';
import {defaultProvider, handle, type Handle} from '../../graph';
import {integers, permutation} from '../../math/discrete';
import {ndarray, type NdArray} from '../../math/ndarray';
import {normal} from '../../math/normal';
import {fold, uniform, type Rng} from '../../math/rng';
import {mean, sd} from '../../math/statistics';
import {activate, initMlp, linear, type MlpParams} from '../../nn';
import {adam, adamRates, assemble, compile, flatten, type AdamOptions} from '../../training';
import {tens, type Breaths} from './respiration';

/** Options of {@link gradientFit}. */
export interface GradientFitOptions {
  /** The only source of randomness. */
  readonly rng: Rng;
  /** Whether the network for Rb is told the temperature too, which Q10 is there for. Default false. */
  readonly withTemperature?: boolean;
  /** Share of hidden units that are put out in each step, in [0, 1). Default 0. */
  readonly dropout?: number;
  /** Decoupled weight decay of the network per unit of learning rate, >= 0. Default 0. */
  readonly weightDecay?: number;
  /** Steps, >= 1. Default 4,000; the released program takes 10,000. */
  readonly steps?: number;
  /** Units in each of the two hidden layers, >= 1. Default 16, as in the released program. */
  readonly width?: number;
  /** Mean of Q10 at the start, above 0; a normal number of sd 0.1 is added. Default 1.5. */
  readonly start?: number;
  /**
   * Draws rows as the released program does: from all of the ecosystem's `clampedTo` rows; a number beyond the sample
   * counts as the sample's last. Default: from the sample itself.
   */
  readonly clampedTo?: number;
}

/** A hybrid model fitted as a whole. */
export interface GradientFit {
  readonly q10: number;
  /** `[n]`: Rb of the sample's rows, as the network tells it [µmol/m²/s]. */
  readonly base: Float64Array;
}

/** `MASKS` different sets of units are put out, one after the other, again and again. */
const BATCH = 256, MASKS = 128;

/** Smaller ones count as this while they are sought. */
const LEAST_Q10 = 1e-3;

/**
 * `y = softplus(network(x)) Q10^d` by gradient descent on the squared error, network and Q10 together. Four fifths of
 * the rows teach, the others say which weights to keep.
 * @throws ArgumentError for options out of range
 * @reference Reichstein et al. 2022, Combining system modeling and machine learning into hybrid ecosystem modeling.
 * doi:10.1201/9781003143376-14
 */
export async function gradientFit(breaths: Breaths, options: GradientFitOptions): Promise<GradientFit> {
  const {rng, dropout = 0, weightDecay = 0, steps = 4000, width: hidden = 16, start = 1.5, clampedTo} = options;
  const fn = 'gradientFit';
  expectWhole(fn, {steps, width: hidden});
  expect(dropout >= 0 && dropout < 1, {fn, argument: 'dropout', expected: 'in [0, 1)', received: dropout});
  const {x, d, y, unit, width} = numbers(breaths, options.withTemperature === true), n = d.length;
  const template = initMlp(fold(rng, 'weights'), width, 1, {hiddenLayers: 2, width: hidden});
  const network = flatten(template), P = network.length + 1, order = permutation(fold(rng, 'judges'), n);
  const judges = order.slice(0, Math.ceil(n / 5)), pupils = order.slice(judges.length);
  const engine = await defaultProvider();
  const step = await compile(stepOf(template, {weightDecay}),
    [[P], [P], [P], [6], [BATCH, width], [BATCH], [BATCH], [BATCH, 2 * hidden]], engine);
  const answer = await compile(baseOf(template), [[P], [BLOCK, width]], engine);
  const baseAt = async (params: Handle, rows: NdArray) =>
    (await inBlocks(rows, 1, async block => (await answer.run([params, block]))[0])).data;
  const batch = (rows: ArrayLike<number>): Handle[] => [
    handle(Float32Array.from(rowsOf(x, rows).data), [BATCH, width]),
    ...[d, y].map(values => handle(Float32Array.from(rows, i => values[i]), [BATCH])),
  ];
  const masks = Array.from({length: dropout > 0 ? MASKS : 1}, (_, k) =>
    mask(fold(fold(rng, 'dropout'), k), 2 * hidden, dropout));
  const held = rowsOf(x, judges), first = start + normal(fold(rng, 'start'), 1, {sd: 0.1})[0];
  try {
    const best = await descend({
      start: Float32Array.of(...network, first), steps, step,
      inputs: k => {
        const own = fold(fold(rng, 'steps'), k), drawn = integers(own, BATCH, {high: clampedTo ?? pupils.length});
        const rows = drawn.map(i => (clampedTo === undefined ? pupils[i] : Math.min(i, n - 1)));
        const slower = 0.95 ** Math.floor(k / 500);
        const rates = [0.01, 0.1].flatMap(rate => [...adamRates(rate * slower, k + 1)]);
        return [handle(Float32Array.from(rates), [6]), ...batch(rows), masks[k % masks.length]];
      },
      judge: async params => {
        const base = await baseAt(params, held), q10 = (await params.read() as Float32Array)[P - 1];
        return mean(base.map((b, k) => (b * Math.max(q10, LEAST_Q10) ** d[judges[k]] - y[judges[k]]) ** 2));
      },
    });
    const base = await baseAt(handle(best, [P]), x);
    return Object.freeze({q10: best[P - 1], base: base.map(v => v * unit)});
  } finally {
    await Promise.all([step, answer].map(program => program.dispose()));
  }
}

/** Features with mean 0 and sd 1, tens of degrees, and respiration as a share of its largest value. */
function numbers({features, temperature, measured}: Breaths, withTemperature: boolean) {
  const n = temperature.length;
  const columns = [0, 1].map(j => Float64Array.from(temperature, (_, i) => features.data[2 * i + j]));
  if (withTemperature) columns.push(Float64Array.from(temperature));
  const scaled = columns.map(values => {
    const centre = mean(values), spread = sd(values, {ddof: 0});
    return values.map(v => (v - centre) / spread);
  });
  const width = scaled.length, unit = measured.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  const x = Float64Array.from({length: n * width}, (_, at) => scaled[at % width][Math.floor(at / width)]);
  return {
    width, unit, x: ndarray([n, width], x), d: temperature.map(tens), y: measured.map(v => v / unit),
  };
}

/** `[BATCH, units]`: 0 for units that are put out, 1 / (1 - dropout) for the others. */
function mask(rng: Rng, units: number, dropout: number): Handle {
  const count = units * BATCH, ones = () => new Float32Array(count).fill(1);
  const drawn = () => Float32Array.from(uniform(rng, count), u => (u < dropout ? 0 : 1 / (1 - dropout)));
  return handle(dropout === 0 ? ones() : drawn(), [BATCH, units]);
}

/** Rb, `[B]`, as a share of the largest respiration. */
function base(template: MlpParams, network: tf.Tensor, x: tf.Tensor, units?: tf.Tensor): tf.Tensor1D {
  const {layers: [first, second, last]} = assemble(template, network as tf.Tensor1D);
  const masks = units && tf.split(units, 2, 1);
  const put = (h: tf.Tensor, k: number) => (masks ? tf.mul(h, masks[k]) : h) as tf.Tensor2D;
  const one = put(activate('tanh', linear(first, x as tf.Tensor2D)), 0);
  const two = put(activate('tanh', linear(second, one)), 1);
  return tf.reshape(activate('softplus', linear(last, two)), [x.shape[0]]);
}

const cut = (params: tf.Tensor) => tf.split(params, [params.shape[0] - 1, 1]);

function loss(template: MlpParams, params: tf.Tensor, [x, d, y, units]: readonly tf.Tensor[]): tf.Scalar {
  const [network, q10] = cut(params), power = tf.exp(tf.mul(d, tf.log(tf.maximum(q10, LEAST_Q10))));
  return tf.mean(tf.square(tf.sub(tf.mul(base(template, network, x, units), power), y)));
}

const baseOf = (template: MlpParams) => (params: tf.Tensor, x: tf.Tensor) => [base(template, cut(params)[0], x)];

/** `(params, mean, square, rates, x, d, y, units) -> [loss, params', mean', square']`; Q10 has a rate of its own. */
function stepOf(template: MlpParams, options: AdamOptions) {
  return (params: tf.Tensor, moment: tf.Tensor, square: tf.Tensor, ...rest: tf.Tensor[]) => {
    const [rates, ...rows] = rest, {value, grad} = tf.valueAndGrad(p => loss(template, p, rows))(params);
    const [parts, means, squares, grads, both] = [params, moment, square, grad].map(cut).concat([tf.split(rates, 2)]);
    const next = [options, {}].map((own, k) => adam(
      {params: parts[k], mean: means[k], square: squares[k]} as never, grads[k] as tf.Tensor1D,
      both[k] as tf.Tensor1D, own,
    ));
    const joined = (key: 'params' | 'mean' | 'square') => tf.concat(next.map(one => one[key]));
    return [value, joined('params'), joined('mean'), joined('square')];
  };
}
