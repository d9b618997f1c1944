import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import {fold, rng, uniform} from '../../lib/math';
import {controlledTerm, orThrow, piecewiseConstantControl, rk4, solve} from '../../lib/ode';
import {initField, observableField} from '../../lib/models/stateSpace/obsnode/field';
import {tensors} from '../../lib/nn/tree';
import {
  analyseObservability, counterExample, empiricalGramian, estimateCounterExample, normalForm, normalFormField,
  normalFormMap, observabilityMatrix, outputDerivatives, randomNormalForm, randomState, reconstructState,
  sampleCounterExample, simulateObservability, workedSystems,
} from '../../lib/observability';
import {cancerSensitivity, cancerSystems, cancerVolume, cancerWeight} from '../../lib/studies/cancer';
import {
  compileSystem, fieldOf, inputDependent, lotkaVolterra, pendulumSystem, type ControlSystem,
} from '../../lib/systems';

function doses(system: ControlSystem, seed: number, parts = 6): number[][] {
  const range = system.inputRange ?? system.inputs.map(() => [-1, 1] as const);
  return Array.from({length: parts}, (_, k) => {
    const u = uniform(fold(fold(rng(5), seed), k), system.inputs.length);
    return range.map(([low, high], i) => low + (high - low) * u[i]);
  });
}

const systems = [...workedSystems, ...cancerSystems];

describe('observability of the worked systems', function () {
  this.timeout(120_000);

  for (const {system, expected} of systems)
    it(`${system.name}: ${expected}, by the symbolic and by the empirical test`, () => {
      assert.equal(analyseObservability(system, rng(1)).verdict, expected);
      assert.equal(simulateObservability(system, rng(1)).verdict, expected);
    });

  it('the normal form (5) exists on the whole region for exactly the uniform ones, with a certificate', () => {
    for (const {system, expected} of systems) {
      if (system.states.length % system.outputs.length !== 0) continue;
      const form = normalForm(system, rng(3));
      assert.equal(form.exists, {
        uniform: 'everywhere', generic: 'almost everywhere', 'depends on the input': 'no', unobservable: 'no',
      }[expected], system.name);
      assert.equal(form.certificate !== undefined, expected === 'uniform', system.name);
    }
  });

  it('the codistribution of the input-dependent example is [1 0; 0 a]', () => {
    const matrix = observabilityMatrix(outputDerivatives(inputDependent));
    assert.deepEqual(matrix.at([0.3, 0.7], [0, 0]), [[1, 0], [0, 0]]);
    assert.deepEqual(matrix.at([0.3, 0.7], [0.5, 0]), [[1, 0], [0, 0.5]]);
  });

  it('output derivatives follow the solution: difference quotients of a simulated pendulum agree', () => {
    const {formulas} = outputDerivatives(pendulumSystem, 3), x0 = [0.7, -0.4], a = 0.6, h = 1e-2;
    const at = (t: number) => orThrow(solve(
      controlledTerm(fieldTyped(pendulumSystem), piecewiseConstantControl([-1, 1], [Float64Array.of(a)])),
      {solver: rk4, t0: 0, t1: t, y0: Float64Array.from(x0), dt: 1e-3},
    )).ys.at(-1)![0];
    const [y0, up, down] = [x0[0], at(h), at(-h)], scope = {theta: x0[0], omega: x0[1], a, a_1: 0};
    assert.ok(Math.abs((up - down) / (2 * h) - Number(formulas[1][0].evaluate(scope))) < 1e-3);
    assert.ok(Math.abs((up - 2 * y0 + down) / h ** 2 - Number(formulas[2][0].evaluate(scope))) < 1e-2);
  });

  it('names what is wrong with a system', () => {
    assert.throws(() => compileSystem({...pendulumSystem, dynamics: ['omega']}), /2 formulas/);
    assert.throws(() => compileSystem({...pendulumSystem, dynamics: ['omega', 'q + a']}), /"q"/);
    assert.throws(() => compileSystem({...pendulumSystem, outputs: ['theta + a']}), /state alone/);
    assert.throws(() => compileSystem({...pendulumSystem, dynamics: ['omega', '(theta']}), /mathjs/);
  });
});

