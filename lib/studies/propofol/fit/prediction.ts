import {plasmaOf} from '../kinetics/concentrations';
import type {Dosing} from '../kinetics/dosing';
import {modesOfRates} from '../kinetics/modes';
import {KINETIC, type Subject} from './covariateModel';

/** Concentrations below this are told as this [mg/L]: a thousandth of what is ever measured. */
export const LEAST_CONCENTRATION = 1e-4;

/** A bolus is given over so many minutes, when its speed is compared with that of infusions. */
const BOLUS_MINUTES = 1 / 6;

/**
 * How fast a dose comes, by event: `log(1 + mg/kg/min)`, the same for infusions and for boluses.
 */
export interface InputSpeed {
  readonly rate: Float64Array;
  readonly bolus: Float64Array;
}

/** Speeds of all that is given to somebody. */
export function inputSpeed({person, dosing}: Subject): InputSpeed {
  const of = (values: ArrayLike<number>, minutes: number) =>
    Float64Array.from(values, v => Math.log1p(v / minutes / person.weight));
  return {rate: of(dosing.rate, 1), bolus: of(dosing.bolus, BOLUS_MINUTES)};
}

const speeds = new WeakMap<Dosing, InputSpeed>();

/**
 * What is given, times the gain of its speed: `u exp(gain speed)`. So no dose stays no dose, whatever the gain.
 * @param locals `[6 + G]`; G is 0 or 1
 */
export function effectiveDosing(subject: Subject, locals: ArrayLike<number>): Dosing {
  const {dosing} = subject, gain = locals[KINETIC] ?? 0;
  if (gain === 0) return dosing;
  const speed = speeds.get(dosing) ?? inputSpeed(subject);
  speeds.set(dosing, speed);
  const times = (given: ArrayLike<number>, fast: Float64Array) => fast.map((v, k) => given[k] * Math.exp(gain * v));
  return {time: dosing.time, rate: times(dosing.rate, speed.rate), bolus: times(dosing.bolus, speed.bolus)};
}

/** Logarithms of predicted concentrations at the samples, `[m]`. @param locals `[6 + G]` */
export function logPrediction(subject: Subject, locals: ArrayLike<number>): Float64Array {
  const v1 = Math.exp(locals[0]), v2 = Math.exp(locals[1]), v3 = Math.exp(locals[2]);
  const cl = Math.exp(locals[3]), q2 = Math.exp(locals[4]), q3 = Math.exp(locals[5]);
  const modes = modesOfRates({k10: cl / v1, k12: q2 / v1, k21: q2 / v2, k13: q3 / v1, k31: q3 / v3}, v1);
  const out = plasmaOf(modes, effectiveDosing(subject, locals), subject.times);
  for (let k = 0; k < out.length; k++) out[k] = Math.log(Math.max(out[k], LEAST_CONCENTRATION));
  return out;
}

/** Errors `log(predicted / measured)`, `[m]`. */
export function logErrors(subject: Subject, locals: ArrayLike<number>): Float64Array {
  const out = logPrediction(subject, locals), {measured} = subject;
  for (let k = 0; k < out.length; k++) out[k] -= Math.log(measured[k]);
  return out;
}

/** How errors of all samples change with each number of locals, `[6 + G][m]`: by small steps. */
export function sensitivities(subject: Subject, locals: Float64Array, errors: Float64Array): Float64Array[] {
  const step = 1e-4, there = Float64Array.from(locals);
  return Array.from(locals, (value, j) => {
    there[j] = value + step;
    const moved = logErrors(subject, there);
    there[j] = value;
    for (let k = 0; k < moved.length; k++) moved[k] = (moved[k] - errors[k]) / step;
    return moved;
  });
}
