import * as tf from '@tensorflow/tfjs';
import {uniform, type Rng} from '../../math';
import type {Mechanism} from '../../models';
import {tensorFieldOf, type ControlSystem} from '../../systems';
import {marsh} from './kinetics/marsh';
import type {Compartments} from './kinetics/compartments';
import type {Person} from './kinetics/person';

/** The compartments per kg of body weight, in concentrations: boluses are jumps, and not in the formulas. */
const perKilogram: ControlSystem = Object.freeze<ControlSystem>({
  name: 'propofol between boluses', states: ['c', 'ce', 'c2', 'c3'], inputs: ['u'], outputs: ['c'],
  dynamics: [
    '-cl / v1 * c - q2 / v1 * (c - c2) - q3 / v1 * (c - c3) + 0 * u', 'ke0 * (c - ce)', 'q2 / v2 * (c - c2)',
    'q3 / v3 * (c - c3)',
  ],
  constants: {v1: 0.228, v2: 0.464, v3: 2.89, cl: 0.0271, q2: 0.0255, q3: 0.00955, ke0: 0.26},
  region: [[0, 20], [0, 10], [0, 10], [0, 10]],
  units: {
    time: 'min', c: 'mg/L', ce: 'mg/L', c2: 'mg/L', c3: 'mg/L', u: 'mg/kg', v1: 'L/kg', v2: 'L/kg', v3: 'L/kg',
    cl: 'L/min/kg', q2: 'L/min/kg', q3: 'L/min/kg', ke0: '1/min',
  },
  reference: 'Marsh and others 1991, Pharmacokinetic model driven infusion of propofol in children. '
    + 'doi:10.1093/bja/67.1.41',
});

/** By how much constants may differ from those of Marsh: lowest and highest factor. */
const FACTORS = {
  v1: [1 / 6, 2], v2: [1 / 3, 3], v3: [1 / 3, 3], cl: [1 / 2, 2], q2: [1 / 2, 2], q3: [1 / 2, 2], ke0: [1 / 5, 4],
} as const;

type Constant = keyof typeof FACTORS;
const NAMES = Object.keys(FACTORS) as Constant[];

/** What a pump knows of {@link bolusPeople}: compartments of Marsh, of which each person has their own. */
export function bolusMechanism(): Mechanism {
  const typical = perKilogram.constants as Readonly<Record<Constant, number>>;
  return Object.freeze<Mechanism>({
    name: 'compartments', scale: [4, 2, 2, 1], doses: [1.5],
    ranges: NAMES.map(name => [FACTORS[name][0] * typical[name], FACTORS[name][1] * typical[name]] as const),
    flow: (x, {own}, a) => tensorFieldOf(perKilogram, constantsOf(own))(x, a),
    jump: (_x, {own}, a) => {
      const none = tf.zerosLike(a);
      return tf.concat([tf.div(a, constantsOf(own).v1), none, none, none], 1) as tf.Tensor2D;
    },
  });
}

const constantsOf = (own: tf.Tensor2D) =>
  Object.fromEntries(tf.split(own, NAMES.length, 1).map((column, k) => [NAMES[k], column])) as Record<
    Constant, tf.Tensor2D>;

/** Compartments of somebody of whom no more is known than that they are within the limits of {@link bolusMechanism}. */
export function anyCompartments(person: Person, rng: Rng): Compartments {
  const typical = marsh(person), u = uniform(rng, NAMES.length);
  return Object.fromEntries(NAMES.map((name, k) => {
    const [low, high] = FACTORS[name];
    return [name, typical[name] * low * (high / low) ** u[k]];
  })) as unknown as Compartments;
}
