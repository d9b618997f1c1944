import * as tf from '@tensorflow/tfjs';
import {all, create, type MathNode} from 'mathjs';
import assert from 'node:assert/strict';
import {handle, record, session} from '../../lib/graph';
import {fold, rng, uniform} from '../../lib/math';
import {workedSystems} from '../../lib/observability';
import {
  compileSystem, fieldOf, mapOf, outputsOf, tensorFieldOf, tensorMapOf, tensorOutputsOf,
  type Constants, type ControlSystem, type DynamicalSystem, type Float64Field, type MapSystem,
  type TensorConstants, type TensorField,
} from '../../lib/systems';
import {cancerSystems, releasedStep} from '../../lib/studies/cancer/systems';

type System = ControlSystem | MapSystem;
const systems: readonly System[] = [
  ...workedSystems.map(w => w.system), ...cancerSystems.map(w => w.system), releasedStep,
];
const isMap = (system: System): system is MapSystem => 'next' in system;
const formulas = (system: System) => (isMap(system) ? system.next : system.dynamics);
const float64 = (system: System, constants?: Constants): Float64Field =>
  (isMap(system) ? mapOf(system, constants) : fieldOf(system, constants));
const tensors = (system: System, constants?: TensorConstants): TensorField =>
  (isMap(system) ? tensorMapOf(system, constants) : tensorFieldOf(system, constants));

const UNITS = 16, math = create(all);

/** Points from the box where the system is looked at: `x [UNITS * n]`, `a [UNITS * da]`. */
function points({name, region, inputs, inputRange}: System) {
  const draw = (what: string, box: readonly (readonly [number, number])[]) => {
    const u = uniform(fold(fold(rng(1), name), what), UNITS * box.length);
    return u.map((p, k) => box[k % box.length][0] + p * (box[k % box.length][1] - box[k % box.length][0]));
  };
  return {x: draw('x', region), a: draw('a', inputRange ?? inputs.map(() => [-1, 1] as const))};
}

/** Names and values of unit `i`, as mathjs takes them. */
function scope({states, inputs, noise = [], constants}: System, {x, a}: ReturnType<typeof points>, i: number) {
  const [n, da] = [states.length, inputs.length];
  return {
    ...constants, ...Object.fromEntries(noise.map(name => [name, 0])),
    ...Object.fromEntries(states.map((s, k) => [s, x[i * n + k]])),
    ...Object.fromEntries(inputs.map((s, k) => [s, a[i * da + k]])),
  };
}

/** Rounding of float32 over the few operations of a formula, relative to the largest value that it takes. */
const ROUNDING = 32 * 2 ** -24;

/** Checks values `[UNITS * d]`, each column relative to its largest one. */
function agree(actual: ArrayLike<number>, expected: ArrayLike<number>, d: number, tolerance: number): void {
  assert.equal(actual.length, expected.length);
  for (let k = 0; k < d; k++) {
    const column = Array.from({length: expected.length / d}, (_, i) => [actual[i * d + k], expected[i * d + k]]);
    const scale = Math.max(...column.map(([, e]) => Math.abs(e)));
    column.forEach(([y, e], i) =>
      assert.ok(Math.abs(y - e) <= tolerance * scale, `unit ${i}, value ${k}: ${y}, not ${e}`));
  }
}

/** On tensors: `a [UNITS, da]`, `x [UNITS, n]`. */
const matrix = (values: ArrayLike<number>) => tf.tensor2d(Float32Array.from(values), [UNITS, values.length / UNITS]);

