import {causalGraph} from '../graph/graph';
import {discreteScm, type DiscreteScm} from './discreteScm';

/** Chances that Y1 = 1 and that A1 = 1, for the three values of ε1. */
const READING = [0.2, 0.5, 0.8], DOSING = [0.1, 0.5, 0.9];

/**
 * Two models without noise in the state, with a confounder that has memory and every state measured, which share all
 * records of (Y1, A1, Z2, Y2) and differ in the effect of A1 on Y2. Z2 is a copy of A1, ε2 of ε1, and Y1 tells of ε1
 * with error.
 *
 * How they are found: ε1 takes three values, and what is recorded of (Y1, A1 = 1) weighs the chances of Y2 under these
 * three in two ways only. Along the third direction, the cross product of the two, the chances can be moved without a
 * trace in any record.
 */
export function memoryTwins(): readonly [DiscreteScm, DiscreteScm] {
  const [u, v] = [DOSING, DOSING.map((chance, e) => chance * READING[e])];
  const unseen = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
  const step = 0.4 / Math.max(...unseen.map(Math.abs));
  const model = (sign: number) => copies(unseen.map(d => 0.5 + sign * step * d));
  return [model(1), model(-1)];
}

const binary = (chances: readonly number[]) => chances.flatMap(p => [1 - p, p]);

/** @param y chance of Y2 = 1 for each value of ε2 where Z2 = 1; it is one half where Z2 = 0 */
function copies(y: readonly number[]): DiscreteScm {
  const edges = ['ε1 -> Y1', 'ε1 -> A1 -> Z2', 'ε1 -> ε2', 'ε2 -> Y2', 'Z2 -> Y2'];
  const tables: Readonly<Record<string, readonly number[]>> = {
    ε1: [1 / 3, 1 / 3, 1 / 3], Y1: binary(READING), A1: binary(DOSING), Z2: [1, 0, 0, 1],
    ε2: [1, 0, 0, 0, 1, 0, 0, 0, 1], Y2: binary(y.flatMap(p => [0.5, p])),
  };
  return discreteScm(causalGraph(edges, {hidden: ['ε1', 'ε2']}), {ε1: 3, Y1: 2, A1: 2, Z2: 2, ε2: 3, Y2: 2}, node =>
    Float64Array.from(tables[node]));
}
