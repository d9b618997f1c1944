import type {ControlSystem} from './controlSystem';

/** Damped pendulum with torque, angle seen. @reference Khalil 2002, Nonlinear systems, section 1.2 */
export const pendulumSystem: ControlSystem = {
  name: 'pendulum', states: ['theta', 'omega'], inputs: ['a'], outputs: ['theta'],
  dynamics: ['omega', '-g * sin(theta) - d * omega + a'], constants: {g: 9.81, d: 0.3}, region: [[-2, 2], [-2, 2]],
};

/**
 * Drug in plasma and one tissue, plasma seen. @unit 1/h for rates @reference Gibaldi & Perrier 1982, Pharmacokinetics,
 * chapter 2
 */
export const twoCompartments: ControlSystem = {
  name: 'two compartments', states: ['c1', 'c2'], inputs: ['a'], outputs: ['c1'],
  dynamics: ['-(k10 + k12) * c1 + k21 * c2 + a', 'k12 * c1 - k21 * c2'], constants: {k10: 0.3, k12: 0.5, k21: 0.2},
  region: [[0.1, 5], [0.1, 5]], inputRange: [[0, 2]],
};

/** The same with a deep tissue. Seen from plasma, the two tissues differ only by their rates back. */
export const threeCompartments: ControlSystem = {
  name: 'three compartments', states: ['c1', 'c2', 'c3'], inputs: ['a'], outputs: ['c1'],
  dynamics: ['-(k10 + k12 + k13) * c1 + k21 * c2 + k31 * c3 + a', 'k12 * c1 - k21 * c2', 'k13 * c1 - k31 * c3'],
  constants: {k10: 0.3, k12: 0.5, k21: 0.2, k13: 0.1, k31: 0.02}, region: [[0.1, 5], [0.1, 5], [0.1, 5]],
  inputRange: [[0, 2]],
};

/** Two tissues with equal rates back to plasma: only their sum can be seen. */
export const twinTissues: ControlSystem = {
  ...threeCompartments, name: 'three compartments, equal tissues',
  constants: {k10: 0.3, k12: 0.5, k21: 0.2, k13: 0.1, k31: 0.2},
};

/** Prey p and hunters q, prey counted, hunters shot. @reference Lotka 1925; Volterra 1926, doi:10.1038/118558a0 */
export const lotkaVolterra: ControlSystem = {
  name: 'Lotka-Volterra', states: ['p', 'q'], inputs: ['a'], outputs: ['p'],
  dynamics: ['p * (1.1 - 0.4 * q)', 'q * (0.1 * p - 0.4) - a * q'], region: [[0.5, 10], [0.5, 5]], inputRange: [[0, 1]],
};

/** The state acts on what is seen only while treatment is on. */
export const inputDependent: ControlSystem = {
  name: 'treatment opens the window', states: ['x1', 'x2'], inputs: ['a'], outputs: ['x1'], dynamics: ['a * x2', '0'],
  region: [[-2, 2], [-2, 2]],
};

/** A state that touches nothing that is seen. */
export const unobservable: ControlSystem = {
  name: 'nothing to see', states: ['x1', 'x2'], inputs: ['a'], outputs: ['x1'], dynamics: ['-x1 + a', '-2 * x2 + a'],
  region: [[-2, 2], [-2, 2]],
};

/** As {@link inputDependent}, but the window is open without treatment: only the dose -1 shuts it. */
export const shiftedWindow: ControlSystem =
  {...inputDependent, name: 'one dose shuts the window', dynamics: ['(1 + a) * x2', '0']};

/** An oscillator of which only the squared position is seen: the states x and -x look the same. */
export const squaredOutput: ControlSystem = {
  name: 'square seen', states: ['x1', 'x2'], inputs: [], outputs: ['x1^2'], dynamics: ['x2', '-x1'],
  region: [[-2, 2], [-2, 2]],
};

/** Observable by a cube root: the change of coordinates has no smooth inverse on x3 = 0. */
export const cubicChain: ControlSystem = {
  name: 'cube in the chain', states: ['x1', 'x2', 'x3'], inputs: ['a'], dynamics: ['x2', 'x3^3', '-x3 + a'],
  outputs: ['x1'], region: [[-1, 1], [-1, 1], [-1, 1]],
};
