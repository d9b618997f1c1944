import assert from 'node:assert/strict';
import {parse} from 'mathjs';
import {EigenvalueDecomposition, Matrix} from 'ml-matrix';
import {fold, normal, rng, uniform} from '../../lib/math';
import {
  analyseObservability, normalForm, observabilityMatrix, outputDerivatives, randomNormalForm, reconstructState,
  simulateObservability, twinState,
} from '../../lib/observability';
import {compileSystem, cubicChain, fieldOf, outputsOf, pendulumSystem, type ControlSystem} from '../../lib/systems';
import {derivative, isZero, multipliedOut, subtract, text} from '../../lib/systems/polynomial';
import {knownSystems} from './support/knownSystems';

describe('systems of the literature get their known verdicts, in seconds', function () {
  this.timeout(120_000);

  for (const {system, verdict, rank, source} of knownSystems)
    it(`${system.name}: ${verdict}, rank ${rank} (${source})`, () => {
      const start = process.cpuUsage(), report = analyseObservability(system, rng(1)), {user} = process.cpuUsage(start);
      assert.deepEqual([report.verdict, report.genericRank], [verdict, rank], JSON.stringify(report));
      assert.equal(report.certificate !== undefined, verdict === 'uniform');
      assert.ok(user < 30e6, `${user / 1e6} s of processor time`);
    });

  it('no seed turns a hidden window into a certificate', () => {
    for (const {system} of knownSystems.filter(k => k.system.name.startsWith('a dose just inside')))
      for (let seed = 0; seed < 20; seed++) {
        const report = analyseObservability(system, rng(seed));
        assert.equal(report.verdict, 'depends on the input');
        assert.ok(report.exceptions.some(e => e.coordinate === 'a' && Math.abs(e.value! - 0.99) < 1e-6));
        assert.notEqual(normalForm(system, rng(seed)).exists, 'everywhere');
      }
  });

  it('what was left out of a long system is said', () => {
    const {system} = knownSystems.find(k => k.system.name === 'six states, four parameters')!;
    assert.match(analyseObservability(system, rng(1)).note!, /up to 5 states only/);
  });

  it('Lorenz through z is not called uniform by simulation: the twin (-x, -y, z) is found, at the default '
      + 'horizon and at 4', () => {
    const {system} = knownSystems.find(k => k.system.name === 'Lorenz, z')!;
    for (const [horizon, seed] of [[undefined, 1], [undefined, 2], [0.5, 1], [4, 1]] as const) {
      assert.equal(simulateObservability(system, rng(seed), {horizon}).verdict, 'generic', `${horizon} ${seed}`);
    }
    const x0 = [-5, 3, 20];
    const twin = twinState({field: fieldOf(system), measure: outputsOf(system)}, x0, rng(1), {
      inputs: [[], [], [], [], [], []], horizon: 4, region: system.region, steps: 30,
    });
    assert.ok(twin && [5, -3, 20].every((v, i) => Math.abs(twin.state[i] - v) < 1e-6), `${twin?.state}`);
  });
});

describe('linear systems', function () {
  this.timeout(120_000);

  /** Rank of C, CA, ... by the eigenvector test of Popov, Belevitch and Hautus in float64: an independent way. */
  const rankOf = (a: number[][], c: number[][]): number => {
    const n = a.length, gram = Matrix.zeros(n, n);
    let row = new Matrix(c);
    for (let k = 0; k < n; k++) {
      gram.add(row.transpose().mmul(row));
      row = row.mmul(new Matrix(a));
    }
    const values = new EigenvalueDecomposition(gram, {assumeSymmetric: true}).realEigenvalues;
    const most = Math.max(...values);
    return values.filter(v => v > 1e-10 * most).length;
  };

  it('200 random ones are uniform exactly when their Kalman matrix has full rank', () => {
    let full = 0;
    for (let k = 0; k < 200; k++) {
      const r = fold(rng(3), k), n = 2 + k % 4, outputs = 1 + k % 2;
      const sparse = uniform(fold(r, 'zeros'), n * n + outputs * n);
      const draws = normal(fold(r, 'values'), n * n + outputs * n);
      const value = (i: number) => (sparse[i] < 0.45 ? 0 : Math.round(4 * draws[i]));
      const a = Array.from({length: n}, (_, i) => Array.from({length: n}, (_unused, j) => value(i * n + j)));
      const c = Array.from({length: outputs}, (_, i) =>
        Array.from({length: n}, (_unused, j) => value(n * n + i * n + j)));
      if (a.flat().every(v => v === 0)) continue;
      const sum = (row: number[]) => row.map((v, j) => `${v} * x${j}`).join(' + ');
      const system: ControlSystem = {
        name: `${k}`, states: a.map((_, i) => `x${i}`), inputs: ['u'],
        dynamics: a.map((row, i) => `${sum(row)} + ${i} * sin(u)`), outputs: c.map(sum),
        region: a.map(() => [-1, 2] as const),
      };
      const report = analyseObservability(system, rng(k)), rank = rankOf(a, c);
      assert.deepEqual(
        [report.genericRank, report.verdict], [rank, rank === n ? 'uniform' : 'unobservable'],
        `${k}: ${JSON.stringify({a, c})}`,
      );
      full += Number(rank === n);
    }
    assert.ok(full > 40 && full < 160, `${full}`);
  });
});

