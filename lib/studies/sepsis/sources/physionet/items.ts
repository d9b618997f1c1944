import {quantities, type Quantity} from '../../quantities';
import {antibioticItems, urineItems, vasoactiveItems, ventilationItem} from '../items';

/** A lab or charted item of MIMIC-IV that is one of the quantities. */
export interface QuantityItem {
  readonly source: 'labs' | 'charts';
  readonly item: number;
  readonly quantity: string;
  /** Makes the unit of the item the quantity's. */
  readonly factor: number;
  readonly low: number;
  readonly high: number;
}

/** Items that are read as numbers: those of the quantities. */
export const quantityItems: readonly QuantityItem[] = Object.freeze(
  Object.entries<Quantity>(quantities).flatMap(([quantity, {items, limits: [low, high], factor}]) =>
    (['labs', 'charts'] as const).flatMap(source => (items[source] ?? []).map(item =>
      Object.freeze({source, item, quantity, factor: factor?.[item] ?? 1, low, high})))));

/** Items that the SQL of this folder joins, by table: `item` with `name`. */
export const itemLists = Object.freeze({
  /** Lab item with the kind of specimen of a blood gas; charted texts on ventilation. */
  texts: {52033: 'specimen', 226732: 'device', 223849: 'mode', 229314: 'mode_hamilton'},
  pressors: vasoactiveItems,
  /** Where no dictionary of items is there. */
  antibiotic_items: antibioticItems,
  ventilation_items: {[ventilationItem]: 'invasive ventilation'},
  urine: Object.fromEntries(Object.entries(urineItems).map(([item, sign]) =>
    [item, sign < 0 ? 'irrigation' : 'urine'])),
}) satisfies Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Words of electronic records of administration that say that a drug was given, in lower case. */
export const givenWords: readonly string[] = Object.freeze([
  'administered', 'administered bolus from iv drip', 'administered in other location', 'delayed administered',
  'partial administered', 'started', 'started in other location', 'delayed started', 'restarted', 'applied',
]);

/** Texts of ventilators and devices by which a patient is ventilated invasively, and what else they say. */
export const ventilationTexts = Object.freeze({
  device: {
    'Tracheostomy tube': 'tracheostomy', 'Trach mask': 'tracheostomy', 'Endotracheal tube': 'invasive',
    'Bipap mask': 'non-invasive', 'CPAP mask': 'non-invasive', 'High flow nasal cannula': 'high flow',
    ...Object.fromEntries([
      'Non-rebreather', 'Face tent', 'Aerosol-cool', 'Venti mask', 'Medium conc mask', 'Ultrasonic neb', 'Vapomist',
      'Oxymizer', 'High flow neb', 'Nasal cannula',
    ].map(text => [text, 'oxygen'])),
    'None': 'none',
  },
  mode: Object.fromEntries([
    '(S) CMV', 'APRV', 'APRV/Biphasic+ApnPress', 'APRV/Biphasic+ApnVol', 'APV (cmv)', 'Ambient', 'Apnea Ventilation',
    'CMV', 'CMV/ASSIST', 'CMV/ASSIST/AutoFlow', 'CMV/AutoFlow', 'CPAP/PPS', 'CPAP/PSV', 'CPAP/PSV+Apn TCPL',
    'CPAP/PSV+ApnPres', 'CPAP/PSV+ApnVol', 'MMV', 'MMV/AutoFlow', 'MMV/PSV', 'MMV/PSV/AutoFlow', 'P-CMV', 'PCV+',
    'PCV+/PSV', 'PCV+Assist', 'PRES/AC', 'PRVC/AC', 'PRVC/SIMV', 'PSV/SBT', 'SIMV', 'SIMV/AutoFlow', 'SIMV/PRES',
    'SIMV/PSV', 'SIMV/PSV/AutoFlow', 'SIMV/VOL', 'SYNCHRON MASTER', 'SYNCHRON SLAVE', 'VOL/AC',
  ].map(text => [text, 'invasive'])),
  mode_hamilton: {
    ...Object.fromEntries([
      'APRV', 'APV (cmv)', 'Ambient', '(S) CMV', 'P-CMV', 'SIMV', 'APV (simv)', 'P-SIMV', 'VS', 'ASV',
    ].map(text => [text, 'invasive'])),
    'DuoPaP': 'non-invasive', 'NIV': 'non-invasive', 'NIV-ST': 'non-invasive',
  },
}) satisfies Readonly<Record<string, Readonly<Record<string, string>>>>;
