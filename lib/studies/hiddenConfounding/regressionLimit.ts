import {CholeskyDecomposition, Matrix} from 'ml-matrix';
import {expect} from '../../errors';
import type {HiddenWorld} from './world';

/** A random variable of mean 0 as weights of independent standard normal numbers, by name. */
type Normal = ReadonlyMap<string, number>;

/**
 * How far a plain regression of records, with infinitely many of them, is from {@link interventionalMean} when plans
 * are drawn at random: root mean square over plans and histories, for each step ahead `[horizon]`, in closed form. The
 * regression reads the whole history and the plan as it was followed; what it takes for the effect of a dose is in
 * part news of u. 0 without confounding.
 * @throws ArgumentError for a world that is not linear, which is the one with `'exciting inputs'`
 */
export function regressionLimit(world: HiddenWorld): number[] {
  expect(world.kind !== 'exciting inputs', {
    fn: 'regressionLimit', argument: 'world', expected: 'linear: kind every input or no input', received: world.kind,
  });
  const {decision: c, horizon} = world, followed = run(world, 'policy'), planned = run(world, 'plan');
  const past = [...followed.y.slice(0, c + 1), ...(world.treatedBefore ? followed.a.slice(0, c).flat() : [])];
  return Array.from({length: horizon}, (_, k) => {
    const given = followed.a.slice(c, c + k + 1).flat(), set = planned.a.slice(c, c + k + 1).flat();
    const learnt = combined(regressed(followed.y[c + k + 1], [...past, ...given]), [...past, ...set]);
    const best = combined(regressed(planned.y[c + k + 1], [...past, ...set]), [...past, ...set]);
    const off = combined([1, -1], [learnt, best]);
    return Math.sqrt(product(off, off));
  });
}

/** Outcomes and doses, less their means, of a unit treated by the policy or, from the decision on, by a plan. */
function run(world: HiddenWorld, by: 'policy' | 'plan') {
  const {decision, horizon, kept, confounding, doseSd, effects, decay, push, noise} = world;
  const y: Normal[] = [source('y0')], a: Normal[][] = [], fresh = Math.sqrt(1 - kept ** 2);
  let u = source('u0');
  for (let t = 0; t < decision + horizon; t++) {
    const set = by === 'plan' && t >= decision;
    const doses = [0, 1].map(j => (set
      ? combined([doseSd], [source(`plan ${t} ${j}`)])
      : combined(world.treats(t) ? [confounding, doseSd] : [0, 0], [u, source(`dose ${t} ${j}`)])));
    a.push(doses);
    y.push(combined([decay, ...effects, world.window(t, []) * push, noise], [y[t], ...doses, u, source(`y${t + 1}`)]));
    u = combined([kept, fresh], [u, source(`u${t + 1}`)]);
  }
  return {y, a};
}

const source = (name: string): Normal => new Map([[name, 1]]);

/** Weighted sum. */
function combined(weights: readonly number[], parts: readonly Normal[]): Normal {
  const sum = new Map<string, number>();
  parts.forEach((part, k) => part.forEach((v, name) => sum.set(name, (sum.get(name) ?? 0) + weights[k] * v)));
  return sum;
}

/** Covariance. */
function product(a: Normal, b: Normal): number {
  let sum = 0;
  a.forEach((v, name) => (sum += v * (b.get(name) ?? 0)));
  return sum;
}

/** Weights of the best linear forecast of `target`. */
function regressed(target: Normal, given: readonly Normal[]): number[] {
  const gram = new Matrix(given.map(a => given.map(b => product(a, b))));
  return new CholeskyDecomposition(gram).solve(Matrix.columnVector(given.map(x => product(x, target)))).to1DArray();
}
