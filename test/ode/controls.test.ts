import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  backwardHermiteControl, controlAt, controlSlope, linearControl, naturalCubicControl, piecewiseConstantControl,
  rectilinearControl, type Control,
} from '../../lib/ode';
import {maxError} from './problems';

const numbers = (...values: number[]): Float64Array => Float64Array.of(...values);
const ts = [0, 0.5, 2, 2.25, 4], data = [1, -1, 3, 2.5, 0].map((x, i) => numbers(x, x * x - i));
const middles = ts.slice(1).map((t, i) => (t + ts[i]) / 2);
const smooth = {linearControl, naturalCubicControl, backwardHermiteControl};

/** Value and slope just after `t`. */
const after = (control: Control<Float64Array>, t: number): {value: Float64Array; slope: Float64Array} => {
  const path = control.on(t, t + 1e-9);
  return {value: path.at(t), slope: path.slope(t)};
};

describe('controls pass through their data', () => {
  for (const [name, make] of Object.entries(smooth)) {
    it(`${name} interpolates from both sides`, () => {
      const control = make(ts, data);
      ts.forEach((t, i) => assert.ok(maxError(controlAt(control, t), data[i]) < 1e-12));
      ts.slice(0, -1).forEach((t, i) => assert.ok(maxError(after(control, t).value, data[i]) < 1e-12));
    });

    it(`the slope of ${name} is the derivative of its value`, () => {
      const control = make(ts, data), h = 1e-6;
      for (const t of middles) {
        const difference = controlAt(control, t + h).map((x, j) => (x - controlAt(control, t - h)[j]) / (2 * h));
        assert.ok(maxError(controlSlope(control, t), difference) < 1e-7);
      }
    });

    it(`${name} reproduces a straight line`, () => {
      const line = (t: number): Float64Array => numbers(3 - 2 * t, 0.5 * t), control = make(ts, ts.map(line));
      for (const t of [...ts, ...middles]) {
        assert.ok(maxError(controlAt(control, t), line(t)) < 1e-12);
        assert.ok(maxError(controlSlope(control, t), [-2, 0.5]) < 1e-12);
      }
    });
  }

  it('for random knots and values', () => {
    const points = fc.array(
      fc.tuple(fc.double({min: 0.01, max: 3, noNaN: true}), fc.double({min: -5, max: 5, noNaN: true})),
      {minLength: 2, maxLength: 12},
    );
    fc.assert(fc.property(points, steps => {
      let t = 0;
      const knots = steps.map(([dt]) => (t += dt)), values = steps.map(([, x]) => numbers(x));
      for (const make of Object.values(smooth))
        knots.forEach((knot, i) => assert.ok(maxError(controlAt(make(knots, values), knot), values[i]) < 1e-9));
    }));
  });
});

describe('smoothness of controls', () => {
  it('the natural cubic has continuous first and second derivatives and no curvature at its ends', () => {
    const control = naturalCubicControl(ts, data), h = 1e-5;
    const curvature = (t: number, side: number): number[] => {
      const path = control.on(t, t + side * 1e-9);
      return Array.from(path.slope(t + side * h), (x, j) => (x - path.slope(t)[j]) / (side * h));
    };
    for (const t of ts.slice(1, -1)) {
      assert.ok(maxError(controlSlope(control, t), after(control, t).slope) < 1e-10);
      assert.ok(maxError(curvature(t, 1), curvature(t, -1)) < 1e-2, `${maxError(curvature(t, 1), curvature(t, -1))}`);
    }
    assert.ok(Math.max(...curvature(0, 1).map(Math.abs)) < 1e-2 && Math.max(...curvature(4, -1).map(Math.abs)) < 1e-2);
  });

  it('the natural cubic of three points is the known one', () => {
    // Through (0,0), (1,1), (2,0): y = (3 t - t^3) / 2 on [0, 1].
    const control = naturalCubicControl([0, 1, 2], [numbers(0), numbers(1), numbers(0)]);
    for (const t of [0.2, 0.5, 0.9]) assert.ok(Math.abs(controlAt(control, t)[0] - (3 * t - t ** 3) / 2) < 1e-14);
  });

  it('the backward Hermite cubic has a continuous slope equal to the backward difference', () => {
    const control = backwardHermiteControl(ts, data);
    for (let i = 1; i < ts.length; i++) {
      const difference = data[i].map((x, j) => (x - data[i - 1][j]) / (ts[i] - ts[i - 1]));
      assert.ok(maxError(controlSlope(control, ts[i]), difference) < 1e-12);
      if (i < ts.length - 1) assert.ok(maxError(after(control, ts[i]).slope, difference) < 1e-12);
    }
  });

  it('the linear control has a kink at its knots', () => {
    assert.ok(maxError(controlSlope(linearControl(ts, data), 0.5), after(linearControl(ts, data), 0.5).slope) > 1);
  });
});

