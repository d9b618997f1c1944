import {igcNet} from '../../lib/models';
import {expectPaddingDoesNotMatter} from './padding';
import {expectAdjusts} from './twoStepEffect';
import {expectGradientEverywhere, expectLearnsWithoutLeak, expectRecordedEqualsEager} from './wholeNetwork';

const small = {dim: 8, width: 8, horizon: 3};

describe('IGC-Net', () => {
  it('trains every weight', () => expectGradientEverywhere(igcNet(small)));
  it('is the same recorded as eager', () => expectRecordedEqualsEager(igcNet(small)));
  it('does not mind how far histories are padded', () => expectPaddingDoesNotMatter(igcNet(small)));
  it('learns within seconds and sees nothing but history and plan', () => expectLearnsWithoutLeak(igcNet(small)));
  it('removes the confounding of the two-step toy', () => expectAdjusts(igcNet(small)));
});
