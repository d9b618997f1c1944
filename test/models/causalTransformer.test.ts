import {causalTransformer} from '../../lib/models';
import {expectPaddingDoesNotMatter} from './padding';
import {expectAdjusts} from './twoStepEffect';
import {expectGradientEverywhere, expectLearnsWithoutLeak, expectRecordedEqualsEager} from './wholeNetwork';

const small = {dim: 8, representation: 8, width: 12};

describe('Causal Transformer', () => {
  it('trains every weight', () => expectGradientEverywhere(causalTransformer(small)));
  it('is the same recorded as eager', () => expectRecordedEqualsEager(causalTransformer(small)));
  it('does not mind how far histories are padded', () => expectPaddingDoesNotMatter(causalTransformer(small)));
  it('learns within seconds and sees nothing but history and plan', () =>
    expectLearnsWithoutLeak(causalTransformer(small)));
  it('removes the confounding of the two-step toy', () => expectAdjusts(causalTransformer(small)));
});