describe('causality of controls', () => {
  /** Largest change on each interval when the last value changes. */
  const changes = (make: typeof linearControl): number[] => {
    const other = [...data.slice(0, -1), numbers(100, -100)];
    return middles.map(t => maxError(controlAt(make(ts, data), t), controlAt(make(ts, other), t)));
  };

  for (const [name, make] of Object.entries({linearControl, backwardHermiteControl}))
    it(`${name} depends on no value beyond the end of the current interval`, () => {
      const [a, b, c, last] = changes(make);
      assert.deepEqual([a, b, c], [0, 0, 0]);
      assert.ok(last > 1);
    });

  it('the natural cubic depends on every later value', () => {
    assert.ok(changes(naturalCubicControl).every(change => change > 1e-3));
  });

  it('the rectilinear path has reached a value only once its time has come, and depends on no later one', () => {
    const path = rectilinearControl(ts, data);
    const other = rectilinearControl(ts, [...data.slice(0, -1), numbers(100, -100)]);
    ts.forEach((t, i) => assert.deepEqual(controlAt(path, 2 * i), numbers(t, ...data[i])));
    for (let s = 0; s <= 7; s += 0.125) assert.deepEqual(controlAt(path, s), controlAt(other, s));
    assert.ok(maxError(controlAt(path, 7.5), controlAt(other, 7.5)) > 10);
  });

  it('the rectilinear path moves in time or in value, never in both', () => {
    const path = rectilinearControl(ts, data);
    for (let i = 0; i < ts.length - 1; i++) {
      assert.deepEqual([...controlSlope(path, 2 * i + 0.5).subarray(1)], [0, 0]);
      assert.equal(controlSlope(path, 2 * i + 1.5)[0], 0);
    }
  });
});

describe('piecewise-constant control', () => {
  const plan = piecewiseConstantControl([0, 1, 3], [numbers(5), numbers(7)]);

  it('value i holds on (ts[i], ts[i+1]]', () => {
    assert.deepEqual([0, 0.5, 1, 1.001, 3].map(t => controlAt(plan, t)[0]), [5, 5, 5, 7, 7]);
  });

  it('a step that starts at a jump sees the new value at both its ends', () => {
    const path = plan.on(1, 2);
    assert.deepEqual([path.at(1)[0], path.at(2)[0]], [7, 7]);
    assert.deepEqual([plan.on(0, 1).at(1)[0], plan.on(2, 1).at(1)[0]], [5, 7]);
  });

  it('does not change', () => assert.deepEqual(controlSlope(plan, 0.5), numbers(0)));
});

describe('arguments of controls', () => {
  it('are named with what was expected and what came', () => {
    assert.throws(
      () => linearControl([0, 2, 1], data),
      /^ArgumentError: linearControl: argument `ts\[2\]` must be finite and above the time before it, 2; received 1\. Sort/,
    );
    assert.throws(
      () => naturalCubicControl([0], [data[0]]),
      /naturalCubicControl: argument `ts` must be at least 2 times; received \[0\]/,
    );
    assert.throws(
      () => piecewiseConstantControl([0, 1, 2], [numbers(1)]),
      /piecewiseConstantControl: argument `values` must be 2 values; received 1/,
    );
    assert.throws(
      () => backwardHermiteControl([0, 1], [numbers(1), numbers(1, 2)]),
      /backwardHermiteControl: argument `values\[1\]` must be of shape \[1\] like values\[0\]; received \[2\]/,
    );
    assert.throws(
      () => rectilinearControl([0, 1], [numbers(1), numbers(NaN)]),
      /rectilinearControl: argument `values\[1\]` must be finite; received \[NaN\]\. Fill or drop missing values/,
    );
    assert.throws(
      () => linearControl([0, NaN], [numbers(1), numbers(1)]), /argument `ts\[1\]` must be finite and above/,
    );
  });

  it('a control is not extrapolated', () => {
    const control = linearControl(ts, data);
    assert.throws(
      () => controlAt(control, 4.1),
      /controlAt: argument `t` must be inside the domain \[0, 4\] of the linear control; received 4\.1\. A control is never extrapolated/,
    );
    assert.throws(() => controlSlope(control, -1), /controlSlope: argument `t` must be inside/);
  });
});