describe('the observable normal form', function () {
  this.timeout(120_000);

  it('maps pendulum, Lotka-Volterra and cancer weight there and back, and the form\'s own solution is the image of '
      + 'the system\'s', () => {
    for (const system of [pendulumSystem, lotkaVolterra, cancerWeight]) {
      const map = normalFormMap(normalForm(system, rng(2))), f = fieldOf(system);
      for (let k = 0; k < 5; k++) {
        const x = Float64Array.from(randomState(system, fold(rng(4), k)));
        const guess = x.map((v, i) => v * (1 + 0.02 * (i + 1)));
        const back = map.inverse(map.forward(x), guess);
        assert.ok(back.every((v, i) => Math.abs(v - x[i]) < 1e-9 * (1 + Math.abs(x[i]))), system.name);
        const a = doses(system, k, 1)[0], h = 1e-6, dx = f(x, a);
        const moved = [1, -1].map(s => map.forward(x.map((v, i) => v + s * h * dx[i])));
        const field = map.field(map.forward(x), a, x);
        for (let i = 0; i < field.length; i++) assert.ok(
          Math.abs((moved[0][i] - moved[1][i]) / (2 * h) - field[i]) < 1e-5 * (1 + Math.abs(field[i])),
          `${system.name} ${i}`,
        );
      }
    }
  });

  it('refuses blocks that do not fit and inverses that do not exist', () => {
    assert.throws(
      () => normalForm({...cancerVolume, outputs: ['V', 'W', 'V + W']}, rng(1)), /multiple of the 3 outputs/,
    );
    const square = normalFormMap(normalForm(
      {name: 's', states: ['x'], inputs: ['a'], dynamics: ['a'], outputs: ['x^2'], region: [[1, 2]]}, rng(1),
    ));
    assert.throws(() => square.inverse([-1], [1]), /image of the map/);
  });

  it('random networks of form (5) are observable under zero, constant and random inputs, for m = 1 to 4 and one or '
      + 'two outcomes', () => {
    for (const blocks of [1, 2, 3, 4]) for (const outcomes of [1, 2]) for (let k = 0; k < 3; k++) {
      const net = randomNormalForm(fold(rng(6), k + 10 * blocks), {blocks, outcomes, treatments: 2});
      const z0 = uniform(fold(rng(8), k), blocks * outcomes).map(v => 2 * v - 1);
      for (const inputs of [zeros(6), ones(6), noise(6, k)])
        assert.equal(empiricalGramian(net, z0, {inputs, horizon: 2}).rank, blocks * outcomes);
    }
  });

  it('the library\'s own ObsNODE field with random weights is observable as well', async () => {
    await tf.setBackend('cpu');
    const shape = {blocks: 3, outcomes: 1, treatments: 1};
    const weights = tensors(initField(rng(3), shape, {hiddenLayers: 2, width: 16}));
    const field = (z: Float64Array, a: Float64Array) => Float64Array.from(tf.tidy(() => observableField(
      weights, tf.tensor2d(Array.from(z), [1, 3]), tf.tensor2d(Array.from(a), [1, 1]), 'tanh',
    ).dataSync()));
    const gram = empiricalGramian({field, measure: z => z.slice(0, 1)}, [0.1, -0.2, 0.3], {
      inputs: [[0], [1]], horizon: 2, steps: 5, epsilon: 0.05,
    });
    assert.equal(gram.rank, 3);
    assert.ok(gram.visibility > 1e-3);
  });

  it('a free latent field, without the form, can be blind: cutting the link of block 2 to block 1 loses a rank', () => {
    const net = randomNormalForm(rng(6), {blocks: 2, treatments: 1});
    const blind = {
      measure: net.measure,
      field: (z: Float64Array, a: Float64Array) => { const d = net.field(z, a); d[0] -= z[1]; return d; },
    };
    assert.equal(empiricalGramian(blind, [0.2, 0.4], {inputs: noise(6, 1).map(a => [a[0]]), horizon: 2}).rank, 1);
  });

  it('the state is rebuilt from outputs alone, at the order of the differences (4), also at unequal distances', () => {
    const net = randomNormalForm(rng(12), {blocks: 3}), a = [0.4];
    const control = piecewiseConstantControl([0, 4], [Float64Array.from(a)]);
    const term = controlledTerm<Float64Array, Float64Array>((_t, z, u) => net.field(z, u), control);
    const y0 = Float64Array.of(0.3, -0.5, 0.8);
    const error = (dt: number, bend: number, told: 'times' | 'distance' = 'times') => {
      const n = Math.round(3.2 / dt), ts = Array.from({length: n + 1}, (_, k) => k * dt + bend * Math.sin(2 * k * dt));
      const path = orThrow(solve(term, {solver: rk4, t0: 0, t1: ts[n], y0, dt: dt / 8, saveAt: {ts}})).ys;
      const found = reconstructState(net, path.map(z => net.measure(z)), a, told === 'times' ? ts : dt);
      const middle = found.length >> 1;
      return Math.hypot(...found[middle].map((v, i) => v - path[middle + 4][i]));
    };
    const equal = error(0.1, 0, 'distance');
    assert.ok(Math.abs(equal - error(0.1, 0)) < 1e-9 * equal + 1e-11, 'a distance is times at this distance');
    for (const bend of [0, 0.2, 0.4]) {
      const ratio = error(0.1, bend) / error(0.05, bend);
      assert.ok(ratio > 12 && ratio < 20, `${ratio}`);
    }
    assert.ok(error(0.05, 0.4, 'distance') > 1000 * error(0.05, 0.4), 'unequal distances taken for equal ones are not');
  });

  it('the general form: observable under every input, its state rebuilt at order 4, for one and two outcomes', () => {
    for (const outcomes of [1, 2]) {
      const net = randomNormalForm(rng(20 + outcomes), {blocks: 3, outcomes, treatments: 1, floor: 0.05}), a = [0.4];
      const z0 = uniform(rng(9), 3 * outcomes).map(v => 2 * v - 1);
      for (const inputs of [[[0]], [[1]], [[-1], [1]]])
        assert.equal(empiricalGramian(net, z0, {inputs, horizon: 2}).rank, 3 * outcomes);
      const term = controlledTerm<Float64Array, Float64Array>((_t, z, u) => net.field(z, u),
        piecewiseConstantControl([0, 4], [Float64Array.from(a)]));
      const error = (dt: number) => {
        const n = Math.round(3.2 / dt), ts = Array.from({length: n + 1}, (_, k) => k * dt);
        const path = orThrow(solve(term, {solver: rk4, t0: 0, t1: ts[n], y0: z0, dt: dt / 8, saveAt: {ts}})).ys;
        const found = reconstructState(net, path.map(z => net.measure(z)), a, dt), middle = found.length >> 1;
        return Math.hypot(...found[middle].map((v, i) => v - path[middle + 4][i]));
      };
      const ratio = error(0.1) / error(0.05);
      assert.ok(ratio > 12 && ratio < 20, `${ratio}`);
      assert.ok(error(0.05) < 1e-3);
    }
    assert.throws(() => randomNormalForm(rng(1), {floor: 0}), /randomNormalForm: argument `floor` must be in \(0, 1\)/);
  });

  it('the general form keeps its states while gains stay above 0, and loses one where a gain is 0', () => {
    const net = randomNormalForm(rng(6), {blocks: 2}), z0 = [0.2, 0.4];
    const withGain = (gain: number) => ({measure: net.measure, field: normalFormField(2, 1, net.phi, () =>
      Float64Array.of(gain))});
    const ranks = [1, 0.05, 0].map(g => empiricalGramian(withGain(g), z0, {inputs: [[0.5]], horizon: 2}).rank);
    assert.deepEqual(ranks, [2, 2, 1]);
  });

  it('the state is not rebuilt at times that are none', () => {
    const net = randomNormalForm(rng(12), {blocks: 2}), outputs = Array.from({length: 6}, () => [0]);
    for (const times of [[0, 1, 2, 3, 4], [0, 1, 2, 2, 3, 4], [0, 1, 2, 3, 4, NaN], -1, NaN, Infinity])
      assert.throws(
        () => reconstructState(net, outputs, [0], times),
        /reconstructState: argument `times` must be 6 increasing finite times/,
      );
  });

  it('form (5) cannot keep a drug sensitivity through a dose-free stretch: outputs agree there, the dose tells two '
      + 'patients apart later', () => {
    const f = fieldOf(cancerSensitivity), run = (x: number[], plan: number[]) => {
      const ts = plan.map((_, k) => k + 1);
      const term = controlledTerm<Float64Array, Float64Array>(
        (_t, s, u) => f(s, u), piecewiseConstantControl([0, ...ts], plan.map(c => Float64Array.of(c))),
      );
      return orThrow(
        solve(term, {solver: rk4, t0: 0, t1: plan.length, y0: Float64Array.from(x), dt: 0.1, saveAt: {ts}}),
      ).ys.map(s => s[0]);
    };
    const [one, two] = [0.01, 0.05].map(beta => run([2, 0.02, beta], [0, 0, 0, 10, 10]));
    for (let k = 0; k < 3; k++) assert.equal(one[k], two[k]);
    assert.ok(Math.abs(one[4] - two[4]) > 0.5);
    assert.equal(normalForm(cancerSensitivity, rng(1)).exists, 'no');
  });
});

