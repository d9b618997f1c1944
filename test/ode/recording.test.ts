import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import {handle, optimise, record, session} from '../../lib/graph';
import {normal, rng} from '../../lib/math';
import {controlledTerm, piecewiseConstantControl, rk4, solve, tsit5, type Solver} from '../../lib/ode';
import {maxError} from './problems';

const B = 4, D = 3, STEPS = 6;

/** Loss of a treatment-driven equation and its gradients with respect to state and weights. */
const lossAndGradients = (solver: Solver) => (z: tf.Tensor, w: tf.Tensor, plan: tf.Tensor): tf.Tensor[] => {
  const loss = (z0: tf.Tensor, weights: tf.Tensor): tf.Scalar => {
    const control = piecewiseConstantControl(Array.from({length: STEPS + 1}, (_, i) => i), tf.unstack(plan, 1));
    const term = controlledTerm((_, y: tf.Tensor, u: tf.Tensor) => tf.tanh(tf.add(tf.matMul(y, weights), u)), control);
    return tf.sum(tf.square(solve(term, {solver, t0: 0, t1: STEPS, y0: z0, dt: 1}).ys[0]));
  };
  const {value, grads} = tf.valueAndGrads(loss)([z, w]);
  return [value, ...grads];
};

describe('a solve that is recorded and compiled', () => {
  const shapes = [[B, D], [D, D], [B, STEPS, D]];
  const inputs = shapes.map((shape, i) =>
    Float32Array.from(normal(rng(60 + i), shape.reduce((n, m) => n * m, 1), {sd: 0.5})));

  for (const solver of [rk4, tsit5])
    it(`${solver.name}: loss and gradients equal those of eager TensorFlow.js`, async () => {
      await tf.setBackend('cpu');
      const eager = tf.tidy(() => lossAndGradients(solver)(...(inputs.map((x, i) => tf.tensor(x, shapes[i])) as [
        tf.Tensor, tf.Tensor, tf.Tensor,
      ])).map(y => y.dataSync()));
      const program = record((z, w, plan) => lossAndGradients(solver)(z, w, plan), shapes.map(shape => ({shape})));
      const compiled = await session(program);
      const outputs = await compiled.run(inputs.map((x, i) => handle(x, shapes[i])));
      outputs.forEach((y, i) => assert.ok(
        maxError(y.data as Float32Array, eager[i]) < 2e-5 * Math.max(1, ...eager[i].map(Math.abs)), `output ${i}`,
      ));
      await compiled.dispose();
    });

  it('adds at most 11 operations a unit step of rk4 to those of the field', () => {
    const forward = record((z, plan) => {
      const control = piecewiseConstantControl(Array.from({length: STEPS + 1}, (_, i) => i), tf.unstack(plan, 1));
      return solve(controlledTerm((_, y: tf.Tensor, u: tf.Tensor) => tf.tanh(tf.add(y, u)), control), {
        solver: rk4, t0: 0, t1: STEPS, y0: z, dt: 1,
      }).ys[0];
    }, [{shape: [B, D]}, {shape: [B, STEPS, D]}]);
    const kinds = optimise(forward).nodes.map(node => node.op), field = STEPS * 4 * 2;
    const access = kinds.filter(op => !['Add', 'Mul', 'Tanh'].includes(op)).length;
    assert.ok(kinds.length - field - access <= 11 * STEPS, `${kinds.length} operations: ${kinds}`);
  });
});
