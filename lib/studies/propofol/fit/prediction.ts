import {plasmaOf} from '../kinetics/concentrations';
import type {Dosing} from '../kinetics/dosing';
import {fromLogs, KINETIC, type Subject} from './covariateModel';

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
  const told = plasmaOf(fromLogs(locals), effectiveDosing(subject, locals), subject.times);
  return told.map(v => Math.log(Math.max(v, LEAST_CONCENTRATION)));
}

/** Errors `log(predicted / measured)`, `[m]`. */
export function logErrors(subject: Subject, locals: ArrayLike<number>): Float64Array {
  return logPrediction(subject, locals).map((v, k) => v - Math.log(subject.measured[k]));
}

/** How errors of all samples change with each number of locals, `[6 + G][m]`: by small steps. */
export function sensitivities(subject: Subject, locals: Float64Array, errors: Float64Array): Float64Array[] {
  const step = 1e-4;
  return Array.from(locals, (_, j) => {
    const moved = logErrors(subject, locals.map((v, k) => (k === j ? v + step : v)));
    return moved.map((v, k) => (v - errors[k]) / step);
  });
}
