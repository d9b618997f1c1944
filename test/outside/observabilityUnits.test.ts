import assert from 'node:assert/strict';
import {parse} from 'mathjs';
import {fold, rng, uniform} from '../../lib/math';
import {analyseObservability, normalForm, simulateObservability, workedSystems} from '../../lib/observability';
import {cancerSystems} from '../../lib/studies/cancer';
import type {ControlSystem} from '../../lib/systems';
import {signOn} from '../../lib/systems/interval';

const systems = [...workedSystems, ...cancerSystems];

/** How many new units make an old one. */
interface Units {
  readonly states: readonly number[];
  readonly outputs: readonly number[];
  readonly inputs: readonly number[];
  readonly time: number;
}

/** The same system in other units. */
function inUnits(system: ControlSystem, {states, outputs, inputs, time}: Units): ControlSystem {
  const factor = new Map([
    ...system.states.map((name, i) => [name, states[i]] as const),
    ...system.inputs.map((name, i) => [name, inputs[i]] as const),
  ]);
  const rewrite = (text: string) => parse(text).transform(part => {
    const by = part.type === 'SymbolNode' ? factor.get((part as unknown as {name: string}).name) : undefined;
    return by === undefined ? part : parse(`(${part.toString()} / ${by})`);
  }).toString();
  const scaled = (range: readonly (readonly [number, number])[], by: readonly number[]) =>
    range.map(([low, high], i) => [low * by[i], high * by[i]] as const);
  return {
    ...system, dynamics: system.dynamics.map((text, i) => `${states[i]} / ${time} * (${rewrite(text)})`),
    outputs: system.outputs.map((text, i) => `${outputs[i]} * (${rewrite(text)})`),
    region: scaled(system.region, states),
    inputRange: scaled(system.inputRange ?? system.inputs.map(() => [-1, 1] as const), inputs),
  };
}

const ones = (n: number): number[] => Array.from({length: n}, () => 1);
const neutral = (s: ControlSystem): Units =>
  ({states: ones(s.states.length), outputs: ones(s.outputs.length), inputs: ones(s.inputs.length), time: 1});
/** Factors from 1e-6 to 1e6, no round numbers. */
const random = (s: ControlSystem, seed: number): Units => {
  const draw = (name: string, n: number) =>
    Array.from(uniform(fold(fold(rng(seed), name), 1), Math.max(1, n)), u => 10 ** (12 * u - 6)).slice(0, n);
  return {
    states: draw('states', s.states.length), outputs: draw('outputs', s.outputs.length),
    inputs: draw('inputs', s.inputs.length), time: draw('time', 1)[0],
  };
};
const changes = (s: ControlSystem): [string, Units][] => [
  ...[1e-6, 1e6].flatMap((by): [string, Units][] => [
    [`states times ${by}`, {...neutral(s), states: ones(s.states.length).map(() => by)}],
    [`one state times ${by}`, {...neutral(s), states: ones(s.states.length).map((_, i) => (i === 0 ? by : 1))}],
    [`outputs times ${by}`, {...neutral(s), outputs: ones(s.outputs.length).map(() => by)}],
    [`inputs times ${by}`, {...neutral(s), inputs: ones(s.inputs.length).map(() => by)}],
    [`time times ${by}`, {...neutral(s), time: by}], [`outputs times ${by}, time `
      + `times ${1 / by}`, {...neutral(s), outputs: ones(s.outputs.length).map(() => by), time: 1 / by}],
  ]),
  ...[1, 2, 3].map((seed): [string, Units] => [`random units ${seed}`, random(s, seed)]),
];

describe('verdicts do not depend on units, from 1e-6 to 1e6', function () {
  this.timeout(600_000);

  for (const {system, expected} of systems) {
    it(`${system.name}: ${expected} by formulas`, () => {
      const {genericRank, exceptions} = analyseObservability(system, rng(1));
      for (const [name, units] of changes(system)) {
        const report = analyseObservability(inUnits(system, units), rng(1));
        assert.deepEqual(
          [report.verdict, report.genericRank, report.exceptions.map(e => e.coordinate)],
          [expected, genericRank, exceptions.map(e => e.coordinate)], name,
        );
      }
    });

    it(`${system.name}: ${expected} by simulation, and as visible`, () => {
      const {visibility} = simulateObservability(system, rng(1));
      // Every other change: a simulation takes a hundred times as long as formulas.
      for (const [name, units] of changes(system).filter((_, i) => i % 2 === 0 || i > 12)) {
        const report = simulateObservability(inUnits(system, units), rng(1));
        assert.equal(report.verdict, expected, name);
        // What is invisible has only rounding to show.
        assert.ok(
          Math.abs(report.visibility - visibility) < 1e-4 * visibility + 1e-6,
          `${name}: ${report.visibility} for ${visibility}`,
        );
      }
    });
  }

  it('a sign is proved by halving the side that matters, however small beside the others', () => {
    for (const by of [1e-6, 1, 1e6]) assert.equal(
      signOn(parse(`(x / ${by})^2 - x / ${by} + 1`), {x: [-3 * by, 3 * by], y: [-1, 1], z: [-1e6, 1e6]}), 1, `${by}`,
    );
  });

  it('the normal form exists in all units or in none', () => {
    for (const {system} of systems.filter(({system: s}) => s.states.length % s.outputs.length === 0)) {
      const {exists} = normalForm(system, rng(1));
      for (const [name, units] of changes(system))
        assert.equal(normalForm(inUnits(system, units), rng(1)).exists, exists, `${system.name}, ${name}`);
    }
  });
});
