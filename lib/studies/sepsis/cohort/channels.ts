import type {Channel, OutcomeChannel, Trajectories} from '../../../data/trajectories';
import {quantities, type QuantityName} from '../quantities';
import {studiedAntibiotics} from './records';

/** What is forecast beside SOFA: markers of what the drugs may harm. @paper section 5.3 */
export const sideEffects = Object.freeze(['creatinine', 'bilirubin', 'alt'] as const);

/** Quantities with long tails, which may be read as logarithms: those of blood that are above 0 and spread widely. */
const LOGARITHMIC: readonly QuantityName[] = ['creatinine', 'bilirubin', 'alt', 'bun', 'platelets'];

const COUNTED = 'times measured: ';

/** Whether a channel counts measurements. */
export const isCount = ({name}: Channel): boolean => name.startsWith(COUNTED);

/** Whether a quantity is a logarithm when logarithms are asked for. */
export const isLogarithmic = (name: QuantityName): boolean => LOGARITHMIC.includes(name);

/** What statics are made of, and whether each is missing. */
export const BODY: readonly Channel[] = Object.freeze([
  {name: 'age', unit: 'years'}, {name: 'height', unit: 'cm'}, {name: 'weight', unit: 'kg'}, {name: 'male', unit: '1'},
]);

/** Channels of a task with these measured quantities. */
export function sepsisChannels(
  names: readonly QuantityName[], {logs, counts}: {readonly logs: boolean; readonly counts: boolean},
): Trajectories['channels'] {
  const measured = names.map((name): OutcomeChannel => {
    const log = logs && isLogarithmic(name), shown = name === 'alt' ? 'ALT' : name.replace('_', ' ');
    return {
      name: log ? `log ${shown}` : shown, unit: log ? `log ${quantities[name].unit}` : quantities[name].unit,
      ...((sideEffects as readonly QuantityName[]).includes(name) ? {} : {role: 'covariate' as const}),
    };
  });
  const counted = (counts ? measured : []).map(({name}): OutcomeChannel =>
    ({name: `${COUNTED}${name.replace('log ', '')}`, unit: '1', role: 'covariate'}));
  return {
    outcomes: [{name: 'SOFA', unit: '1'}, ...measured, ...counted],
    treatments: studiedAntibiotics.map(name => ({name, unit: '1'})),
    statics: [
      ...BODY, ...BODY.map(({name}) => ({name: `${name} missing`, unit: '1'})),
      ...studiedAntibiotics.map(name => ({name: `since ${name}`, unit: 'h'})),
    ],
  };
}
