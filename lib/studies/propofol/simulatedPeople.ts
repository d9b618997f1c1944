import {expectWhole} from '../../errors';
import {fold, integers, normal, uniform, type Rng} from '../../math';
import {plasma} from './kinetics/concentrations';
import type {Dosing} from './kinetics/dosing';
import {eleveld} from './kinetics/eleveld';
import type {Person} from './kinetics/person';
import {fromLogs, logsOf} from './fit/covariateModel';
import type {PropofolRecord} from './data/record';

/**
 * How much logarithms of V1, V2, V3, CL, Q2, Q3 differ between people of one age, size and sex: published variances.
 * @reference Eleveld, Colin, Absalom, Struys 2018. doi:10.1016/j.bja.2018.01.018
 */
export const BETWEEN_PEOPLE: readonly number[] = Object.freeze([0.61, 0.565, 0.597, 0.265, 0.346, 0.209]);

/** Ages [years] of the studies, in turn: children, adults, the old. */
const AGES = [[20, 45], [1, 10], [30, 70], [18, 60], [65, 88], [0.2, 3], [25, 55], [40, 75]] as const;

/** Options of {@link simulatedPeople}. */
export interface SimulatedPeopleOptions {
  readonly rng: Rng;
  /** Studies, >= 1. Default 16. */
  readonly studies?: number;
  /** People of a study, >= 1. Default 12. */
  readonly perStudy?: number;
}

/**
 * People who stand in for those on record where the data are not here: ages, sizes, doses and samples of the same kind,
 * compartments of Eleveld's model times chance, half of it between people and a part shared by a study, measured with
 * an error of 15 %. So its numbers tell whether a method works, not what is true of propofol.
 * @throws ArgumentError for counts that are no whole numbers >= 1
 */
export function simulatedPeople({rng, studies = 16, perStudy = 12}: SimulatedPeopleOptions): readonly PropofolRecord[] {
  expectWhole('simulatedPeople', {studies, perStudy});
  return Object.freeze(Array.from({length: studies * perStudy}, (_, i) => {
    const study = Math.floor(i / perStudy), ofStudy = fold(fold(rng, 'study'), study);
    return simulatedPerson(i + 1, study + 1, {own: fold(fold(rng, 'person'), i), ofStudy});
  }));
}

function simulatedPerson(id: number, study: number, {own, ofStudy}: {own: Rng; ofStudy: Rng}): PropofolRecord {
  const [low, high] = AGES[(study - 1) % AGES.length], [a, b, c, d] = uniform(fold(own, 'who'), 4);
  const age = low + (high - low) * a, female = b < 0.4, shared = normal(fold(ofStudy, 'shared'), 6);
  const scatter = normal(fold(own, 'compartments'), 6);
  const person: Person = Object.freeze<Person>({
    ...sizeAt(age, female, normal(fold(own, 'size'), 2)), age, sex: female ? 'female' : 'male',
    opioids: c < 0.3, site: study % 4 === 3 ? 'venous' : 'arterial',
  });
  const logs = logsOf(eleveld(person)).map((v, k) =>
    v + Math.sqrt(BETWEEN_PEOPLE[k]) * (0.5 * scatter[k] + 0.25 * shared[k]));
  const dosing = study % 3 === 0 ? bolusThenNothing(person, d) : steppedInfusion(person, fold(own, 'dose'));
  const times = Float64Array.of(2, 4, 8, 15, 30, 45, 60, 75, 90, 120, 180, 240);
  const error = normal(fold(own, 'error'), times.length, {sd: 0.15});
  const measured = plasma(fromLogs(logs), dosing, times).map((v, k) => Math.max(0.01, v) * Math.exp(error[k]));
  return Object.freeze({id, study, person, dosing, times, measured});
}

/** Weight and height that go with an age, roughly. */
function sizeAt(age: number, female: boolean, [a, b]: Float64Array): {weight: number; height: number} {
  const grown = female ? 165 : 177, height = age >= 18 ? grown : 52 + (grown - 52) * (age / 18) ** 0.6;
  const tall = height * Math.exp(0.04 * a), bmi = (age >= 18 ? 25 : 16) * Math.exp(0.15 * b);
  return {height: tall, weight: bmi * (tall / 100) ** 2};
}

/** 2 mg/kg or so within 20 seconds. */
const bolusThenNothing = ({weight}: Person, u: number): Dosing =>
  ({time: [0], rate: [0], bolus: [(1.5 + u) * weight]});

/** A quick start, then three rates of infusion for an hour and a half in all. */
function steppedInfusion({weight}: Person, rng: Rng): Dosing {
  const quick = 3 + 6 * uniform(fold(rng, 'start'), 1)[0], steps = integers(fold(rng, 'rates'), 3, {high: 5});
  const rate = [quick, ...Array.from(steps, k => 0.08 + 0.03 * k), 0].map(v => v * weight);
  return {time: [0, 0.3, 30, 60, 90], rate, bolus: [0, 0, 0, 0, 0]};
}
