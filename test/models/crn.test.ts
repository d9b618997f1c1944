import {crn} from '../../lib/models';
import {expectPaddingDoesNotMatter} from './padding';
import {expectAdjusts} from './twoStepEffect';
import {expectGradientEverywhere, expectLearnsWithoutLeak, expectRecordedEqualsEager} from './wholeNetwork';

const small = {hidden: 8, representation: 6, width: 8};

describe('CRN', () => {
  it('trains every weight', () => expectGradientEverywhere(crn(small)));
  it('is the same recorded as eager', () => expectRecordedEqualsEager(crn(small)));
  it('does not mind how far histories are padded', () => expectPaddingDoesNotMatter(crn(small)));
  it('learns within seconds and sees nothing but history and plan', () => expectLearnsWithoutLeak(crn(small)));
  it('removes the confounding of the two-step toy', () => expectAdjusts(crn(small)));
});
