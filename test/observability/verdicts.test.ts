import assert from 'node:assert/strict';
import {parse} from 'mathjs';
import {fold, rng, uniform} from '../../lib/math';
import {enclose, signOn} from '../../lib/systems/interval';
import {analyseObservability, normalForm, twinState} from '../../lib/observability';
import {
  cubicChain, fieldOf, outputsOf, pendulumSystem, shiftedWindow, squaredOutput, type ControlSystem,
} from '../../lib/systems';

const chain = (output: string, region: [number, number]): ControlSystem =>
  ({
    name: output, states: ['x1', 'x2'], inputs: ['a'], outputs: [output], dynamics: ['x2', '-x1 + a'],
    region: [region, [-1, 1]],
  });

describe('verdicts on observability say no more than was proved', function () {
  this.timeout(60_000);

  it("(1 + a) x2 seen through x1: every input but a = -1 shows x2; the verdict names the exception", () => {
    const report = analyseObservability(shiftedWindow, rng(1));
    assert.equal(report.verdict, 'depends on the input');
    assert.deepEqual(report.exceptions.map(e => [e.where, e.value]), [['a = -1', -1]]);
    assert.equal(report.ranks.find(r => r.input === 'a = -1')!.rank, 1);
    assert.ok(report.ranks.filter(r => r.input !== 'a = -1').every(r => r.rank === 2));
  });

  it('an exceptional dose inside the range, at no special number, is found as well', () => {
    const report = analyseObservability({...shiftedWindow, dynamics: ['(0.3141 + a) * x2', '0']}, rng(2));
    assert.equal(report.verdict, 'depends on the input');
    assert.ok(Math.abs(report.exceptions[0].value! + 0.3141) < 1e-6);
  });

  it('y = x1^2 of an oscillator is generic, not uniform: singular on x1 = 0, and x and -x look alike', () => {
    const report = analyseObservability(squaredOutput, rng(1)), form = normalForm(squaredOutput, rng(1));
    assert.equal(report.verdict, 'generic');
    assert.deepEqual([report.exceptions.map(e => e.where), form.exceptions.map(e => e.where)], [
      ['x1 = 0'], ['x1 = 0'],
    ]);
    assert.deepEqual([form.exists, form.certificate, form.determinant.replaceAll(' ', '')], [
      'almost everywhere', undefined, '4*x1^2',
    ]);
    const twin = twinState({field: fieldOf(squaredOutput), measure: outputsOf(squaredOutput)}, [0.7, -1.1], rng(3), {
      inputs: [[]], horizon: 3, region: squaredOutput.region,
    });
    assert.ok(twin && Math.abs(twin.state[0] + 0.7) < 1e-6 && Math.abs(twin.state[1] - 1.1) < 1e-6);
  });

  it('the same oscillator on x1 > 0 alone has a certificate', () => {
    const report = analyseObservability({...squaredOutput, region: [[0.5, 2], [-2, 2]]}, rng(1));
    assert.equal(report.verdict, 'uniform');
    assert.match(report.certificate!, /triangular/);
  });

  it('the cube is generic: singular on x3 = 0', () => {
    assert.equal(analyseObservability(cubicChain, rng(1)).verdict, 'generic');
    const form = normalForm(cubicChain, rng(1));
    assert.deepEqual([form.exists, form.exceptions.map(e => e.where)], ['almost everywhere', ['x3 = 0']]);
  });

  it('a certificate depends on the region: sin(x1) is one-to-one on [-1, 1] and not on [-2, 2]', () => {
    assert.equal(normalForm(chain('sin(x1)', [-1, 1]), rng(1)).exists, 'everywhere');
    const wide = normalForm(chain('sin(x1)', [-2, 2]), rng(1));
    assert.equal(wide.exists, 'almost everywhere');
    assert.ok(wide.exceptions.some(e => Math.abs(Math.abs(e.point[0]) - Math.PI / 2) < 1e-4));
  });

  it('x1^3 is one-to-one but has no smooth inverse at 0: no certificate; x1 + x1^3 has one', () => {
    assert.equal(normalForm(chain('x1^3', [-1, 1]), rng(1)).exists, 'almost everywhere');
    assert.equal(normalForm(chain('x1 + x1^3', [-1, 1]), rng(1)).exists, 'everywhere');
  });

  it('no twin is found for a pendulum, whose state the angle shows', () => {
    assert.equal(twinState({field: fieldOf(pendulumSystem), measure: outputsOf(pendulumSystem)}, [0.4, -0.3], rng(1), {
      inputs: [[0.5], [-0.5]], horizon: 2, region: pendulumSystem.region,
    }), undefined);
  });
});

describe('interval arithmetic', () => {
  it('encloses every value of a formula at 300 random points of random boxes', () => {
    for (const text of [
      'x * y - x^2', 'sin(3 * x) * cos(y)', 'exp(-x) / (y^2 + 1)', 'log(x^2 + 1) - sqrt(y^2)', 'x^3 - 2 * y^4 + x',
      '-(x - y)^5 / (3 + cos(x))',
    ]) {
      const node = parse(text), code = node.compile();
      for (let k = 0; k < 300; k++) {
        const u = uniform(fold(rng(4), k), 6).map(v => 8 * v - 4), box = {x: range(u[0], u[1]), y: range(u[2], u[3])};
        const value = Number(code.evaluate({x: between(box.x, u[4]), y: between(box.y, u[5])}));
        const [low, high] = enclose(node, box);
        assert.ok(
          low <= value && value <= high, `${text} at ${JSON.stringify(box)}: ${value} not in [${low}, ${high}]`,
        );
      }
    }
  });

  it('a sign is proved by halving where the first enclosure is too wide, and never claimed where a zero lies', () => {
    assert.equal(signOn(parse('x^2 - x + 1'), {x: [-3, 3]}), 1);
    assert.equal(signOn(parse('-(x - y)^2 - 0.01'), {x: [-1, 1], y: [-1, 1]}), -1);
    assert.equal(signOn(parse('x^2'), {x: [-1, 1]}), 0);
    assert.equal(signOn(parse('x^2 - 2'), {x: [0, 3]}), 0);
    assert.equal(signOn(parse('1 / x'), {x: [-1, 1]}), 0);
    assert.equal(signOn(parse('gamma(x)'), {x: [1, 2]}), 0, 'a function it does not know proves nothing');
  });
});

const range = (a: number, b: number): [number, number] => [Math.min(a, b), Math.max(a, b)];
const between = ([low, high]: [number, number], u: number): number => low + (high - low) * (u + 4) / 8;
