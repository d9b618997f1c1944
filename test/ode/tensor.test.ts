import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import {Matrix} from 'ml-matrix';
import {expm, normal, rng} from '../../lib/math';
import {
  backwardHermiteControl, cdeTerm, controlAt, controlledTerm, denseAt, dopri5, euler, heun, linearControl, midpoint,
  naturalCubicControl, odeTerm, orThrow,
  piecewiseConstantControl, rectilinearControl, rk4, rk4ThreeEighths, solve, tsit5, type Solver,
} from '../../lib/ode';
import {maxError} from './problems';

const solvers = [euler, midpoint, heun, rk4, rk4ThreeEighths, dopri5, tsit5];
const B = 3, D = 4, M = 2, STEPS = 5;

/** Float32 numbers, so that both number paths start from the same values. */
const draw = (seed: number, n: number, sd = 1): Float64Array =>
  Float64Array.from(Float32Array.from(normal(rng(seed), n, {sd})));
const z0 = draw(1, B * D), W = draw(2, D * D, 0.5), V = draw(3, M * D, 0.5);
const plan = Array.from({length: STEPS}, (_, i) => draw(10 + i, B * M));
const bounds = Array.from({length: STEPS + 1}, (_, i) => i);
const tensor = (values: ArrayLike<number>, ...shape: number[]): tf.Tensor =>
  tf.tensor(Float32Array.from(values), shape);

/** `z' = tanh(z W + a V)` on tensors, `z [B, D]`, `a [B, M]`. */
const fieldOf = (w: tf.Tensor, v: tf.Tensor) =>
  (_: number, z: tf.Tensor, a: tf.Tensor): tf.Tensor => tf.tanh(tf.add(tf.matMul(z, w), tf.matMul(a, v)));

/** The same field in float64 on the flattened state. */
const field64 = (
  w: Float64Array, v: Float64Array,
) => (_: number, z: Float64Array, a: Float64Array): Float64Array => z.map((_, index) => {
  const row = Math.floor(index / D), column = index % D;
  let sum = 0;
  for (let k = 0; k < D; k++) sum += z[row * D + k] * w[k * D + column];
  for (let k = 0; k < M; k++) sum += a[row * M + k] * v[k * D + column];
  return Math.tanh(sum);
});

/** The weights of the field. */
type Weights<T> = Readonly<Record<'w' | 'v', T>>;

function end(solver: Solver, z: tf.Tensor, {w, v}: Weights<tf.Tensor>, doses: readonly tf.Tensor[]): tf.Tensor {
  return solve(controlledTerm(fieldOf(w, v), piecewiseConstantControl(bounds, doses)), {
    solver, t0: 0, t1: STEPS, y0: z, dt: 0.5,
  }).ys[0];
}

function end64(
  solver: Solver, z: Float64Array, {w, v}: Weights<Float64Array>, doses: readonly Float64Array[],
): Float64Array {
  return orThrow(solve(controlledTerm(field64(w, v), piecewiseConstantControl(bounds, doses)), {
    solver, t0: 0, t1: STEPS, y0: z, dt: 0.5,
  })).ys[0];
}

const planTensors = (): tf.Tensor[] => plan.map(dose => tensor(dose, B, M));

