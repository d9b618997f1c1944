import {expectWhole} from '../../errors';
import {fold, type Rng} from '../../math/rng';
import {semiSyntheticCohort, type SemiSyntheticCohort} from './cohort';
import type {SemiSyntheticWorld} from './simulator/world';
import {splitStays, type StaySplit} from './substrate/split';

/** Three cohorts of one world that share no patient of the substrate. */
export interface SemiSyntheticSplits {
  /** Rows of the substrate behind each cohort. */
  readonly stays: StaySplit;
  readonly train: SemiSyntheticCohort;
  readonly validation: SemiSyntheticCohort;
  readonly test: SemiSyntheticCohort;
}

/**
 * Splits the stays by patient, then draws each cohort from its stays with replacement, with fresh noise: in all
 * `patients`, in the proportions of the stays.
 * @param world what the outcomes are made of
 * @param rng decides who belongs where, and the noise
 * @param options how many there are
 * @param options.patients in all, at least 10. Default 3557, as in the paper
 * @throws ArgumentError for fewer patients
 */
export function semiSyntheticSplits(
  world: SemiSyntheticWorld, rng: Rng, {patients = 3557}: {readonly patients?: number} = {},
): SemiSyntheticSplits {
  expectWhole('semiSyntheticSplits', {patients}, 10);
  const stays = splitStays(world.substrate, fold(rng, 'split')), total = world.substrate.stays.length;
  const draw = (name: keyof StaySplit): SemiSyntheticCohort =>
    semiSyntheticCohort(world, fold(rng, name),
      {patients: Math.round((patients * stays[name].length) / total), among: stays[name]});
  return Object.freeze({stays, train: draw('train'), validation: draw('validation'), test: draw('test')});
}
