import MersenneTwister from 'mersenne-twister';
import {expectWhole} from '../../errors';
import type {LinearParams, LstmParams, Weight} from '../../nn';
import {RELEASED, type ReleasedParams} from './releasedObsNode';

/**
 * The weights of the published cancer models, seeds 1 to 5. They were never trained: each equals what PyTorch draws for
 * a new model after its seed is set, so they can be drawn again here. phi_1 was not saved and is that of seed 1 for all
 * five.
 * @param seed in 1 ... 5
 * @throws ArgumentError for any other seed
 * @reference github.com/JenniferJaschob/ObsNODE at commit 21e607c (checkpoints of the cancer experiment)
 * @reference Matsumoto, Nishimura 1998, Mersenne twister, doi:10.1145/272991.272995
 */
export function publishedWeights(seed: number): ReleasedParams {
  expectWhole('publishedWeights', {seed}, 1, 5);
  const own = draw(seed), first = draw(1);
  return {...own, field: [first.field[0], own.field[1]]};
}

function draw(seed: number): ReleasedParams {
  const next = torchUniform(seed), {outcomes, treatments, hidden, width, hiddenLayers, blocks} = RELEASED;
  const lstm = torchLstm(next, outcomes, hidden);
  const head = torchLinear(next, hidden, (blocks - 1) * outcomes);
  const field = Array.from({length: blocks}, (_, i) => {
    const sizes = [(i + 1) * outcomes + treatments, ...Array<number>(hiddenLayers).fill(width), outcomes];
    return {layers: sizes.slice(1).map((size, k) => torchLinear(next, sizes[k], size))};
  });
  return {lstm, head, field};
}

/**
 * @internal Uniform float32 draws on `[-bound, bound)` in the order and with the 24 bits that PyTorch's CPU generator
 * uses.
 */
export function torchUniform(seed: number): (shape: readonly [number, number], bound: number) => Weight {
  const twister = new MersenneTwister(seed);
  return ([rows, columns], bound) => {
    const low = Math.fround(-bound), width = Math.fround(Math.fround(bound) - low);
    const unit = () => Math.fround((twister.random_int() & 0xffffff) * 2 ** -24);
    return {shape: [rows, columns], data: Float32Array.from({length: rows * columns}, () =>
      Math.fround(Math.fround(unit() * width) + low))};
  };
}

/** PyTorch stores `[out, in]` and draws the weight before the bias. */
function torchLinear(next: ReturnType<typeof torchUniform>, inputs: number, outputs: number): LinearParams {
  const bound = 1 / Math.sqrt(inputs);
  return {weight: transpose(next([outputs, inputs], bound)), bias: flat(next([1, outputs], bound))};
}

/** PyTorch keeps two biases, which only ever appear as their sum. */
function torchLstm(next: ReturnType<typeof torchUniform>, inputs: number, hidden: number): LstmParams {
  const bound = 1 / Math.sqrt(hidden);
  const inputWeight = transpose(next([4 * hidden, inputs], bound));
  const hiddenWeight = transpose(next([4 * hidden, hidden], bound));
  const one = next([1, 4 * hidden], bound).data, two = next([1, 4 * hidden], bound).data;
  return {inputWeight, hiddenWeight, bias: {shape: [4 * hidden], data: one.map((b, i) => b + two[i])}};
}

function transpose({shape: [rows, columns], data}: Weight): Weight {
  return {
    shape: [columns, rows], data: Float32Array.from(data, (_, k) => data[(k % rows) * columns + Math.floor(k / rows)]),
  };
}

const flat = ({data}: Weight): Weight => ({shape: [data.length], data});
