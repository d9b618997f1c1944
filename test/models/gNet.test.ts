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
  it('removes the confounding of the two-step toy', () => expectAdjusts(gNet(small)));
});
