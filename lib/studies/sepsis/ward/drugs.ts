import type {Draws} from './draws';

/** The three antibiotics of the study; all others are `other`. */
export const WARD_DRUGS = Object.freeze(['vancomycin', 'ceftriaxone', 'piperacillin-tazobactam'] as const);

/** An antibiotic of the ward. */
export type WardDrug = (typeof WARD_DRUGS)[number] | 'other';

/** An order of a drug, times in ms. */
export interface WardOrder {
  readonly drug: string;
  readonly start: number;
  readonly stop: number | null;
  readonly route: string;
  readonly kind: 'MAIN' | 'BASE' | 'ADDITIVE';
  /** What it is and hours between doses; missing for what does not act on the whole body. */
  readonly acts?: {readonly drug: WardDrug; readonly every: number};
}

/** What causes the infection, hidden from whoever treats. */
export type Organism = 'resistant gram-positive' | 'gram-negative';

/**
 * Part of the growth of an organism that a drug stops, in [0, 1]; made, in the order that textbooks give: vancomycin
 * acts on gram-positive organisms alone, the two others above all on gram-negative ones.
 */
export const COVERAGE: Readonly<Record<Organism, Readonly<Record<WardDrug, number>>>> = Object.freeze({
  'resistant gram-positive': {'vancomycin': 1, 'ceftriaxone': 0.1, 'piperacillin-tazobactam': 0.15, 'other': 0.3},
  'gram-negative': {'vancomycin': 0, 'ceftriaxone': 0.6, 'piperacillin-tazobactam': 0.95, 'other': 0.7},
});

/** As orders write it, and hours between doses. */
const WRITTEN: Readonly<Record<WardDrug, readonly {readonly name: string; readonly every: number}[]>> = Object.freeze({
  'vancomycin': [{name: 'Vancomycin', every: 12}],
  'ceftriaxone': [{name: 'CefTRIAXone', every: 24}, {name: 'CeftriaXONE', every: 24}],
  'piperacillin-tazobactam': [{name: 'Piperacillin-Tazobactam', every: 8}],
  'other': [
    {name: 'CefePIME', every: 12}, {name: 'Meropenem', every: 8}, {name: 'Levofloxacin', every: 24},
    {name: 'MetRONIDAZOLE (FLagyl)', every: 8}, {name: 'Ciprofloxacin IV', every: 12}, {name: 'CefazoLIN', every: 8},
  ],
});

/** A way to write the drug. */
export const written = (drug: WardDrug, chance: Draws): {readonly name: string; readonly every: number} =>
  chance.pick(WRITTEN[drug]);

/**
 * Drugs to begin with: the sicker the patient, the broader. This is what confounds: who gets vancomycin with
 * piperacillin-tazobactam does worse for other reasons.
 * @param severity general severity, about 0 to 3
 */
export function firstDrugs(severity: number, chance: Draws): WardDrug[] {
  const broad = 1 / (1 + Math.exp(2.5 * (1.2 - severity)));
  if (chance.chance(broad)) return ['vancomycin', 'piperacillin-tazobactam'];
  const k = chance.weighted([0.25, 0.35, 0.2, 0.2]);
  return [k < 3 ? WARD_DRUGS[k] : 'other'];
}

/**
 * Orders of anti-infective drugs that never count: they do not act on the whole body, are no treatment, or are not in
 * the list of antibiotics of the MIMIC code repository.
 */
export const NOT_COUNTED: readonly Pick<WardOrder, 'drug' | 'route' | 'kind'>[] = Object.freeze([
  ...[
    ['Gentamicin', 'OU'], ['Ciprofloxacin HCl', 'OS'], ['Ofloxacin', 'OD'], ['Tobramycin', 'LEFT EYE'],
    ['Ciprofloxacin', 'AU'], ['Ofloxacin', 'AS'], ['Neomycin', 'AD'], ['Ciprofloxacin HCl', 'RIGHT EAR'],
    ['Clindamycin', 'TP'], ['MetroNIDAZOLE Gel', 'VG'], ['Gentamicin Cream', 'EX'],
    ['Erythromycin Ophth Oint', 'OPH'], ['CefTRIAXone Desensitization', 'IV'],
    ['Daptomycin', 'IV'], ['Ertapenem', 'IV'],
  ].map(([drug, route]) => ({drug, route, kind: 'MAIN' as const})),
  {drug: 'Vancomycin', route: 'IV', kind: 'BASE'},
]);
