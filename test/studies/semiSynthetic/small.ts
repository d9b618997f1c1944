import {rng} from '../../../lib/math';
import {
  semiSyntheticCohort, semiSyntheticModel, semiSyntheticWorld, simulatedStays, type SemiSyntheticChanges,
    type SemiSyntheticCohort,
  type SemiSyntheticVariant, type SemiSyntheticWorld,
} from '../../../lib/studies/semiSynthetic';

export const VARIANTS: readonly SemiSyntheticVariant[] = ['released', 'printed', 'informative'];

/** Simulated stays for all tests. */
export const stays = simulatedStays(rng(11), {stays: 200});

const worlds = new Map<string, SemiSyntheticWorld>();

/** The world of a variant on these stays. */
function worldOf(variant: SemiSyntheticVariant, changes: SemiSyntheticChanges): SemiSyntheticWorld {
  const key = JSON.stringify([variant, changes]);
  const world = worlds.get(key) ?? semiSyntheticWorld(stays, semiSyntheticModel(variant, changes), rng(5));
  worlds.set(key, world);
  return world;
}

/** A cohort on simulated stays. */
export function cohortOf(
  variant: SemiSyntheticVariant, patients: number, changes: SemiSyntheticChanges = {}, seed = 1,
): SemiSyntheticCohort {
  return semiSyntheticCohort(worldOf(variant, changes), rng(seed), {patients});
}
