import type {Draws} from './draws';
import {wardLaw} from './law';

/** What does not change in a patient. */
export interface Person {
  /** years */
  readonly age: number;
  readonly male: boolean;
  /** cm */
  readonly height: number;
  /** kg */
  readonly weight: number;
}

/** A patient by chance. */
export function drawPerson(chance: Draws): Person {
  const {age, male, height, weight} = wardLaw, isMale = chance.chance(male);
  return Object.freeze({
    male: isMale,
    age: Math.round(within(chance, {...age})),
    height: Math.round(within(chance, {mean: isMale ? height.men : height.women, sd: height.sd, low: 125, high: 225})),
    weight: Math.round(10 * within(chance, {mean: isMale ? weight.men : weight.women, ...weight})) / 10,
  });
}

/** Hours of a stay, in [low, longest], a whole number of minutes; one in ten a whole number of hours. */
export function drawLength(chance: Draws, longest: number): number {
  const {median, logSd, low} = wardLaw.stay;
  for (;;) {
    const hours = median * Math.exp(logSd * chance.normal());
    if (hours >= low && hours <= longest) return chance.chance(0.1) ? Math.round(hours) : Math.round(hours * 60) / 60;
  }
}

interface Restricted {
  readonly mean: number;
  readonly sd: number;
  readonly low: number;
  readonly high: number;
}

/** Normal, drawn again until it lies within its limits. */
function within(chance: Draws, {mean, sd, low, high}: Restricted): number {
  for (;;) {
    const value = mean + sd * chance.normal();
    if (value >= low && value <= high) return value;
  }
}
