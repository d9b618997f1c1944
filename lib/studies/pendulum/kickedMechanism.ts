import * as tf from '@tensorflow/tfjs';
import type {Mechanism} from '../../models';
import {tensorFieldOf, type ControlSystem} from '../../systems';
import {GRAVITY} from './kickedPendulum';

/** A pendulum of known length and friction, kicked at once: kicks are jumps, and not in the formulas. */
const swinging: ControlSystem = Object.freeze<ControlSystem>({
  name: 'pendulum between kicks', states: ['theta', 'omega'], inputs: ['a'], outputs: ['theta'],
  dynamics: ['omega', '-g / l * sin(theta) - b * omega + 0 * a'], constants: {g: GRAVITY, l: 1.5, b: 0},
  region: [[-2, 2], [-6, 6]],
  units: {time: 's', theta: 'rad', omega: 'rad/s', a: 'm²/s', g: 'm/s^2', l: 'm', b: '1/s'},
  reference: 'Khalil 2002, Nonlinear systems, 3rd edition, section 1.2, ISBN 978-0-13-067389-3',
});

/**
 * What a textbook says of {@link kickedPendulum}: no friction, and a kick works the same at every angle. Its length is
 * not known; friction is a constant of all, 0 unless it is fitted.
 * @param lengths between what they lie [m]
 * @param gravity what it takes for the pull of the earth [m/s²]; another than the true one makes it wrong
 */
export function kickedMechanism(
  lengths: readonly [low: number, high: number] = [0.5, 5], gravity = GRAVITY,
): Mechanism {
  const system = {...swinging, constants: {...swinging.constants, g: gravity}};
  return Object.freeze<Mechanism>({
    name: 'pendulum without friction', scale: [0.3, 0.8], doses: [1], ranges: [lengths], shared: [0],
    flow: (x, {own, shared}, a) => tensorFieldOf(system, {l: own, b: tf.slice(shared, 0, 1)})(x, a),
    jump: (_x, {own}, a) => tf.concat([tf.zerosLike(a), tf.div(a, tf.square(own))], 1) as tf.Tensor2D,
  });
}
