/**
 * How far the moments of cohorts of one simulator lie apart by chance: `npx tsx test/laws/moments.ts` computes
 * `data/laws/moments.json` again, in about a minute. Notebook 04 and the simulator's tests compare our cohorts with the
 * published ones; the 21 statistics hang together, and all cohorts share the reference, so no table gives this law.
 */
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {cancerCohort, cancerMoments, zScores, type Estimate} from '../../lib/studies/cancer';
import {writeWhole} from '../../lib/files';
import {mean} from '../../lib/math';

export const FILE = join(__dirname, '..', '..', 'data', 'laws', 'moments.json');

/** Seeds of their own: no notebook draws patients from these. */
export const FIRST_SEED = 80_001;
export const DRAWS = 200;
/** How many cohorts are compared with one reference; the notebook's profiles take 2 to 5. */
export const COHORTS = [1, 2, 3, 4, 5] as const;
/** Patients in a cohort, the reference included: three published ones of 1000 make one reference. */
export const PATIENTS = 3000;

/** What the notebook computes from the z-scores of several cohorts against one reference. */
export interface MomentDistances {
  readonly meanSquare: number;
  readonly largest: number;
}

/** The distances of {@link DRAWS} draws, for so many cohorts against one reference. */
export interface MomentLaw extends Record<keyof MomentDistances, readonly number[]> {
  readonly cohorts: number;
}

/** The laws, as they were computed. */
export const momentLaws = (): readonly MomentLaw[] =>
  (JSON.parse(readFileSync(FILE, 'utf8')) as {laws: readonly MomentLaw[]}).laws;

/** The moments of one draw of {@link PATIENTS}. */
export const momentsOf = (seed: number): Estimate[] =>
  cancerMoments(cancerCohort({patients: PATIENTS, gamma: 4, rng: seed}).trajectories);

/** Mean square and largest size of the z-scores of all cohorts, counted as the notebook counts them. */
export function momentDistances(
  cohorts: readonly (readonly Estimate[])[], reference: readonly Estimate[],
): MomentDistances {
  const z = cohorts.flatMap(moments => zScores(moments, reference));
  return {meanSquare: mean(z.map(v => v * v)), largest: Math.max(...z.map(Math.abs))};
}

function main(): void {
  const draws = Array.from({length: DRAWS}, (_, k) => momentsOf(FIRST_SEED + k));
  const laws = COHORTS.map(cohorts => {
    const others = (k: number) => Array.from({length: cohorts}, (_, i) => draws[(k + i + 1) % DRAWS]);
    const all = draws.map((reference, k) => momentDistances(others(k), reference));
    const of = (name: keyof MomentDistances) => all.map(distances => Number(distances[name].toFixed(5)));
    return {cohorts, meanSquare: of('meanSquare'), largest: of('largest')};
  });
  const source = `test/laws/moments.ts: draw k is seed ${FIRST_SEED} + k, ${PATIENTS} patients, gamma 4; `
    + 'entry k compares draw k with as many of the next ones as there are cohorts, the first behind the last';
  writeWhole(FILE, `${JSON.stringify({source, laws}, undefined, 1).replace(/\n {4,}/g, ' ')}\n`);
}

if (require.main === module) main();