describe('formulas are exact', () => {
  it('coefficients of 1e-15 and less stay', () => {
    for (const small of ['1e-15', '1e-30', '6.62607015e-34']) {
      const {formulas} = outputDerivatives({
        name: 's', states: ['x', 'y'], inputs: [], dynamics: [`${small} * y`, '-x'], outputs: ['x'],
        region: [[0, 1], [0, 1]],
      });
      assert.equal(Number(formulas[1][0].evaluate({x: 0, y: 1})), Number(small));
    }
  });

  it('derivatives multiplied out agree with difference quotients, and formulas with themselves', () => {
    for (const formula of [
      'x^3 / (1 + x^2) - y', 'exp(-x * y) * sin(3 * x)', 'log(x^2 + y) / sqrt(x + y)', 'tanh(x - y) + x^1.5',
      '(x - y)^5 / (3 + cos(x))', 'cosh(x) * sinh(y) + atan(x * y)', 'x^y', '2^x * cbrt(y)', 'tan(x / 3)',
    ]) {
      const p = multipliedOut(parse(formula)), code = parse(formula).compile(), out = parse(text(p)).compile();
      const slope = parse(text(derivative(p, 'x'))).compile();
      for (let k = 0; k < 20; k++) {
        const [x, y] = uniform(fold(rng(8), k), 2).map(v => 0.3 + 1.5 * v);
        const at = (v: number) => Number(code.evaluate({x: v, y}));
        assert.ok(Math.abs(Number(out.evaluate({x, y})) - at(x)) < 1e-9 * (1 + Math.abs(at(x))), formula);
        assert.ok(Math.abs(Number(slope.evaluate({x, y})) - (at(x + 1e-5) - at(x - 1e-5)) / 2e-5) < 1e-6, formula);
      }
    }
  });

  it('rational identities are recognised, and what is not zero is not called so', () => {
    for (const [a, b] of [
      ['a/(a+b) + b/(a+b)', '1'], ['1/(x+1) - 1/(x+2)', '1/((x+1)*(x+2))'], ['(a^2-b^2)/(a-b)', 'a+b'],
      ['sqrt(x+1)^2', '1+x'], ['0.1 + 0.2', '0.3'],
    ])
      assert.ok(isZero(subtract(multipliedOut(parse(a)), multipliedOut(parse(b)))), a);
    for (const [a, b] of [['a + 1e-40', 'a'], ['sqrt(x^2)', 'x'], ['exp(x)', '1 + x']])
      assert.ok(!isZero(subtract(multipliedOut(parse(a)), multipliedOut(parse(b)))), a);
  });

  it('the numeric observability matrix is the gradient of the written derivatives', () => {
    const system: ControlSystem = {
      name: 'all functions', states: ['x', 'v'], inputs: ['a'], region: [[-1, 1], [-1, 1]],
      outputs: [
        'tanh(x) + exp(-v * x)', 'log(2 + x^2) + cos(x) * sinh(v)', 'atan(x) + (3 + x)^1.5',
        'tan(v) + cosh(x) / (2 + v)',
      ], dynamics: ['v + sin(x)', '-9.81 * sin(x) - 0.3 * v + a^2'],
    };
    const derivatives = outputDerivatives(system, 3);
    const rows = observabilityMatrix(derivatives).at([0.3, 0.4], [0.5, 0.1, -0.2]);
    const scope = {a: 0.5, a_1: 0.1, a_2: -0.2};
    derivatives.formulas.flat().forEach((formula, i) => {
      const code = formula.compile(), at = (x: number, v: number) => Number(code.evaluate({...scope, x, v}));
      [at(0.3 + 1e-5, 0.4) - at(0.3 - 1e-5, 0.4), at(0.3, 0.4 + 1e-5) - at(0.3, 0.4 - 1e-5)].forEach((d, j) =>
        assert.ok(Math.abs(d / 2e-5 - rows[i][j]) < 1e-6 * (1 + Math.abs(rows[i][j])), `${i} ${j}`));
    });
  });

  it('names of derivatives of inputs are fresh', () => {
    const system: ControlSystem = {
      name: 'n', states: ['a_1', 'x'], inputs: ['a'], dynamics: ['-a_1', 'a_1 + a'], outputs: ['x'],
      region: [[0, 1], [0, 1]],
    };
    const {inputNames, formulas} = outputDerivatives(system, 3);
    assert.equal(new Set([...inputNames, ...system.states]).size, inputNames.length + 2);
    assert.equal(Number(formulas[2][0].evaluate({a_1: 5, x: 0, a: 0, a__1: 7})), 2);
  });
});

