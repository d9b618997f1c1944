import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import {nativeAvailable, record, type Program, type TensorData, type TensorFunction} from '../../lib/graph';
import {evaluate} from '../../lib/graph/reference/evaluate';
import {tensorData} from '../../lib/graph/ir/builder';
import {computed, EDGES, edgeCases, expectedOf, flushed, isExpected, type EdgeCase} from './edges';
import {eager} from './compare';

type Engine = (program: Program, data: readonly TensorData[], optimise: boolean) => Promise<ArrayLike<number>[]>;

interface Tested {
  readonly name: string;
  readonly run: Engine;
  /** Whether it tells 0 from -0 as TensorFlow.js does; ONNX does not say which of them an operation gives. */
  readonly zeros: boolean;
}

const engines: readonly Tested[] = [
  {name: 'the reference', zeros: true, run: async (program, data) => evaluate(program, data).map((values, i) =>
    (program.outputs[i].dtype === 'float32' ? Float32Array.from(values) : values))},
  {name: 'the engine in C', zeros: true, run: (program, data, optimise) => computed(program, data, 'native', optimise)},
  {name: 'ONNX Runtime', zeros: false, run: (program, data, optimise) => computed(program, data, 'cpu', optimise)},
];

// The reference keeps subnormal numbers, and ONNX Runtime flushes them in threads of its own and in those that Node
// starts after its first session. Which threads these are differs between versions of Node.

/** Which zero TensorFlow.js gives here is an accident: round(-0.5) is 0 there while round(-0.4) is -0. */
const ANY_ZERO = new Set(['round of float32', 'elu of float32', 'selu of float32']);

for (const {name, run, zeros} of engines) {
  describe(`graph: the edges of the types, by ${name}`, () => {
    before(async function () {
      await tf.setBackend('cpu');
      if (name === 'the engine in C' && !process.env.OBSNODE_REQUIRE_NATIVE && !(await nativeAvailable())) {
        console.log('      skipped: no C compiler');
        this.skip();
      }
    });

    for (const edge of edgeCases()) {
      it(`${edge.name} equals eager TensorFlow.js`, async () => {
        const expected = expectedOf(edge);
        const program = record(edge.fn, edge.data.map(d => ({shape: [d.length], dtype: edge.dtype})));
        assert.equal(program.outputs[0].dtype, expected.dtype);
        const data = name === 'the engine in C'
          ? edge.data
          : edge.data.map(d => (d instanceof Float32Array ? d.map(flushed) : d));
        for (const optimise of [true, false])
          report(edge, expected.values, (await run(program, data, optimise))[0], zeros && !ANY_ZERO.has(edge.name));
      });
    }

    it('random programs of whole numbers, truth values and exact operations on floats equal eager TensorFlow.js, '
        + 'optimised or not', async function () {
      this.timeout(120_000);
      await fc.assert(fc.asyncProperty(fc.array(fc.tuple(fc.nat(STEPS.length - 1), fc.nat(), fc.nat(), fc.nat()), {
        minLength: 3, maxLength: 12,
      }), fc.nat(), async (choices, seed) => {
        const fn = randomProgram(choices), data = inputs(seed), expected = eager(fn, SPECS, data);
        const program = record(fn, SPECS);
        for (const optimise of [true, false]) {
          const actual = await run(program, data, optimise);
          expected.forEach((values, i) => assert.ok(values.every((v, j) =>
            isExpected(actual[i][j], v, 0, zeros) && (program.outputs[i].dtype === 'float32' || actual[i][j] === v)),
            `output ${i} of ${program.nodes.map(n => n.op).join(' ')}, optimised: ${optimise}`));
        }
      }), {numRuns: 60, seed: 14});
    });
  });
}

function report({data, slack}: EdgeCase, expected: readonly number[], actual: ArrayLike<number>, zeros: boolean): void {
  assert.equal(actual.length, expected.length);
  const wrong = expected.flatMap((e, i) =>
    (isExpected(actual[i], e, slack, zeros) ? [] : [`(${data.map(d => d[i])}): ${actual[i]}, not ${e}`]));
  assert.deepEqual(wrong.slice(0, 5), [], `${wrong.length} of ${expected.length} differ`);
}

const SHAPE = [4, 6], SPECS = [{shape: SHAPE}, {shape: SHAPE, dtype: 'int32'}, {shape: SHAPE, dtype: 'bool'}] as const;
type Pools = Readonly<Record<'float32' | 'int32' | 'bool', tf.Tensor[]>>;

/** Values of each type in an order of their own; no subnormal ones, which the engines take as 0. */
function inputs(seed: number): TensorData[] {
  return SPECS.map((spec, k) => {
    const {dtype = 'float32'} = spec as {dtype?: 'float32' | 'int32' | 'bool'};
    const values = EDGES[dtype].filter(v => v === 0 || !(Math.abs(v) < 2 ** -126));
    return tensorData(dtype, Array.from({length: 24}, (_, i) =>
      values[(seed + i * (5 + (seed % 7)) + k) % values.length]));
  });
}