describe('the counter-example', () => {
  it('two worlds share the data; the truth is 0 in one and tanh(preference / 2) in the other; a test dose '
      + 'identifies both', () => {
    const truth = counterExample(2);
    assert.ok(Math.abs(truth.observed - 0.7615941559557649) < 1e-15);
    for (const world of ['knowing clinician', 'coin toss'] as const) {
      const {naive, truth: effect, adjusted} = estimateCounterExample(sampleCounterExample(rng(4), 200_000, {world}));
      const expected = world === 'coin toss' ? truth.coinToss : truth.knowingClinician;
      assert.ok(Math.abs(naive.value - truth.observed) < 4 * naive.standardError);
      assert.ok(Math.abs(effect.value - expected) < 4 * effect.standardError);
      assert.ok(
        Math.abs(adjusted.value - expected) < 4 * adjusted.standardError,
        `${world}: ${adjusted.value} ± ${adjusted.standardError}`,
      );
    }
  });

  it('the two worlds give the same law of treatment and outcome', () => {
    const shares = (['knowing clinician', 'coin toss'] as const).map(world => {
      const {treatment, outcome} = sampleCounterExample(rng(7), 100_000, {world, noise: 0}), n = treatment.length;
      return [[1, 1], [1, -1], [0, 0]].map(([a, y]) =>
        outcome.filter((v, i) => treatment[i] === a && Math.round(v) === y).length / n);
    });
    shares[0].forEach((p, i) => assert.ok(Math.abs(p - shares[1][i]) < 4 * Math.sqrt(2 * p * (1 - p) / 100_000)));
  });
});

const zeros = (n: number) => Array.from({length: n}, () => [0, 0]);
const ones = (n: number) => Array.from({length: n}, () => [1, -1]);
const noise = (n: number, k: number) =>
  Array.from({length: n}, (_, i) => Array.from(uniform(fold(fold(rng(2), k), i), 2), v => 2 * v - 1));
const fieldTyped = (
  system: ControlSystem,
) => { const f = fieldOf(system); return (_t: number, x: Float64Array, a: Float64Array) => f(x, a); };
