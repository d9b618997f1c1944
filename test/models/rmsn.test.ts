import assert from 'node:assert/strict';
import {mean, rng, sd} from '../../lib/math';
import {binaryTreatments, crn, rmsn, type Network} from '../../lib/models';
import {learned} from '../../lib/training';
import {expectPaddingDoesNotMatter} from './padding';
import {expectAdjusts, shareOfBias} from './twoStepEffect';
import {
  expectGradientEverywhere, expectLearnsWithoutLeak, expectRecordedEqualsEager, smallCohort,
} from './wholeNetwork';

const small = {hidden: 8, decoderHidden: 8, width: 8, treatmentHidden: 6};

describe('RMSN', () => {
  it('trains every weight', () => expectGradientEverywhere(rmsn(small)));
  it('is the same recorded as eager', () => expectRecordedEqualsEager(rmsn(small)));
  it('does not mind how far histories are padded', () => expectPaddingDoesNotMatter(rmsn(small)));
  it('learns within seconds and sees nothing but history and plan', () => expectLearnsWithoutLeak(rmsn(small)));
  it('removes the confounding of the two-step toy', () => expectAdjusts(rmsn(small), {chosenBy: 'confounded'}));

  it('without its weights keeps the confounding: they do the work', async () => {
    const share = await shareOfBias(rmsn({...small, limit: 1 + 1e-9}), {chosenBy: 'confounded'});
    assert.ok(share > 0.7, `${share}`);
  });

  it('may let the numerator know the history, which leaves the first step unweighted and the answer right', () =>
    expectAdjusts(rmsn({...small, numerator: 'until t_c'}), {chosenBy: 'confounded'}));

  it('trained, tells the weights of units like those given: mean 1, one for each unit still followed; '
      + 'others tell none', async () => {
    const {training, validation} = smallCohort(), decision = 5, horizon = 4;
    const options = {epochs: 2, batch: 48, horizon, decisions: [decision], rate: {from: 1e-2, to: 1e-3}};
    const fit = <P>(network: Network<P>) => learned(network, options).fit(training, validation, {rng: rng(1)});
    const weights = await (await fit(rmsn(small))).weigh!(validation, {decision, horizon});
    const [N, T, dy] = validation.observed.shape;
    const followed = Array.from({length: N}, (_, i) => validation.observed.data.subarray(
      (i * T + decision + horizon) * dy, (i * T + decision + horizon + 1) * dy,
    )).filter(seen => seen.some(v => v === 1));
    assert.equal(weights.length, followed.length);
    assert.ok(
      Math.abs(mean(Array.from(weights)) - 1) < 1e-5 && sd(Array.from(weights)) > 0.01,
      `${mean(Array.from(weights))}, ${sd(Array.from(weights))}`,
    );
    assert.equal((await fit(crn({hidden: 6, representation: 4, width: 4}))).weigh, undefined);
    const told = await (await binaryTreatments(learned(rmsn(small), options))
      .fit(training, validation, {rng: rng(1)})).weigh!(validation, {decision, horizon});
    assert.notDeepEqual(told, weights);
  });

  it('refuses settings without meaning', () => {
    assert.throws(() => rmsn({limit: 0.5}), /rmsn: argument `limit` must be a finite number > 1/);
    assert.throws(() => rmsn({numerator: 'all' as never}), /argument `numerator` must be 'nothing' or 'until t_c'/);
  });
});
