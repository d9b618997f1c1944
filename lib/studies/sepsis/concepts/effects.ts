import type {Database} from '../../../data/database';
import {conceptsOf} from './concepts';
import {deriveConcepts, deriveSepsis, setRules} from './derive';
import {sepsisRuleChoices, sepsisRules, type SepsisRuleName, type SepsisRules} from './rules';

/** What one rule moves, all others as they were. */
export type RuleEffect = {
  readonly rule: SepsisRuleName;
  /** The choice tried instead of the one in use. */
  readonly choice: string;
  /** Stays with sepsis by it. */
  readonly stays: number;
  /** Stays that come in, go out, and keep sepsis with another onset. */
  readonly gained: number;
  readonly lost: number;
  readonly moved: number;
  /** Hours of stays with another SOFA, hours that only one of the two has included. */
  readonly hours: number;
};

/**
 * How many stays each rule moves: every other choice of every rule in turn, one at a time. Derives the tables of
 * `rules` first and leaves them, and those rules in force. Takes about as long as twenty derivations.
 * @param rules default `sepsisRules('mimicCode')`
 * @throws ArgumentError when a view or a rule is missing
 */
export async function ruleEffects(database: Database, rules: SepsisRules = sepsisRules()): Promise<RuleEffect[]> {
  const effects: RuleEffect[] = [];
  await deriveSepsis(database, rules);
  for (const rule of Object.keys(sepsisRuleChoices) as SepsisRuleName[]) {
    for (const choice of Object.keys(sepsisRuleChoices[rule].choices)) {
      if (choice === rules[rule]) continue;
      const changed = {...rules, [rule]: choice} as SepsisRules;
      effects.push(Object.freeze({rule, choice, ...await effectOf(database, changed, rule)}));
    }
  }
  await setRules(database, rules);
  return effects;
}

const TRIAL = 'rule_trial';

/** Derives what a rule touches into a schema of its own, which is looked into first, and compares. */
async function effectOf(database: Database, rules: SepsisRules, rule: SepsisRuleName): Promise<Counts> {
  await database.run(`CREATE OR REPLACE SCHEMA ${TRIAL}; SET search_path = '${TRIAL},main'`);
  try {
    await deriveConcepts(database, rules, conceptsOf([rule]));
    const [counts] = await database.rows<Counts>(COMPARE);
    return counts;
  } finally {
    await database.run(`RESET search_path; DROP SCHEMA ${TRIAL} CASCADE`);
  }
}

type Counts = Pick<RuleEffect, 'stays' | 'gained' | 'lost' | 'moved' | 'hours'>;

const COMPARE = `
SELECT *, (
  SELECT count(*) FROM main.sofa AS old FULL JOIN sofa AS new USING (stay, hour)
  WHERE old.sofa IS DISTINCT FROM new.sofa
) AS hours
FROM (
  SELECT
    count(new.stay) AS stays,
    count(*) FILTER (WHERE old.stay IS NULL) AS gained,
    count(*) FILTER (WHERE new.stay IS NULL) AS lost,
    count(*) FILTER (WHERE old.onset != new.onset) AS moved
  FROM main.sepsis AS old FULL JOIN sepsis AS new USING (stay)
)`;
