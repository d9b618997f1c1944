import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {SepsisView} from '../views';
import type {SepsisRuleName} from './rules';

/** A table that is derived in SQL from the views and from other concepts. */
export interface Concept {
  /** What the table holds. */
  readonly holds: string;
  /** Concepts and views that the SQL reads. */
  readonly reads: readonly (SepsisView | ConceptName)[];
  /** Rules that the SQL reads. */
  readonly rules: readonly SepsisRuleName[];
}

/** Name of a concept: of its file `NAME.sql` and, but for `hours`, whose table is `spans`, of its table. */
export type ConceptName =
  | 'hours' | 'glasgow' | 'ventilated' | 'gases' | 'pressure' | 'labs' | 'pressors' | 'urine' | 'body' | 'sofa'
  | 'antibiotics' | 'suspicion' | 'sepsis';

/** Every concept, each after those that it reads. The rule in words stands at the head of each file. */
export const concepts: Readonly<Record<ConceptName, Concept>> = Object.freeze({
  hours: {holds: 'the hours of each stay', reads: ['stays'], rules: ['hours']},
  glasgow: {holds: 'Glasgow coma scale', reads: ['measurements'], rules: ['gcs', 'intubated']},
  ventilated: {holds: 'stretches of invasive ventilation', reads: ['ventilation'], rules: []},
  gases: {
    holds: 'blood gases with inspired oxygen', reads: ['measurements', 'ventilated'],
    rules: ['simultaneous', 'fio2', 'ratio', 'ventilated'],
  },
  pressure: {holds: 'lowest mean arterial pressure by hour', reads: ['measurements', 'hours'], rules: ['pressure']},
  labs: {holds: 'worst laboratory values by hour', reads: ['measurements', 'hours'], rules: ['simultaneous']},
  pressors: {
    holds: 'vasoactive drugs by hour', reads: ['infusions', 'hours'],
    rules: ['infusions', 'vasopressors', 'vasopressin'],
  },
  urine: {holds: 'urine of 24 hours by hour', reads: ['outputs', 'hours'], rules: ['urine']},
  body: {holds: 'weight and height', reads: ['measurements', 'hours'], rules: []},
  sofa: {
    holds: 'SOFA by hour, with its components',
    reads: ['hours', 'gases', 'ventilated', 'labs', 'pressure', 'pressors', 'glasgow', 'urine'],
    rules: ['creatinine', 'ventilated', 'infusions'],
  },
  antibiotics: {holds: 'starts of antibiotics', reads: ['orders', 'doses'], rules: ['names', 'routes', 'given']},
  suspicion: {
    holds: 'suspicions of infection by stay', reads: ['antibiotics', 'cultures', 'hours'],
    rules: ['match', 'dated', 'place'],
  },
  sepsis: {holds: 'onset of sepsis by stay', reads: ['suspicion', 'sofa'], rules: ['pair', 'baseline', 'onset']},
});

/** The SQL of a concept. */
export function conceptSql(name: ConceptName): string {
  return readFileSync(join(__dirname, `${name}.sql`), 'utf8');
}

/** Concepts that must be derived again when `changed` rules change: those that read one, and those that read these. */
export function conceptsOf(changed: readonly SepsisRuleName[]): ConceptName[] {
  const found = new Set<string>();
  for (const name of Object.keys(concepts) as ConceptName[]) {
    const {rules, reads} = concepts[name];
    if (rules.some(rule => changed.includes(rule)) || reads.some(other => found.has(other))) found.add(name);
  }
  return Object.keys(concepts).filter(name => found.has(name)) as ConceptName[];
}
