import {rmsn} from '../../lib/models';
import {expectPaddingDoesNotMatter} from './padding';
import {expectAdjusts} from './twoStepEffect';
import {expectGradientEverywhere, expectLearnsWithoutLeak, expectRecordedEqualsEager} from './wholeNetwork';

const small = {hidden: 8, decoderHidden: 8, width: 8, treatmentHidden: 6};

describe('RMSN', () => {
  it('trains every weight', () => expectGradientEverywhere(rmsn(small)));
  it('is the same recorded as eager', () => expectRecordedEqualsEager(rmsn(small)));
  it('does not mind how far histories are padded', () => expectPaddingDoesNotMatter(rmsn(small)));
  it('learns within seconds and sees nothing but history and plan', () => expectLearnsWithoutLeak(rmsn(small)));
  it('removes the confounding of the two-step toy', () => expectAdjusts(rmsn(small)));
});
