import type {Choice, Domain} from './space';

/** A domain as the journal of Optuna writes it: JSON inside JSON. */
export function distributionJson(domain: Domain): string {
  if (domain.kind === 'choice') return tagged('CategoricalDistribution', {choices: domain.choices});
  const {kind, low, high, log = false} = domain;
  return kind === 'int'
    ? tagged('IntDistribution', {log, step: 1, low, high}) : tagged('FloatDistribution', {step: null, low, high, log});
}

const tagged = (name: string, attributes: object) => JSON.stringify({name, attributes});

/** A value as the journal writes it: a number; of a choice, its place in the list. */
export const internalValue = (domain: Domain, value: Choice): number =>
  (domain.kind === 'choice' ? domain.choices.indexOf(value) : value as number);

/** The value that a line of a journal means. */
export function externalValue(distribution: string, internal: number): Choice {
  const {name, attributes} = JSON.parse(distribution) as {name: string; attributes: {choices?: Choice[]}};
  return name === 'CategoricalDistribution' ? attributes.choices![internal] : internal;
}
