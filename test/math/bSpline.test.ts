import assert from 'node:assert/strict';
import fc from 'fast-check';
import fixture from '../../data/fixtures/bSplines.json';
import {bSpline, clampedKnots} from '../../lib/math';
import {splineBasis} from '../../lib/math/splineBasis';

const coefficients = fc.array(fc.double({min: -9, max: 9, noNaN: true}), {minLength: 4, maxLength: 9});

describe('B-splines', () => {
  it(`have the values of SciPy ${fixture.scipy}: degrees 0 to 5, clamped, uneven and repeated knots, both ends`, () => {
    assert.ok(fixture.cases.length >= 20);
    for (const {x, y, ...fields} of fixture.cases) {
      const curve = bSpline(fields), scale = Math.max(1, ...fields.coefficients.map(Math.abs));
      x.forEach((at, k) => assert.ok(Math.abs(curve(at) - y[k]) <= 1e-12 * scale,
        `${JSON.stringify(fields)} at ${at}: ${curve(at)}, ${y[k]}`));
    }
  });

  it('are constant where all coefficients are equal, and lie between the least and the largest', () => {
    fc.assert(fc.property(coefficients, fc.double({min: 0, max: 1, noNaN: true}), (c, share) => {
      const knots = clampedKnots(c.length, 3, [-2, 5]), x = -2 + 7 * share;
      assert.ok(Math.abs(bSpline({degree: 3, coefficients: c.map(() => 1.5), knots})(x) - 1.5) < 1e-12);
      const y = bSpline({degree: 3, coefficients: c, knots})(x);
      assert.ok(y >= Math.min(...c) - 1e-12 && y <= Math.max(...c) + 1e-12);
    }));
  });

  it('clamped ones start at their first coefficient and end at their last', () => {
    fc.assert(fc.property(coefficients, c => {
      const curve = bSpline({degree: 3, coefficients: c, knots: clampedKnots(c.length, 3, [0, 48])});
      assert.ok(curve(0) === c[0] && curve(48) === c.at(-1));
    }));
  });

  it('of degree 1 interpolate linearly, and clamped cubics without inner knots are Bernstein polynomials', () => {
    const line = bSpline({degree: 1, coefficients: [2, 5, 4], knots: clampedKnots(3, 1, [0, 2])});
    assert.deepEqual([0, 0.5, 1, 1.5, 2].map(line), [2, 3.5, 5, 4.5, 4]);
    const cubic = bSpline({degree: 3, coefficients: [1, -2, 3, 0.5], knots: clampedKnots(4, 3, [0, 1])});
    for (const x of [0, 0.2, 0.7, 1]) {
      const r = 1 - x, bernstein = r ** 3 - 6 * r * r * x + 9 * r * x * x + 0.5 * x ** 3;
      assert.ok(Math.abs(cubic(x) - bernstein) < 1e-14);
    }
  });

  it('name bad arguments', () => {
    const knots = clampedKnots(5, 3, [0, 1]), ones = [1, 1, 1, 1, 1];
    assert.throws(() => bSpline({degree: 3, coefficients: [1, 2, 3], knots}),
      /bSpline: argument `coefficients` must be at least 4/);
    assert.throws(() => bSpline({degree: 3, coefficients: ones, knots: knots.slice(1)}),
      /`knots` must be 9 finite numbers in order/);
    assert.throws(() => bSpline({degree: 0, coefficients: [1], knots: [1, 1]}), /knots\[0\] < knots\[1\]/);
    assert.throws(() => bSpline({degree: 3, coefficients: ones, knots})(1.1),
      /argument `x` must be in \[0, 1\]; received 1.1/);
    assert.throws(() => bSpline({degree: 3, coefficients: ones, knots})(NaN), /argument `x`/);
    assert.throws(() => clampedKnots(3, 3, [0, 1]), /argument `count`/);
    assert.throws(() => clampedKnots(5, 3, [1, 1]), /argument `interval`/);
  });
});

describe('all splines at once', () => {
  it('sum to one, and are those of de Boor', () => {
    const basis = splineBasis(7, -1, 3), knots = clampedKnots(7, 3, [-1, 3]);
    for (const x of [-1, -0.5, 0, 1 / 3, 2.9, 3]) basis(x).forEach((value, k) => {
      const coefficients = Float64Array.from({length: 7}, (_, j) => Number(j === k));
      assert.ok(Math.abs(value - bSpline({degree: 3, coefficients, knots})(x)) < 1e-14);
    });
    assert.deepEqual([basis(-9), basis(9)], [basis(-1), basis(3)]);
    assert.deepEqual([...splineBasis(4, 2, 2)(5)], [1, 0, 0, 0]);
  });
});