describe('what makes no sense is refused, by name', () => {
  const bad = (change: Partial<ControlSystem>, message: RegExp): void =>
    assert.throws(() => compileSystem({...pendulumSystem, ...change}), {name: 'ArgumentError', message});

  it('names: repeated, shared, empty or none at all', () => {
    bad({states: ['theta', 'theta']}, /argument `states` must be names that occur once.*"theta"/);
    bad({inputs: ['omega']}, /argument `inputs` must be names that occur once/);
    bad({constants: {g: 9.81, d: 0.3, theta: 1}}, /argument `constants` must be names that occur once/);
    bad({states: ['theta', 'an angle']}, /names of letters, digits and _/);
    bad({states: [], dynamics: [], region: []}, /`states` must be at least one name/);
    bad({constants: {g: NaN, d: 0.3}}, /constants\.g/);
  });

  it('formulas: empty, or undefined somewhere in the region, with the state and a place', () => {
    bad({dynamics: ['omega', ' ']}, /none of them empty/);
    bad({outputs: ['']}, /none of them empty/);
    bad(
      {dynamics: ['log(theta)', '0']}, /dynamics of theta.*log\(theta\).*theta must be above 0 but is -.*at theta = -/s,
    );
    bad({dynamics: ['omega', '1 / theta']}, /dynamics of omega.*theta is a denominator and/s);
    bad({dynamics: ['omega', '1 / (theta - 0.123)']}, /is a denominator and changes its sign/);
    bad({outputs: ['sqrt(omega)']}, /outputs\[0\].*0 or more/s);
    bad({outputs: ['theta^0.5']}, /outputs\[0\]/);
    bad({dynamics: ['omega', '1 / a']}, /dynamics of omega.*a is a denominator/s);
    assert.doesNotThrow(() =>
      compileSystem({...pendulumSystem, dynamics: ['omega', '1 / (theta^2 + 0.01) + log(3 + omega)']}));
  });

  it('bounds that are none', () => {
    bad({region: [[0, 1], [1, 1]]}, /`region`/);
    bad({region: [[0, 1], [0, Infinity]]}, /`region`/);
    bad({inputRange: []}, /`inputRange` must be 1 intervals/);
  });

  it('formulas without derivatives are named, and may still be simulated', () => {
    for (const formula of ['max(theta, 0)', 'floor(theta)', 'theta > 0 ? 1 : 0', 'abs(theta)']) {
      const system = {
        ...pendulumSystem, dynamics: ['omega', `-theta + ${formula.includes('?') ? `(${formula})` : formula} + a`],
      };
      for (const test of [
        () => analyseObservability(system, rng(1)), () => normalForm(system, rng(1)), () => outputDerivatives(system),
      ])
        assert.throws(test, {
          name: 'ArgumentError',
          message: /argument `dynamics of omega` must be made of .*simulateObservability takes any formula/s,
        }, formula);
      assert.doesNotThrow(() => simulateObservability(system, rng(1)));
    }
  });

  it('counts: 0, fractions and NaN', () => {
    for (const n of [0, -1, 1.5, NaN]) {
      for (const test of [() => analyseObservability(pendulumSystem, rng(1), {points: n}),
        () => analyseObservability(pendulumSystem, rng(1), {order: n}),
        () => normalForm(cubicChain, rng(1), {points: n}),
        () => simulateObservability(pendulumSystem, rng(1), {points: n}),
        () => simulateObservability(pendulumSystem, rng(1), {parts: n}), () => randomNormalForm(rng(1), {blocks: n}),
        () => randomNormalForm(rng(1), {width: n}),
        () => twinState({field: x => x, measure: x => x}, [1], rng(1), {inputs: [[]], region: [[0, 2]], starts: n}),
        () => twinState({field: x => x, measure: x => x}, [1], rng(1), {inputs: [[]], region: [[0, 2]], steps: n})])
        assert.throws(test, {name: 'ArgumentError'}, `${n} ${test}`);
    }
    assert.throws(() => simulateObservability(pendulumSystem, rng(1), {horizon: 0}), /`horizon`/);
    assert.throws(() => randomNormalForm(rng(1), {treatments: 0.5}), {name: 'ArgumentError'});
    assert.throws(() => reconstructState(randomNormalForm(rng(1)), [[1]], [0], 0), /`times`/);
  });
});