describe('The readings of a dynamical system', () => {
  before(() => tf.setBackend('cpu'));

  for (const system of systems) describe(system.name, () => {
    const at = points(system), n = system.states.length, dy = system.outputs.length;
    const read = (texts: readonly string[]) => Array.from({length: UNITS}, (_, i) =>
      texts.map(text => Number(math.evaluate(text, scope(system, at, i))))).flat();

    it('in float64 are what mathjs makes of the formulas', () => {
      agree(float64(system)(at.x, at.a), read(formulas(system)), n, 1e-13);
      agree(outputsOf(system)(at.x), read(system.outputs), dy, 1e-13);
    });

    it('on tensors are those in float64, to the rounding of float32', () => {
      const [f, h] = tf.tidy(() =>
        [tensors(system)(matrix(at.x), matrix(at.a)), tensorOutputsOf(system)(matrix(at.x))]);
      agree(f.dataSync(), float64(system)(at.x, at.a), n, ROUNDING);
      agree(h.dataSync(), outputsOf(system)(at.x), dy, ROUNDING);
      tf.dispose([f, h]);
    });

    it('have one derivative: by formula, by differences, by gradients of tensors', () => {
      const {f} = compileSystem(system as ControlSystem);
      for (const [k, state] of system.states.entries()) {
        const symbolic = slopes(f.map(node => math.derivative(node as MathNode, state)), system, at);
        const step = 1e-5 * (system.region[k][1] - system.region[k][0]);
        const [up, down] = [step, -step].map(by =>
          float64(system)(at.x.map((v, j) => (j % n === k ? v + by : v)), at.a));
        agree(up.map((v, j) => (v - down[j]) / (2 * step)), symbolic, n, 1e-6);
        for (let j = 0; j < n; j++) {
          const of = (x: tf.Tensor) => tensors(system)(x, matrix(at.a)).slice([0, j], [-1, 1]).sum();
          const gradient = tf.tidy(() => tf.grad(of)(matrix(at.x)).slice([0, k], [-1, 1]).dataSync());
          agree(gradient, symbolic.filter((_, i) => i % n === j), 1, 4 * ROUNDING);
        }
      }
    });

    it('can be recorded', async () => {
      const program = record((x, a) => tensors(system)(x, a),
        [{shape: [UNITS, n]}, {shape: [UNITS, system.inputs.length]}]);
      const compiled = await session(program, {provider: 'cpu'});
      const given = [at.x, at.a].map(v => handle(Float32Array.from(v), [UNITS, v.length / UNITS], 'float32'));
      agree((await compiled.run(given))[0].data, float64(system)(at.x, at.a), n, ROUNDING);
      await compiled.dispose();
    });

    it('take constants unit by unit', () => {
      const factors = uniform(rng(2), UNITS).map(u => 0.9 + 0.2 * u);
      const each = Object.fromEntries(Object.entries(system.constants ?? {}).map(([c, v]) =>
        [c, factors.map(f => v * f)]));
      const together = float64(system, each)(at.x, at.a), da = system.inputs.length;
      for (let i = 0; i < UNITS; i++) {
        const own = Object.fromEntries(Object.entries(each).map(([c, v]) => [c, v[i]]));
        const alone = float64(system, own)(at.x.slice(i * n, (i + 1) * n), at.a.slice(i * da, (i + 1) * da));
        assert.deepEqual(together.slice(i * n, (i + 1) * n), alone);
      }
      const y = tf.tidy(() => tensors(system, Object.fromEntries(
        Object.entries(each).map(([c, v]) => [c, tf.tensor1d(Float32Array.from(v))])))(matrix(at.x), matrix(at.a)));
      agree(y.dataSync(), together, n, ROUNDING);
      y.dispose();
    });

    it('have a source, and a unit for every name', () => {
      assert.match(system.reference ?? '', /doi:10\.|ISBN 978/);
      const names = ['time', ...system.states, ...system.inputs, ...(system.noise ?? []),
        ...Object.keys(system.constants ?? {}), ...system.outputs];
      assert.deepEqual(names.filter(name => !system.units?.[name]), []);
    });

    it('have formulas whose units balance', () => {
      const unitOf = (name: string) => quantity(system.units![name]), symbols = namesOf(system);
      const values = Object.fromEntries(symbols.map(name => [name, unitOf(name)]));
      for (const [k, text] of formulas(system).entries()) {
        if (text === '0') continue; // of any unit
        const rate = isMap(system) ? unitOf(system.states[k]) : math.divide(unitOf(system.states[k]), unitOf('time'));
        assert.doesNotThrow(() => math.evaluate(`(${text}) + rate`, {...values, rate}), `${text} in ${String(rate)}`);
      }
    });
  });
});

/** Values `[UNITS * n]` of derivatives, one formula a state. */
function slopes(nodes: readonly MathNode[], system: System, at: ReturnType<typeof points>): number[] {
  return Array.from({length: UNITS}, (_, i) => nodes.map(node => Number(node.evaluate(scope(system, at, i))))).flat();
}

const namesOf = ({states, inputs, noise = [], constants = {}}: DynamicalSystem): string[] =>
  [...states, ...inputs, ...noise, ...Object.keys(constants)];

for (const name of ['cycle', 'Gy', 'prey', 'hunter']) math.createUnit(name, {}, {override: true});

/** One of a unit; what has none is a number. */
const quantity = (unit: string): number => math.multiply(1, math.evaluate(unit) as number);
