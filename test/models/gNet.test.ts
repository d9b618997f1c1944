import assert from 'node:assert/strict';
import {historyAt, planAt} from '../../lib/data';
import {fold, rng, sd} from '../../lib/math';
import {twoStepCohort} from '../../lib/studies/twoStep';
import {learned} from '../../lib/training';
import {gNet} from '../../lib/models';
import {expectPaddingDoesNotMatter} from './padding';
import {expectAdjusts} from './twoStepEffect';
import {expectGradientEverywhere, expectLearnsWithoutLeak, expectRecordedEqualsEager} from './wholeNetwork';

const small = {hidden: 8, width: 8};

describe('G-Net', () => {
  it('trains every weight', () => expectGradientEverywhere(gNet(small)));
  it('is the same recorded as eager', () => expectRecordedEqualsEager(gNet(small)));
  it('does not mind how far histories are padded', () => expectPaddingDoesNotMatter(gNet(small)));
  it('learns within seconds and sees nothing but history and plan', () => expectLearnsWithoutLeak(gNet(small)));
  it('removes the confounding of the two-step toy', () => expectAdjusts(gNet(small), {chosenBy: 'confounded'}));

  it('learns how far outcomes scatter around their mean: sd 1 after one step of the toy', async () => {
    const cohort = (name: string, units: number) => twoStepCohort(fold(rng(5), name), {units}).trajectories;
    const test = cohort('test', 200);
    const fitted = await learned(gNet(small), {epochs: 30, batch: 500, horizon: 2, decisions: [0], rate: {
      from: 1e-2, to: 1e-4,
    }, adam: {clipNorm: 1}}).fit(cohort('train', 3000), cohort('validation', 500), {rng: rng(6)});
    const {samples, mean: centre} = await fitted.forecast(historyAt(test, 0), planAt(test, 0, 2));
    const [draws, units] = samples!.shape;
    const spread = [0, 1].map(step => sd(
      Array.from({length: draws * units}, (_, i) => samples!.data[2 * i + step] - centre.data[2 * (i % units) + step]),
    ) * Math.sqrt(draws / (draws - 1)));
    assert.ok(Math.abs(spread[0] - 1) < 0.08, `${spread[0]}`);
    assert.ok(spread[1] > 1.2 * spread[0], 'what happened by chance is fed back, so draws part further');
  });

  it('refuses more outcomes than it draws numbers for', () =>
    assert.throws(
      () => gNet({channels: 1}).init(rng(1), {outcomes: 2, treatments: 1, statics: 0}),
      /gNet: argument `channels` must be at least 2/,
    ));
});
