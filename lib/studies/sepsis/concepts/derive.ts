import type {Database} from '../../../data/database';
import {concepts, conceptSql, type ConceptName} from './concepts';
import {expect} from '../../../errors';
import {sepsisViews} from '../views';
import {expectRules, sepsisRules, sqlVariables, type SepsisRules} from './rules';

/**
 * Derives SOFA by the hour, suspicion of infection and Sepsis-3 from the views: creates, or replaces, a table for each
 * of {@link concepts}, among them `sofa`, `suspicion` and `sepsis`.
 * @param rules default `sepsisRules('mimicCode')`
 * @throws ArgumentError when a view or a rule is missing
 * @paper A.3.3
 */
export async function deriveSepsis(database: Database, rules: SepsisRules = sepsisRules()): Promise<void> {
  const fn = 'deriveSepsis';
  expectRules(fn, rules);
  const found = await database.columns<'table_name'>('SELECT table_name FROM information_schema.tables');
  const missing = Object.keys(sepsisViews).filter(name => !found.table_name.includes(name));
  expect(missing.length === 0, {
    fn, argument: 'database', expected: `a database with the views ${Object.keys(sepsisViews).join(', ')}`,
    received: `one without ${missing.join(', ')}`, remedy: 'Fill it from a source first, such as fillFromMimicDemo.',
  });
  await deriveConcepts(database, rules, Object.keys(concepts) as ConceptName[]);
}

/** Derives the concepts named, in the order given; what they read must be there. */
export async function deriveConcepts(
  database: Database, rules: SepsisRules, names: readonly ConceptName[],
): Promise<void> {
  await setRules(database, rules);
  for (const name of names) await database.run(conceptSql(name));
}

/** Tells the SQL of the concepts which rules hold. */
export async function setRules(database: Database, rules: SepsisRules): Promise<void> {
  for (const [name, value] of Object.entries(sqlVariables(rules)))
    await database.run(`SET VARIABLE ${name} = '${String(value)}'`);
}
