import assert from 'node:assert/strict';
import {rng} from '../../../lib/math';
import {
  confounding, semiSyntheticEffects, semiSyntheticModel, semiSyntheticSplits, semiSyntheticWorld, simulatedStays,
  type SemiSyntheticVariant,
} from '../../../lib/studies/semiSynthetic';

const stays = simulatedStays(rng(21), {stays: 200});

/** Cohorts of one variant. */
function cohorts(variant: SemiSyntheticVariant) {
  return semiSyntheticSplits(semiSyntheticWorld(stays, semiSyntheticModel(variant), rng(100)), rng(200),
    {patients: 400});
}

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
});