describe('tensor path', () => {
  before(async () => {
    await tf.setBackend('cpu');
  });

  describe('agrees with the float64 path', () => {
    for (const solver of solvers)
      it(`${solver.name}, fixed steps under a plan`, () => {
        const got = tf.tidy(() =>
          end(solver, tensor(z0, B, D), {w: tensor(W, D, D), v: tensor(V, M, D)}, planTensors()).dataSync());
        assert.ok(maxError(got, end64(solver, z0, {w: W, v: V}, plan)) < 2e-5);
      });

    for (const solver of [heun, dopri5, tsit5])
      it(`${solver.name}, adaptive steps with saved times`, () => {
        const options = {solver, t0: 0, t1: STEPS, tolerances: {rtol: 1e-4, atol: 1e-4}, saveAt: {ts: [0.3, 2, 5]}};
        const reference =
          orThrow(solve(controlledTerm(field64(W, V), piecewiseConstantControl(bounds, plan)), {...options, y0: z0}));
        tf.tidy(() => {
          const solution = orThrow(solve(
            controlledTerm(fieldOf(tensor(W, D, D), tensor(V, M, D)), piecewiseConstantControl(bounds, planTensors())),
            {...options, y0: tensor(z0, B, D)},
          ));
          assert.deepEqual(solution.ts, [0.3, 2, 5]);
          solution.ys.forEach((y, i) => assert.ok(maxError(y.dataSync(), reference.ys[i]) < 5e-4));
        });
      });

    for (const make of [linearControl, naturalCubicControl, backwardHermiteControl, rectilinearControl])
      it(`${make.name}`, () => tf.tidy(() => {
        const ts = [0, 0.5, 1.5, 2, 3], values = ts.map((_, i) => draw(20 + i, M)), numbers = make(ts, values);
        const tensors = make(ts, values.map(x => tensor(x, 1, M)));
        for (const t of [0, 0.2, 0.5, 1.7, 3])
          assert.ok(maxError(controlAt(tensors, t).dataSync(), controlAt(numbers, t)) < 1e-5);
      }));

    it('a controlled differential equation', () => tf.tidy(() => {
      const ts = [0, 1, 2], values = ts.map((_, i) => draw(30 + i, M)), options = {solver: rk4, t0: 0, t1: 2, dt: 0.25};
      const one = cdeTerm(
        (_, y: Float64Array) => Float64Array.of(y[0], -y[1], 0.5, Math.tanh(y[0])), backwardHermiteControl(ts, values),
      );
      const reference = orThrow(solve(one, {...options, y0: Float64Array.of(1, 2)})).ys[0];
      const matrix = (y: tf.Tensor): tf.Tensor => {
        const [first, second] = tf.split(y, 2, 1);
        return tf.reshape(tf.concat([first, tf.neg(second), tf.fill([2, 1], 0.5), tf.tanh(first)], 1), [2, 2, 2]);
      };
      const term = cdeTerm(
        (_, y: tf.Tensor) => matrix(y), backwardHermiteControl(ts, values.map(x => tensor([...x, ...x], 2, M))),
      );
      const {ys} = solve(term, {...options, y0: tensor([1, 2, 1, 2], 2, 2)});
      assert.ok(maxError(ys[0].dataSync(), [...reference, ...reference]) < 1e-5);
    }));

    it('dense output', () => tf.tidy(() => {
      const decay = {solver: tsit5, t0: 0, t1: 2, dt: 0.5, saveAt: {dense: true}};
      const solution = solve(odeTerm((_, y: tf.Tensor) => tf.neg(y)), {...decay, y0: tensor([1, 2], 1, 2)});
      for (const t of [0, 0.3, 1.1, 2])
        assert.ok(maxError(denseAt(solution, t).dataSync(), [Math.exp(-t), 2 * Math.exp(-t)]) < 1e-4);
    }));
  });

  describe('gradients through the solver', () => {
    /** Sum of squares of the final state. */
    const loss = (y: tf.Tensor): tf.Scalar => tf.sum(tf.square(y));
    const loss64 = (y: Float64Array): number => y.reduce((sum, value) => sum + value * value, 0);

    /** Central differences of `f` at `x`. */
    function differences(f: (x: Float64Array) => number, x: Float64Array): Float64Array {
      const h = 1e-5;
      const moved = (i: number, by: number): Float64Array => x.map((value, j) => (i === j ? value + by : value));
      return x.map((_, i) => (f(moved(i, h)) - f(moved(i, -h))) / (2 * h));
    }

    const close = (got: tf.Tensor, wanted: Float64Array): void => {
      const scale = Math.max(...wanted.map(Math.abs));
      assert.ok(scale > 1e-2, 'the gradient is not trivial');
      assert.ok(maxError(got.dataSync(), wanted) / scale < 2e-5, `${maxError(got.dataSync(), wanted) / scale}`);
    };

    for (const solver of solvers)
      it(`${solver.name}: state, weights and plan agree with finite differences in float64`, () => tf.tidy(() => {
        const gradients = tf.grads((z, w, v, dose) =>
          loss(end(solver, z, {w, v}, [...planTensors().slice(0, 2), dose, ...planTensors().slice(3)])))(
          [tensor(z0, B, D), tensor(W, D, D), tensor(V, M, D), tensor(plan[2], B, M)]);
        close(gradients[0], differences(z => loss64(end64(solver, z, {w: W, v: V}, plan)), z0));
        close(gradients[1], differences(w => loss64(end64(solver, z0, {w, v: V}, plan)), W));
        close(gradients[2], differences(v => loss64(end64(solver, z0, {w: W, v}, plan)), V));
        const withThird = (dose: Float64Array) => [...plan.slice(0, 2), dose, ...plan.slice(3)];
        close(gradients[3], differences(dose =>
          loss64(end64(solver, z0, {w: W, v: V}, withThird(dose))), plan[2]));
      }));

    it('of a linear system agree with the matrix exponential and its derivative', () => tf.tidy(() => {
      const d = 3, time = 1.5, a = Array.from({length: d}, (_, i) => Array.from(draw(40 + i, d, 0.7)));
      const start = draw(50, d), weight = draw(51, d);
      const value = (matrix: tf.Tensor, y0: tf.Tensor): tf.Scalar => {
        const term = odeTerm((_, y: tf.Tensor) => tf.matMul(y, matrix, false, true));
        return tf.sum(tf.mul(solve(term, {solver: rk4, t0: 0, t1: time, y0, dt: 0.05}).ys[0], tensor(weight, 1, d)));
      };
      const [byMatrix, byStart] = tf.grads(value)([tensor(a.flat(), d, d), tensor(start, 1, d)]);
      const generator = Matrix.mul(new Matrix(a), time), w = Matrix.rowVector([...weight]);
      const y = Matrix.columnVector([...start]);
      close(byStart, Float64Array.from(w.mmul(expm(generator)).to1DArray()));
      const derivative = (i: number, j: number): number => {
        const block = Matrix.zeros(2 * d, 2 * d).setSubMatrix(generator, 0, 0).setSubMatrix(generator, d, d).set(
          i, d + j, time,
        );
        return w.mmul(expm(block).subMatrix(0, d - 1, d, 2 * d - 1)).mmul(y).get(0, 0);
      };
      close(byMatrix, Float64Array.from(a.flatMap((row, i) => row.map((_, j) => derivative(i, j)))));
    }));

    it('flow through adaptive steps and through the knots of a control', () => tf.tidy(() => {
      const value = (dose: tf.Tensor): tf.Scalar => {
        const term = controlledTerm(
          (_, y: tf.Tensor, u: tf.Tensor) => tf.sub(u, y),
          naturalCubicControl([0, 1, 2], [dose, tf.mul(dose, 2), tf.zerosLike(dose)]),
        );
        return tf.sum(
          solve(term, {solver: dopri5, t0: 0, t1: 2, y0: tf.zeros([1, 1]), tolerances: {rtol: 1e-4, atol: 1e-4}}).ys[0],
        );
      };
      // Linear in the dose, so the derivative is the value itself at dose 1.
      const [gradient] = tf.grads(value)([tf.ones([1, 1])]), exact = value(tf.ones([1, 1])).dataSync()[0];
      assert.ok(Math.abs(gradient.dataSync()[0] - exact) < 1e-4 * Math.abs(exact));
    }));
  });

  describe('economy', () => {
    const decay = odeTerm((_, y: tf.Tensor) => tf.neg(y));
    const kernels = async (solver: Solver, dt: number): Promise<number> => {
      const y0 = tf.ones([2, 2]);
      const {kernels: used} = await tf.profile(() => solve(decay, {solver, t0: 0, t1: 1, y0, dt}).ys[0]);
      return used.filter(({name}) => name !== 'Neg').length;
    };

    it('a step adds no more operations than its distinct non-zero coefficients need', async () => {
      assert.equal(await kernels(euler, 1), 1);
      assert.equal(await kernels(midpoint, 1), 3);
      assert.equal(await kernels(rk4, 1), 11);
      assert.equal(await kernels(rk4, 0.5), 24);
    });

    it('fixed steps read no values back, so that they can be recorded', () => {
      const {dataSync} = tf.Tensor.prototype, y0 = tf.ones([2, 2]);
      tf.Tensor.prototype.dataSync = () => assert.fail('a value was read');
      try {
        tf.tidy(() => assert.equal(
          solve(decay, {solver: tsit5, t0: 0, t1: 1, y0, dt: 0.1, saveAt: {ts: [0.25, 0.5]}}).ys.length, 2,
        ));
        assert.throws(
          () => solve(decay, {solver: tsit5, t0: 0, t1: 1, y0, dt: 0.1, checkFinite: true}), /a value was read/,
        );
      } finally {
        tf.Tensor.prototype.dataSync = dataSync;
      }
    });

    const left = (work: () => void): number => {
      const before = tf.memory().numTensors;
      work();
      return tf.memory().numTensors - before;
    };

    it('no tensor is left behind but the saved states', () => {
      const y0 = tf.ones([2, 2]), common = {t0: 0, t1: 1, y0}, tolerances = {rtol: 1e-4, atol: 1e-4};
      assert.equal(left(() => solve(decay, {...common, solver: rk4, dt: 0.1})), 1);
      assert.equal(left(() => solve(decay, {...common, solver: rk4, dt: 0.1, saveAt: {ts: [0, 0.5, 1]}})), 3);
      assert.equal(left(() => solve(decay, {...common, solver: tsit5, tolerances, saveAt: {ts: [0.1, 0.2]}})), 2);
      assert.equal(left(() => solve(decay, {...common, solver: tsit5, tolerances, maxSteps: 1})), 0);
      assert.equal(left(() => tf.dispose(solve(decay, {...common, solver: dopri5, tolerances, saveAt: {
        dense: true,
      }}) as unknown as tf.TensorContainer)), 0);
      assert.ok(!y0.isDisposed);
    });

    it('nor when the field throws', () => {
      const y0 = tf.ones([2, 2]);
      const broken = odeTerm((t, y: tf.Tensor) => { if (t > 0.5) throw new Error('stop'); return tf.neg(y); });
      assert.equal(left(() => assert.throws(() => solve(broken, {solver: rk4, t0: 0, t1: 1, y0, dt: 0.1}), /stop/)), 0);
    });

    it('reading dense output leaves one tensor, and the saved states are the caller\'s own', () => {
      const y0 = tf.ones([1, 2]);
      const solution = solve(decay, {solver: dopri5, t0: 0, t1: 1, y0, dt: 0.5, saveAt: {dense: true, steps: true}});
      assert.equal(left(() => denseAt(solution, 0.3)), 1);
      solution.ys.forEach(y => y.dispose());
      assert.ok(!y0.isDisposed);
      assert.ok(Math.abs(denseAt(solution, 0.5).dataSync()[0] - Math.exp(-0.5)) < 1e-4);
    });
  });

  describe('trouble', () => {
    it('is reported when asked for, and always by adaptive steps', () => tf.tidy(() => {
      const bad = odeTerm((_, y: tf.Tensor) => tf.log(tf.neg(tf.square(y))));
      const options = {solver: tsit5, t0: 0, t1: 1, y0: tf.ones([1, 1])};
      assert.equal(solve(bad, {...options, dt: 0.1, checkFinite: true}).status, 'non-finite');
      assert.equal(solve(bad, {...options, tolerances: {rtol: 1e-3, atol: 1e-3}}).status, 'non-finite');
    }));

    it('a field that broadcasts to another shape is refused', () => tf.tidy(() => {
      const wide = odeTerm((_, y: tf.Tensor) => tf.concat([y, y], 1));
      assert.throws(
        () => solve(wide, {solver: rk4, t0: 0, t1: 1, y0: tf.ones([2, 1]), dt: 0.1}),
        /returns the shape of y0, \[2,1\]; received \[2, 2\]/,
      );
    }));
  });
});
