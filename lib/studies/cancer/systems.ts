import type {WorkedSystem} from '../../observability';
import type {ControlSystem, MapSystem} from '../../systems';
import type {CancerParameters} from './simulator/parameters';

const GENG = 'Geng, Paganetti & Grassberger 2017, Prediction of treatment response for combined chemo- and radiation ' +
  'therapy, doi:10.1038/s41598-017-13646-z';

/**
 * Tumour volume V and net weight W, both seen, as the paper prints them: differential equations, noise constant in a
 * cycle. The losses of weight are weights a cycle. @paper equation (8)
 */
export const cancerBoth: ControlSystem = {
  name: 'cancer, volume and weight seen',
  states: ['V', 'W'], inputs: ['C', 'd'], noise: ['eV', 'eW'], outputs: ['V', 'W'],
  dynamics: [
    '(rho * log(K / V) - betaC * C - (alpha * d + beta * d^2) + eV) * V',
    'kg * W * (1 - W / G) - betaW * C - alphaW * d - lambda * V + eW * W',
  ],
  constants: {
    rho: 0.007, K: 30, betaC: 0.028, alpha: 0.04, beta: 0.004, kg: 0.014, G: 70, betaW: 0.0018, alphaW: 0.0041,
    lambda: 0.0003,
  },
  region: [[1, 25], [40, 80]], inputRange: [[0, 14], [0, 3]], reference: GENG,
  units: {
    time: 'cycle', V: 'cm^3', W: 'kg', C: 'mg/m^3', d: 'Gy', eV: '1/cycle', eW: '1/cycle', rho: '1/cycle', K: 'cm^3',
    betaC: 'm^3/(mg cycle)', alpha: '1/(Gy cycle)', beta: '1/(Gy^2 cycle)', kg: '1/cycle', G: 'kg',
    betaW: 'kg m^3/(mg cycle)', alphaW: 'kg/(Gy cycle)', lambda: 'kg/(cm^3 cycle)',
  },
};
/** Volume seen only: weight feeds nothing that is seen. @paper equation (8) */
export const cancerVolume: ControlSystem = {...cancerBoth, name: 'cancer, volume seen', outputs: ['V']};
/** Weight seen only: the tumour drags on it. @paper equation (8b) */
export const cancerWeight: ControlSystem = {...cancerBoth, name: 'cancer, weight seen', outputs: ['W']};

/**
 * The same as the published code runs it: one explicit step a cycle, losses of weight proportional to the weight,
 * growth to its square. A map, and of another system: no Euler step of `cancerBoth` gives it.
 */
export const releasedStep: MapSystem = {
  name: 'cancer, one released step', states: ['V', 'W'], inputs: ['C', 'd'], noise: ['eV', 'eW'], outputs: ['V', 'W'],
  next: [
    'V * (1 + rho * log(K / V) - betaC * C - (alpha * d + beta * d^2) + eV)',
    'W * (1 + kg * W * (1 - W / G) - betaW * C - alphaW * d - lambda * V + eW)',
  ],
  constants: {
    rho: 0.007, K: 14137, betaC: 0.015, alpha: 0.03, beta: 0.003, kg: 1.4e-4, G: 100,
    betaW: 0.0018, alphaW: 0.0041, lambda: 3e-5,
  },
  region: [[1, 1150], [40, 160]], inputRange: [[0, 14], [0, 3]], reference: GENG,
  units: {
    time: 'cycle', V: 'cm^3', W: 'kg', C: 'mg/m^3', d: 'Gy', eV: '1', eW: '1', rho: '1', K: 'cm^3', betaC: 'm^3/mg',
    alpha: '1/Gy', beta: '1/Gy^2', kg: '1/kg', G: 'kg', betaW: 'm^3/mg', alphaW: '1/Gy', lambda: '1/cm^3',
  },
};

/** The patients' constants under the names that they have in both systems. */
export function cancerConstants(p: CancerParameters): Readonly<Record<string, Float64Array>> {
  return {
    rho: p.rho, K: p.capacity, betaC: p.betaC, alpha: p.alphaR, beta: p.betaR, kg: p.weightGrowth, G: p.initialWeight,
    betaW: p.weightChemo, alphaW: p.weightRadio, lambda: p.weightTumour,
  };
}

/**
 * One patient's log volume v with an unknown growth rate and drug sensitivity, both constant.
 * @paper equation (8a) with betaC and rho from Table 4 as states, K = 30
 */
export const cancerSensitivity: ControlSystem = {
  name: 'cancer, unknown growth and sensitivity', states: ['v', 'rho', 'beta'], inputs: ['C'], outputs: ['v'],
  dynamics: ['rho * (logK - v) - beta * C', '0', '0'], constants: {logK: 3.4},
  region: [[0.5, 3], [0.001, 0.05], [0.005, 0.06]], inputRange: [[0, 14]], reference: GENG,
  units: {time: 'cycle', v: '1', rho: '1/cycle', beta: 'm^3/(mg cycle)', C: 'mg/m^3', logK: '1'},
};

/** These systems with their verdicts. */
export const cancerSystems: readonly WorkedSystem[] = [
  {system: cancerBoth, expected: 'uniform'},
  {system: cancerWeight, expected: 'uniform'},
  {system: cancerVolume, expected: 'unobservable'},
  {system: cancerSensitivity, expected: 'depends on the input'},
];
