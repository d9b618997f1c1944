import type {ControlSystem} from './system';

const GAUTHIER_KUPKA =
  'after Gauthier & Kupka 2001, Deterministic observation theory and applications, doi:10.1017/CBO9780511546648';
const COMPARTMENTS = 'Gibaldi & Perrier 1982, Pharmacokinetics, chapter 2, ISBN 978-0-8247-1042-2';

/** Damped pendulum with torque, angle seen; g is gravity over length. @reference Khalil 2002, Nonlinear systems, 1.2 */
export const pendulumSystem: ControlSystem = {
  name: 'pendulum', states: ['theta', 'omega'], inputs: ['a'], outputs: ['theta'],
  dynamics: ['omega', '-g * sin(theta) - d * omega + a'], constants: {g: 9.81, d: 0.3}, region: [[-2, 2], [-2, 2]],
  units: {time: 's', theta: 'rad', omega: 'rad/s', a: 'rad/s^2', g: 'rad/s^2', d: '1/s'},
  reference: 'Khalil 2002, Nonlinear systems, 3rd edition, section 1.2, ISBN 978-0-13-067389-3',
};

/** Drug in plasma and one tissue, plasma seen. @reference Gibaldi & Perrier 1982, Pharmacokinetics, chapter 2 */
export const twoCompartments: ControlSystem = {
  name: 'two compartments', states: ['c1', 'c2'], inputs: ['a'], outputs: ['c1'],
  dynamics: ['-(k10 + k12) * c1 + k21 * c2 + a', 'k12 * c1 - k21 * c2'], constants: {k10: 0.3, k12: 0.5, k21: 0.2},
  region: [[0.1, 5], [0.1, 5]], inputRange: [[0, 2]], reference: COMPARTMENTS,
  units: {time: 'h', c1: 'mg/l', c2: 'mg/l', a: 'mg/(l h)', k10: '1/h', k12: '1/h', k21: '1/h'},
};

/** The same with a deep tissue. Seen from plasma, the two tissues differ only by their rates back. */
export const threeCompartments: ControlSystem = {
  name: 'three compartments', states: ['c1', 'c2', 'c3'], inputs: ['a'], outputs: ['c1'],
  dynamics: ['-(k10 + k12 + k13) * c1 + k21 * c2 + k31 * c3 + a', 'k12 * c1 - k21 * c2', 'k13 * c1 - k31 * c3'],
  constants: {k10: 0.3, k12: 0.5, k21: 0.2, k13: 0.1, k31: 0.02},
  region: [[0.1, 5], [0.1, 5], [0.1, 5]], inputRange: [[0, 2]],
  reference: COMPARTMENTS, units: {...twoCompartments.units, c3: 'mg/l', k13: '1/h', k31: '1/h'},
};

/** Two tissues with equal rates back to plasma: only their sum can be seen. */
export const twinTissues: ControlSystem = {
  ...threeCompartments, name: 'three compartments, equal tissues',
  constants: {...threeCompartments.constants, k31: 0.2},
};

/** Prey p and hunters q, prey counted, hunters shot. @reference Lotka 1925; Volterra 1926, doi:10.1038/118558a0 */
export const lotkaVolterra: ControlSystem = {
  name: 'Lotka-Volterra', states: ['p', 'q'], inputs: ['a'], outputs: ['p'],
  dynamics: ['p * (birth - hunt * q)', 'q * (feed * p - death) - a * q'],
  constants: {birth: 1.1, hunt: 0.4, feed: 0.1, death: 0.4},
  region: [[0.5, 10], [0.5, 5]], inputRange: [[0, 1]],
  units: {
    time: 'year', p: 'prey', q: 'hunter', a: '1/year',
    birth: '1/year', hunt: '1/(hunter year)', feed: '1/(prey year)', death: '1/year',
  },
  reference: 'Volterra 1926, Fluctuations in the abundance of a species, doi:10.1038/118558a0',
};

const PURE = {time: '1', x1: '1', x2: '1', a: '1'};

/** The state acts on what is seen only while treatment is on. */
export const inputDependent: ControlSystem = {
  name: 'treatment opens the window', states: ['x1', 'x2'], inputs: ['a'], outputs: ['x1'], dynamics: ['a * x2', '0'],
  region: [[-2, 2], [-2, 2]], units: PURE, reference: GAUTHIER_KUPKA,
};

/** A state that touches nothing that is seen. */
export const unobservable: ControlSystem = {
  name: 'nothing to see', states: ['x1', 'x2'], inputs: ['a'], outputs: ['x1'], dynamics: ['-x1 + a', '-2 * x2 + a'],
  region: [[-2, 2], [-2, 2]], units: PURE,
  reference: 'after Kalman 1960, On the general theory of control systems, doi:10.1016/S1474-6670(17)70094-8',
};

/** As {@link inputDependent}, but the window is open without treatment: only the dose -1 shuts it. */
export const shiftedWindow: ControlSystem =
  {...inputDependent, name: 'one dose shuts the window', dynamics: ['(1 + a) * x2', '0']};

/** An oscillator of which only the squared position is seen: the states x and -x look the same. */
export const squaredOutput: ControlSystem = {
  name: 'square seen', states: ['x1', 'x2'], inputs: [], outputs: ['x1^2'],
  dynamics: ['x2', '-x1'], region: [[-2, 2], [-2, 2]],
  units: {time: '1', x1: '1', x2: '1', 'x1^2': '1'},
  reference: 'after Hermann & Krener 1977, Nonlinear controllability and observability, doi:10.1109/TAC.1977.1101601',
};

/** Observable by a cube root: the change of coordinates has no smooth inverse on x3 = 0. */
export const cubicChain: ControlSystem = {
  name: 'cube in the chain', states: ['x1', 'x2', 'x3'], inputs: ['a'], outputs: ['x1'],
  dynamics: ['x2', 'x3^3', '-x3 + a'],
  region: [[-1, 1], [-1, 1], [-1, 1]], units: {...PURE, x3: '1'},
  reference: 'after Bernard 2019, Observer design for nonlinear systems, doi:10.1007/978-3-030-11146-5',
};
