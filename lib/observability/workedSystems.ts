import type {ControlSystem} from '../systems/controlSystem';
import {
  pendulumSystem, twoCompartments, threeCompartments, twinTissues, lotkaVolterra, inputDependent, unobservable,
  shiftedWindow, squaredOutput, cubicChain,
} from '../systems/workedSystems';
import type {ObservabilityVerdict} from './rank';

/** A system and the verdict it must get from the symbolic and from the empirical test. */
export interface WorkedSystem {
  readonly system: ControlSystem;
  readonly expected: ObservabilityVerdict;
}

/** The systems of `lib/systems` with their verdicts. */
export const workedSystems: readonly WorkedSystem[] = [
  {system: pendulumSystem, expected: 'uniform'},
  {system: twoCompartments, expected: 'uniform'},
  {system: threeCompartments, expected: 'uniform'},
  {system: twinTissues, expected: 'unobservable'},
  {system: lotkaVolterra, expected: 'uniform'},
  {system: inputDependent, expected: 'depends on the input'},
  {system: shiftedWindow, expected: 'depends on the input'},
  {system: squaredOutput, expected: 'generic'},
  {system: cubicChain, expected: 'generic'},
  {system: unobservable, expected: 'unobservable'},
];
