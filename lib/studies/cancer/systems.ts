import type {WorkedSystem} from '../../observability';
import type {ControlSystem} from '../../systems';

const CANCER: Pick<ControlSystem, 'inputs' | 'dynamics' | 'constants' | 'states' | 'region' | 'inputRange'> = {
  states: ['V', 'W'], inputs: ['C', 'd'],
  dynamics: ['(rho * log(K / V) - betaC * C - (alpha * d + beta * d^2)) * V', 'kg * W * (1 - W / G) - betaW * C - alphaW * d - lambda * V'],
  constants: {rho: 0.007, K: 30, betaC: 0.028, alpha: 0.04, beta: 0.004, kg: 0.014, G: 70, betaW: 0.0018, alphaW: 0.0041, lambda: 0.0003},
  region: [[1, 25], [40, 80]], inputRange: [[0, 14], [0, 3]],
};

/** Tumour volume V and net weight W, both seen. @paper equation (8) */
export const cancerBoth: ControlSystem = {...CANCER, name: 'cancer, volume and weight seen', outputs: ['V', 'W']};
/** Volume seen only: weight feeds nothing that is seen. @paper equation (8) */
export const cancerVolume: ControlSystem = {...CANCER, name: 'cancer, volume seen', outputs: ['V']};
/** Weight seen only: the tumour drags on it. @paper equation (8b) */
export const cancerWeight: ControlSystem = {...CANCER, name: 'cancer, weight seen', outputs: ['W']};

/** One patient's log volume v with an unknown growth rate and drug sensitivity, both constant. @paper equation (8a) with betaC and rho from Table 4 as states */
export const cancerSensitivity: ControlSystem = {
  name: 'cancer, unknown growth and sensitivity', states: ['v', 'rho', 'beta'], inputs: ['C'], outputs: ['v'],
  dynamics: ['rho * (3.4 - v) - beta * C', '0', '0'], region: [[0.5, 3], [0.001, 0.05], [0.005, 0.06]], inputRange: [[0, 14]],
};

/** These systems with their verdicts. */
export const cancerSystems: readonly WorkedSystem[] = [
  {system: cancerBoth, expected: 'uniform'},
  {system: cancerWeight, expected: 'uniform'},
  {system: cancerVolume, expected: 'unobservable'},
  {system: cancerSensitivity, expected: 'depends on the input'},
];
