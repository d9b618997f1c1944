import {weeksSinceConception, type Person} from '../kinetics/person';

/** Names of {@link features}, in their order. */
export const featureNames = Object.freeze([
  'log weight', 'log weight²', 'log age', 'log age²', 'age', 'log height', 'female', 'opioids', 'venous',
  'female x age', 'opioids x age',
]);

/**
 * What corrections are told of a person, `[11]`, about 0 for a grown person and about 1 far from there. Age counts
 * from conception in its logarithm, so that newborns are not endlessly young.
 */
export function features(person: Person): Float64Array {
  const {age, weight, height, sex, opioids = false, site = 'arterial'} = person;
  const size = Math.log(weight / 70), since = Math.log(weeksSinceConception(person) / (52 * 36));
  const years = (age - 35) / 20, female = Number(sex === 'female'), with_ = Number(opioids);
  return Float64Array.of(
    size, size ** 2 / 2, since, since ** 2 / 2, years, 2 * Math.log(height / 170), female, with_,
    Number(site === 'venous'), female * years, with_ * years,
  );
}

/** {@link features}, each held inside the range that it has among `people`. */
export function heldFeatures(people: readonly Person[]): (person: Person) => Float64Array {
  const all = people.map(features), low = all[0].map((_, f) => Math.min(...all.map(x => x[f])));
  const high = low.map((_, f) => Math.max(...all.map(x => x[f])));
  return person => features(person).map((v, f) => Math.min(high[f], Math.max(low[f], v)));
}
