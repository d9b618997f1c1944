import {rungeKutta} from '../tableau';

/** Euler's method, order 1: one evaluation a step. */
export const euler = rungeKutta({name: 'euler', order: 1, c: [0], a: [[]], b: [1]});
