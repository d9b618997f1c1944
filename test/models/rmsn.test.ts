import assert from 'node:assert/strict';
import {rmsn} from '../../lib/models';
import {expectPaddingDoesNotMatter} from './padding';
import {expectAdjusts, shareOfBias} from './twoStepEffect';
import {expectGradientEverywhere, expectLearnsWithoutLeak, expectRecordedEqualsEager} from './wholeNetwork';

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

  it('may let the numerator know the history, which leaves the first step unweighted and the answer right', () => expectAdjusts(rmsn({...small, numerator: 'until t_c'}), {chosenBy: 'confounded'}));

  it('refuses settings without meaning', () => {
    assert.throws(() => rmsn({limit: 0.5}), /rmsn: argument `limit` must be a finite number > 1/);
    assert.throws(() => rmsn({numerator: 'all' as never}), /argument `numerator` must be 'nothing' or 'until t_c'/);
  });
});
