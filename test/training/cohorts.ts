import {takeUnits, type Trajectories} from '../../lib/data';
import {fold, integers, ndarray, rng, uniform} from '../../lib/math';
import {cancerCohort} from '../../lib/studies/cancer';

/** Some units of a data set. */
export const units = (data: Trajectories, from: number, n: number): Trajectories =>
  takeUnits(data, Int32Array.from({length: n}, (_, i) => from + i));

/** 48 units to train on and 16 to validate on, with an age in years and a sex. */
export function cohortWithStatics(): {training: Trajectories; validation: Trajectories} {
  const {trajectories} = cancerCohort({gamma: 4, patients: 64, rng: rng(1)}), ages = uniform(fold(rng(2), 'age'), 64);
  const sexes = integers(fold(rng(2), 'sex'), 64, {high: 2});
  const statics = Float64Array.from({length: 128}, (_, k) => (k % 2 ? sexes[k >> 1] : 40 + 30 * ages[k >> 1]));
  const all = {
    ...trajectories, statics: ndarray([64, 2], statics),
    channels: {...trajectories.channels, statics: [{name: 'age', unit: 'a'}, {name: 'sex', unit: '1'}]},
  };
  return {training: units(all, 0, 48), validation: units(all, 48, 16)};
}