/** Pieces of random programs, all of one shape; each takes operands of its types and yields one. */
const STEPS: readonly ((p: Pools, i: number, j: number, k: number) => tf.Tensor)[] = [
  ...(['add', 'sub', 'mul', 'mod', 'floorDiv', 'maximum', 'minimum', 'squaredDifference', 'div'] as const).map(name =>
    (p: Pools, i: number, j: number) => tf[name](at(p.int32, i), at(p.int32, j))),
  ...(['neg', 'sign', 'relu', 'step'] as const).map(name => (p: Pools, i: number) => tf[name](at(p.int32, i))),
  ...(['neg', 'abs', 'sign', 'relu', 'relu6', 'floor', 'ceil', 'step', 'isNaN', 'isFinite'] as const).map(name =>
    (p: Pools, i: number) => tf[name](at(p.float32, i))),
  ...(['maximum', 'minimum'] as const).map(name =>
    (p: Pools, i: number, j: number) => tf[name](at(p.float32, i), at(p.float32, j))),
  ...(['equal', 'less', 'greaterEqual'] as const).map(name => (p: Pools, i: number, j: number, k: number) => {
    const pool = [p.float32, p.int32, p.bool][k % 3];
    return tf[name](at(pool, i), at(pool, j));
  }),
  ...(['logicalAnd', 'logicalOr', 'logicalXor'] as const).map(name =>
    (p: Pools, i: number, j: number) => tf[name](at(p.bool, i), at(p.bool, j))),
  ...(['sum', 'prod', 'max', 'min'] as const).flatMap(name =>
    [0, 1].map(axis => (p: Pools, i: number) => tf.broadcastTo(tf[name](at(p.int32, i), axis, true), SHAPE))),
  ...(['max', 'min'] as const).map(name =>
    (p: Pools, i: number) => tf.broadcastTo(tf[name](at(p.float32, i), 1, true), SHAPE)),
  (p, i) => tf.broadcastTo(tf.max(at(p.bool, i), 0, true), SHAPE),
  (p, i, _, k) => tf.broadcastTo(tf.argMax(at([p.float32, p.int32, p.bool][k % 3], i), 0).expandDims(0), SHAPE),
  (p, i, j) => tf.pow(tf.clipByValue(at(p.int32, i), -(2 ** 17), 2 ** 17), tf.clipByValue(at(p.int32, j), -3, 3)),
  (p, i) => tf.clipByValue(at(p.int32, i), -5.5, 2 ** 20), (p, i) => tf.clipByValue(at(p.float32, i), -5.5, 1e6),
  (p, i, _, k) => tf.cumsum(at(p.int32, i), k % 2, k % 3 === 0, k % 5 === 0),
  (p, i, _, k) => tf.cumprod(at(p.int32, i), k % 2),
  (p, i, j, k) => tf.where(at(p.bool, k), at(p.int32, i), at(p.int32, j)),
  (p, i, j, k) => tf.where(at(p.bool, k), at(p.float32, i), at(p.float32, j)),
  (p, i, j, k) => tf.where(at(p.bool, k), at(p.bool, i), at(p.bool, j)),
  (p, i) => tf.cast(at(p.float32, i), 'int32'), (p, i) => tf.cast(at(p.float32, i), 'bool'),
  (p, i) => tf.cast(at(p.int32, i), 'bool'), (p, i) => tf.cast(at(p.bool, i), 'float32'),
  (p, i) => tf.cast(at(p.bool, i), 'int32'),
  (p, i, _, k) => tf.reverse(at([p.float32, p.int32, p.bool][k % 3], i), k % 2),
  (p, i, _, k) => tf.reshape(tf.transpose(at([p.float32, p.int32, p.bool][k % 3], i)), SHAPE),
  (p, i, _, k) => tf.concat(tf.split(at([p.float32, p.int32, p.bool][k % 3], i), 2, 1).reverse(), 1),
  (p, i, j, k) => tf.gather(
    at([p.float32, p.int32][k % 2], i),
    tf.mod(tf.slice(at(p.int32, j), [0, 0], [4, 1]).reshape([4]), tf.scalar(4, 'int32')),
  ),
  (p, i) => tf.scatterND(tf.tensor2d([[2], [0], [2], [1]], [4, 1], 'int32'), at(p.int32, i), SHAPE),
  (p, i, j) => tf.matMul(
    tf.clipByValue(tf.slice(at(p.int32, i), [0, 0], [4, 4]), -1000, 1000) as tf.Tensor2D, at(p.int32, j) as tf.Tensor2D,
  ),
];
const at = (pool: readonly tf.Tensor[], i: number) => pool[i % pool.length];

/** Some of its values never reach an output. */
const randomProgram = (
  choices: readonly (readonly [number, number, number, number])[],
): TensorFunction => (x, y, z) => {
  const pools: Pools = {float32: [x], int32: [y], bool: [z]};
  for (const [step, ...operands] of choices) {
    const value = STEPS[step](pools, ...operands);
    pools[value.dtype as keyof Pools].push(value);
  }
  return Object.values(pools).flatMap(pool => pool.slice(-2));
};
