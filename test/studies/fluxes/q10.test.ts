import assert from 'node:assert/strict';
import {hasData} from '../../../lib/data';
import {mean, rng, sd} from '../../../lib/math';
import {partiallyLinear, splineLearner} from '../../../lib/estimation';
import {
  breathing, exponentialFit, gradientFit, logRows, movingAverage, potentialRadiation, sampled, simulatedWeather, tens,
  tharandt1998, TRUE_Q10,
} from '../../../lib/studies/fluxes';

const extremes = (values: ArrayLike<number>) => [Math.min(...Array.from(values)), Math.max(...Array.from(values))];

describe('The sun', () => {
  const noon = (day: number, latitude: number) => potentialRadiation(day + 0.5, latitude);

  it('stands as high as the seasons say, and not at all at night', () => {
    assert.equal(potentialRadiation(180, 51), 0);
    // Overhead at the northern tropic at the June solstice (day 171), at the distance of that day, 3.3 % less.
    assert.ok(Math.abs(noon(171, 23.45) / (1366.1 * 0.967) - 1) < 2e-3, String(noon(171, 23.45)));
    // 23.45 + 50.96 degrees from the zenith at the December solstice, at 3.4 % more.
    const low = Math.cos((23.45 + 50.96) * Math.PI / 180);
    assert.ok(Math.abs(noon(354, 50.96) / (1366.1 * 1.0335 * low) - 1) < 1e-2, String(noon(354, 50.96)));
    assert.equal(noon(354, 70), 0);
  });

  it('is as long above the horizon in the morning as in the evening', () => {
    for (const hour of [1, 3, 5.5]) assert.ok(Math.abs(
      potentialRadiation(100 + (12 - hour) / 24, 51) - potentialRadiation(100 + (12 + hour) / 24, 51)) < 1e-9);
  });
});

describe('Simulated respiration', () => {
  it('averages half of a window before each value and the rest from it on, zeros beyond', () =>
    assert.deepEqual([...movingAverage(Float64Array.of(4, 8, 12, 16), 4)], [3, 6, 10, 9]));

  const ecosystem = breathing(simulatedWeather(rng(1)));

  it('is that of the formula, with Q10 = 1.5', () => {
    const {base, temperature, respiration, features: {data}} = ecosystem, n = base.length;
    assert.equal(n, (365 - 40) * 48);
    const raw = Array.from({length: n}, (_, i) => 0.01 * data[2 * i] - 0.005 * data[2 * i + 1]);
    const least = Math.min(...raw);
    for (const i of [0, 999, n - 1]) {
      assert.ok(Math.abs(base[i] - 0.75 * (raw[i] - least + 0.1 * Math.PI)) < 1e-12);
      assert.ok(Math.abs(respiration[i] - base[i] * TRUE_Q10 ** tens(temperature[i])) < 1e-12);
    }
  });

  it('is drawn without replacement and measured with a relative error', () => {
    const {rows, measured} = sampled(ecosystem, {rng: rng(2), count: 5000});
    assert.equal(new Set(rows).size, 5000);
    const error = measured.map((v, k) => v / ecosystem.respiration[rows[k]] - 1);
    assert.ok(Math.abs(sd(error) - 0.2) < 4.5 * 0.2 / Math.sqrt(10_000) && extremes(error)[0] >= -0.95);
    assert.throws(() => sampled(ecosystem, {rng: rng(1), count: 1e5}), /sampled: argument `count`/);
    assert.throws(() => sampled(ecosystem, {rng: rng(1), count: 1, noise: -1}), /argument `noise`/);
  });

  it('grows with temperature as it should, season adjusted; not so without', async () => {
    const breaths = sampled(ecosystem, {rng: rng(3), count: 2000});
    const {effect, standardError} = await partiallyLinear(logRows(breaths), {learner: splineLearner(), rng: rng(1)});
    assert.ok(Math.abs(effect - Math.log(1.5)) < 4.5 * standardError, `${Math.exp(effect)}`);
    assert.ok(exponentialFit(breaths) > 2.5);
  });

  it('is refused for weather too short to have a season', () =>
    assert.throws(() => breathing({...simulatedWeather(rng(1), 60), day: new Float64Array(48)}), /breathing/));

  it('on the weather of Tharandt is that of the computation in Python', async function () {
    if (!hasData('flux_samples')) {
      console.log('      skipped: the data set flux_samples is not here');
      return this.skip();
    }
    const measured = breathing(await tharandt1998()), [low, high] = extremes(measured.base);
    assert.deepEqual([low.toFixed(2), high.toFixed(2)], ['0.24', '6.46']);
    const [least, most] = extremes(measured.features.data.filter((_, k) => k % 2 === 0));
    assert.deepEqual([Math.round(least), Math.round(most)], [83, 483]);
    const naive = exponentialFit(sampled(measured, {rng: rng(1), count: measured.day.length}));
    assert.ok(Math.abs(naive - 2.828) < 0.02, String(naive));
  });
});

describe('A hybrid model fitted by gradient descent', () => {
  const ecosystem = breathing(simulatedWeather(rng(1))), breaths = sampled(ecosystem, {rng: rng(4), count: 1000});

  it('finds base and Q10 when its network is not told the temperature, the same each time', async () => {
    const fit = await gradientFit(breaths, {rng: rng(1), steps: 1500});
    assert.ok(Math.abs(fit.q10 - 1.5) < 0.25, String(fit.q10));
    const truth = breaths.rows, error = mean(fit.base.map((b, k) => (b - ecosystem.base[truth[k]]) ** 2));
    assert.ok(error < 0.05 * sd(ecosystem.base) ** 2, String(error));
    assert.equal((await gradientFit(breaths, {rng: rng(1), steps: 1500})).q10, fit.q10);
  }).timeout(120_000);

  it('does not when it is', async () => {
    const fit = await gradientFit(breaths, {rng: rng(1), steps: 1500, withTemperature: true, dropout: 0.2});
    assert.ok(Math.abs(fit.q10 - 1.5) > 0.2, String(fit.q10));
  }).timeout(120_000);

  it('draws as released mostly the last row of a sample', async () => {
    const few = sampled(ecosystem, {rng: rng(5), count: 100});
    const own = await gradientFit(few, {rng: rng(1), steps: 300});
    const clamped = await gradientFit(few, {rng: rng(1), steps: 300, clampedTo: 15_600});
    const error = ({base}: {base: Float64Array}) => mean(base.map((b, k) => (b - ecosystem.base[few.rows[k]]) ** 2));
    assert.ok(error(clamped) > 2 * error(own), `${error(clamped)} ${error(own)}`);
  }).timeout(120_000);

  it('refuses options out of range', async () => {
    await assert.rejects(gradientFit(breaths, {rng: rng(1), dropout: 1}), /gradientFit: argument `dropout`/);
    await assert.rejects(gradientFit(breaths, {rng: rng(1), steps: 0}), /argument `steps`/);
  });
});
