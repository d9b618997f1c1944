import assert from 'node:assert/strict';
import fc from 'fast-check';
import {bernoulliPolicy, decide, logDecision, logistic, logLogistic, policyLogit, treatmentProbability, rng,
  uniform} from '../../lib/math';

describe('the logistic function', () => {
  it('is symmetric, inverts log odds and does not overflow', () => {
    fc.assert(fc.property(fc.double({min: -30, max: 30, noNaN: true}), x => {
      assert.ok(Math.abs(logistic(x) + logistic(-x) - 1) < 1e-15);
      assert.ok(Math.abs(Math.exp(logLogistic(x)) - logistic(x)) < 1e-14);
    }));
    assert.deepEqual([-1e4, 0, 1e4].map(logistic), [0, 0.5, 1]);
    assert.deepEqual([-1e4, 1e4].map(logLogistic), [-1e4, -0]);
    assert.ok(Math.abs(logistic(-700) / Math.exp(-700) - 1) < 1e-15);
  });
});

describe('Bernoulli policies', () => {
  const policy = bernoulliPolicy({bias: -2, weights: [0.3, 1]});

  it('treat with the probability of their log odds, by hand', () => {
    assert.equal(policyLogit(policy, [1, 2]), -2 + 0.3 + 2);
    assert.equal(treatmentProbability(policy, [1, 2]), 1 / (1 + Math.exp(-(-2 + 0.3 + 2))));
  });

  it('treat that share of the units', () => {
    const p = treatmentProbability(policy, [1, 1.2]), n = 100_000, u = uniform(rng(1), n);
    const share = u.reduce((sum, v) => sum + decide(p, v), 0) / n;
    assert.ok(Math.abs(share - p) < 4.5 * Math.sqrt((p * (1 - p)) / n));
  });

  it('decide alike for equal numbers where the probability is equal, and never less often where it is larger', () => {
    const fraction = fc.double({min: 0, max: 1, noNaN: true});
    fc.assert(fc.property(fraction, fraction, fraction,
      (p, q, u) => assert.ok(decide(Math.min(p, q), u) <= decide(Math.max(p, q), u))));
  });

  it('log probabilities of both decisions make 1', () => {
    for (const logit of [-40, -1, 0,
      3]) assert.ok(Math.abs(Math.exp(logDecision(logit, 1)) + Math.exp(logDecision(logit, 0)) - 1) < 1e-15);
  });

  it('name bad arguments', () => {
    assert.throws(() => bernoulliPolicy({bias: NaN, weights: []}), /bernoulliPolicy: argument `bias`/);
    assert.throws(() => bernoulliPolicy({bias: 0, weights: [Infinity]}), /argument `weights`/);
  });
});
