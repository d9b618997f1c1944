import assert from 'node:assert/strict';
import {enoughTraining, type TrainingTry} from '../../lib/experiments';

/** A method whose best rate falls as passes grow, and whose error comes down to `floor` as 1 over the passes. */
const method = (best: (passes: number) => number, floor = 0) => {
  const asked: string[] = [];
  const errorOf = ({passes, rate}: {passes: number; rate: number}) => {
    asked.push(`${passes} ${rate}`);
    return Promise.resolve((floor + 1 / passes) * (1 + Math.log(rate / best(passes)) ** 2));
  };
  return {asked, errorOf};
};

describe('enough training', () => {
  it('goes up or down with the rate until both neighbours are worse', async () => {
    for (const best of [1e-5, 6e-3, 3]) {
      const {rate, passes, tried} = await enoughTraining(method(() => best).errorOf, {most: 40});
      const near = (factor: number): TrainingTry => tried.find(t =>
        t.passes === passes && Math.abs(t.rate / rate / factor - 1) < 1e-3)!;
      assert.ok(Math.abs(Math.log(rate / best)) <= Math.log(3) / 2 + 1e-9, `${rate} for ${best}`);
      for (const factor of [3, 1 / 3]) assert.ok(near(factor).error > near(1).error, `${best}: neighbour ${factor}`);
    }
  });

  it('doubles the passes as long as that lowers the error by the share asked for, finding lower rates on the way',
    async () => {
      const endless = await enoughTraining(method(passes => 0.1 / passes).errorOf);
      assert.equal(endless.passes, 160);
      assert.ok(endless.rate < 1e-3, `${endless.rate}`);
      // Errors 1/40 + 1/80 and so on: the gains of doubling are 1/3, 1/4, 1/6.
      const floored = method(() => 6e-3, 1 / 80), half = await enoughTraining(floored.errorOf, {gain: 0.3});
      assert.equal(half.passes, 80);
      assert.equal(half.error, 2 / 80);
      assert.ok(Math.max(...half.tried.map(t => t.passes)) === 160, 'the doubling that was not worth it was looked at');
    });

  it('trains nothing twice, and passes over what diverges', async () => {
    const {asked, errorOf} = method(() => 1e-3);
    await enoughTraining(errorOf);
    assert.equal(new Set(asked).size, asked.length);
    const cliff = await enoughTraining(at => at.rate > 1e-3 ? Promise.resolve(Infinity) : errorOf(at), {rate: 2e-3});
    assert.ok(cliff.rate < 1e-3 && Number.isFinite(cliff.error));
  });

  it('refuses what makes no sense, and says so where nothing can be trained', async () => {
    const {errorOf} = method(() => 1);
    await assert.rejects(enoughTraining(errorOf, {gain: 0}), /argument `gain` must be in \(0, 1\)/);
    await assert.rejects(enoughTraining(errorOf, {most: 39}), /argument `most` must be at least passes, 40/);
    await assert.rejects(enoughTraining(errorOf, {factor: 1}), /argument `rate, factor`/);
    await assert.rejects(enoughTraining(errorOf, {passes: 0}), /argument `passes`/);
    await assert.rejects(enoughTraining(() => Promise.resolve(Infinity)), /at which training does not diverge/);
  });
});
