import assert from 'node:assert/strict';
import {rng, sd} from '../../../lib/math';
import {near} from '../../math/law';
import {
  alwaysMinusNever, confounding, naiveDifference, semiSyntheticEffects, semiSyntheticModel, semiSyntheticSplits,
  semiSyntheticWorld, simulatedStays,
  type SemiSyntheticChanges, type SemiSyntheticVariant,
} from '../../../lib/studies/semiSynthetic';

const stays = simulatedStays(rng(21), {stays: 200});

/** Cohorts of one variant; `draw` decides functions and noise. */
function cohorts(variant: SemiSyntheticVariant, changes: SemiSyntheticChanges = {}, draw = 0) {
  return semiSyntheticSplits(semiSyntheticWorld(stays, semiSyntheticModel(variant, changes), rng(100 + draw)),
    rng(200 + draw), {patients: 400});
}

/** Nobody is treated for a reason: every treatment has probability p at every hour. */
const BY_CHANCE = {strength: 0, policy: {outcome: [0, 0]}} as const, p = 1 / (1 + Math.exp(2));
/** Six hours of an effect of -3 p that fades with the squared lag. */
const SIX_HOURS = -3 * p * [1, 2, 3, 4, 5, 6].reduce((sum, lag) => sum + 1 / lag ** 2, 0);
const draws = Array.from({length: 12}, (_, k) => k);

describe('effects in the semi-synthetic study', () => {
  it('released: none, exactly', () => {
    const {train, test} = cohorts('released'), {truth, spread} = semiSyntheticEffects(train, test);
    assert.deepEqual([truth, spread], [0, 0]);
  });

  it('printed: the hidden part of the log odds is negligible', () => {
    assert.ok(confounding(cohorts('printed').train).logitSd.every(s => s < 0.03));
  });

  it('informative: treating always lowers the outcome on average', () => {
    const {train, test} = cohorts('informative'), {truth, spread} = semiSyntheticEffects(train, test);
    assert.ok(truth < -0.3 && spread > 0, `${truth} +- ${spread}`);
  });

  it('treated by chance: the effect of always treating is beta p times the sum of squared inverse lags', () => {
    const {test} = cohorts('informative', BY_CHANCE);
    alwaysMinusNever(test, 12, 6).forEach(e => assert.ok(Math.abs(e - SIX_HOURS) < 1e-12));
  });

  it('treated by chance: every regression on treated hours is right; on each treatment 2 (1 - p) '
      + 'times too large', () => {
    const estimates = draws.map(draw => {
      const {train, test} = cohorts('informative', BY_CHANCE, draw), unit = sd(train.trajectories.outcomes.data);
      const hours = semiSyntheticEffects(train, test), each = semiSyntheticEffects(train, test,
        {regressors: 'each treatment'});
      return {unit, hours, each};
    });
    for (const name of ['unadjusted', 'givenOutcome', 'givenHistory', 'givenConfounders'] as const) {
      near(estimates.map(({unit, hours}) => hours[name] * unit), SIX_HOURS, `${name}, treated hours`);
      near(estimates.map(({unit, each}) => each[name] * unit), 2 * (1 - p) * SIX_HOURS, `${name}, each treatment`);
    }
  });

  it('strength 0: to be told the confounders changes no estimate; strength 4: without them the naive one is far off',
    () => {
      const at = (strength: number) => draws.map(draw => {
        const {train, test} = cohorts('informative', {strength}, draw);
        return semiSyntheticEffects(train, test);
      });
      near(at(0).map(e => e.givenConfounders - e.givenHistory), 0, 'confounders known minus not known');
      const off = at(4).map(e => e.unadjusted - e.truth);
      assert.throws(() => near(off, 0, 'bias'));
    });

  it('the careless comparison is the sum of its parts', () => {
    for (const strength of [0, 1, 4]) {
      const {difference, effect, hiddenTerm, ownCourse, earlierEffects, noise} =
        naiveDifference(cohorts('informative', {strength}).train, 12);
      const sum = effect + hiddenTerm + ownCourse + earlierEffects + noise;
      assert.ok(Math.abs(difference - sum) < 1e-12, `${difference} is not ${sum}`);
    }
  });

  it('treated by chance: only its causal part is left, and that is beta p', () => {
    const parts = draws.map(draw => naiveDifference(cohorts('informative', BY_CHANCE, draw).train, 12));
    for (const name of ['hiddenTerm', 'ownCourse', 'earlierEffects', 'noise'] as const)
      near(parts.map(part => part[name]), 0, name);
    for (const {effect} of parts) assert.ok(Math.abs(effect + 3 * p) < 1e-12);
  });

  it('names bad arguments', () => {
    const {train, test} = cohorts('informative'), released = cohorts('released').train;
    assert.throws(() => semiSyntheticEffects(train, test, {regressors: 'other' as 'treated hours'}),
      /argument `regressors` must be 'treated hours' or 'each treatment'/);
    assert.throws(() => naiveDifference(train, 48), /naiveDifference: argument `decision`/);
    assert.throws(() => naiveDifference(released, 12), /argument `cohort` must be with treatments that are drawn/);
  });
});
