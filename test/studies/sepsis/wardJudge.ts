import {openDatabase, type Database} from '../../../lib/data/database';
import {
  concepts, conceptSql, deriveSepsis, fillFromWard, sepsisRules, SOFA_ORGANS, type ConceptName, type SepsisRules,
  type StayTruth, type Ward, type WardDefinition,
} from '../../../lib/studies/sepsis';

/** Rules by which the concepts must answer as a definition of the ward. */
export const WARD_RULES: Readonly<Record<WardDefinition, SepsisRules>> = Object.freeze({
  mimicCode: sepsisRules('mimicCode'),
  wide: sepsisRules('mimicCode', {changes: {place: 'suspicionNearStay'}}),
  printed: sepsisRules('printed'),
  released: sepsisRules('mimicCode', {changes: {match: 'next', place: 'admission', pair: 'earliest'}}),
});

/** In how many hours and stays the tables of the concepts differ from the construction. */
export type Differences = {readonly hours: number; readonly suspicions: number; readonly onsets: number};

/** A ward in a database, beside its truth. */
export async function wardDatabase(ward: Ward): Promise<Database> {
  const database = await openDatabase();
  await fillFromWard(database, ward);
  const organs = SOFA_ORGANS.flatMap(organ => [organ, `${organ}_24h`]);
  await database.run(`CREATE TABLE true_sofa (stay BIGINT, hour INTEGER, sofa INTEGER, ${
    organs.map(name => `${name} INTEGER`).join(', ')})`);
  for (let from = 0; from < ward.truth.length; from += 500) {
    const part = ward.truth.slice(from, from + 500);
    const flat = (of: (stay: StayTruth) => ArrayLike<number | null>) => part.flatMap(stay => Array.from(of(stay)));
    await database.insert('true_sofa', {
      stay: flat(({stay, sofa}) => Array.from(sofa.sofa, () => stay)),
      hour: flat(({sofa}) => Array.from(sofa.sofa.keys())), sofa: flat(({sofa}) => sofa.sofa),
      ...Object.fromEntries(SOFA_ORGANS.flatMap(organ => [
        [organ, flat(({sofa}) => Array.from(sofa.hour[organ], v => (v < 0 ? null : v)))],
        [`${organ}_24h`, flat(({sofa}) => sofa.worst[organ])],
      ])),
    });
  }
  await database.run(
    'CREATE TABLE true_sepsis (definition VARCHAR, stay BIGINT, suspicion TIMESTAMP, onset TIMESTAMP)');
  for (const definition of Object.keys(WARD_RULES) as WardDefinition[]) {
    const at = (of: 'suspicion' | 'onset') => ward.truth.map(({sepsis}) => {
      const time = sepsis[definition][of];
      return time === null ? null : new Date(time);
    });
    await database.insert('true_sepsis', {
      definition: ward.truth.map(() => definition), stay: ward.truth.map(({stay}) => stay), suspicion: at('suspicion'),
      onset: at('onset'),
    });
  }
  return database;
}

/** Compares what has been derived with the construction, all hours, organs and stays; what only one has counts too. */
export async function differences(database: Database, definition: WardDefinition = 'mimicCode'): Promise<Differences> {
  const organs = SOFA_ORGANS.flatMap(organ => [organ, `${organ}_24h`]);
  const [counts] = await database.rows<Differences>(`
    WITH first AS (SELECT stay, min(time) AS suspicion FROM suspicion GROUP BY stay)
    SELECT
      (SELECT count(*) FROM main.true_sofa AS t FULL JOIN sofa AS d USING (stay, hour)
       WHERE ${['sofa', ...organs].map(name => `t.${name} IS DISTINCT FROM d.${name}`).join(' OR ')}) AS hours,
      (SELECT count(*) FROM main.true_sepsis AS t LEFT JOIN first USING (stay)
       WHERE definition = $definition AND t.suspicion IS DISTINCT FROM first.suspicion) AS suspicions,
      (SELECT count(*) FROM main.true_sepsis AS t LEFT JOIN sepsis AS d USING (stay)
       WHERE definition = $definition AND t.onset IS DISTINCT FROM d.onset) AS onsets`, {definition});
  return counts;
}

/** A rule broken on purpose: in the SQL of a concept every `from` becomes `to`. */
export interface Broken {
  readonly concept: ConceptName;
  readonly from: string;
  readonly to: string;
}

/**
 * What comes of breaking a rule: derives the concept with the changed text, and all that read it, beside the others.
 * The tables of whole rules must be there, `deriveSepsis` makes them.
 */
export async function differencesOfBroken(database: Database, {concept, from, to}: Broken): Promise<Differences> {
  const sql = conceptSql(concept);
  if (!sql.includes(from)) throw new Error(`${concept}.sql has no "${from}" any more: write the broken rule anew`);
  return differencesOf(database, concept, sql.replaceAll(from, to));
}

/** The same for a text of the SQL. */
export async function differencesOf(database: Database, concept: ConceptName, sql: string): Promise<Differences> {
  await database.run("CREATE OR REPLACE SCHEMA broken; SET search_path = 'broken,main'");
  try {
    await database.run(sql);
    const touched = new Set<string>([concept]);
    for (const name of Object.keys(concepts) as ConceptName[]) {
      if (!concepts[name].reads.some(other => touched.has(other))) continue;
      touched.add(name);
      await database.run(conceptSql(name));
    }
    return await differences(database);
  } finally {
    await database.run('RESET search_path; DROP SCHEMA broken CASCADE');
  }
}

/** Derives by the rules of a definition. */
export const deriveAs = (database: Database, definition: WardDefinition): Promise<void> =>
  deriveSepsis(database, WARD_RULES[definition]);
