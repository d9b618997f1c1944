/**
 * How far the numbers of notebook 07's released models move from one draw of patients to the next:
 * `npx tsx test/laws/standIns.ts` computes `data/laws/stand-ins.json` again, in about five minutes. Where the published
 * patients are missing, the notebook compares patients of the simulator with published numbers, and takes what chance
 * alone can do from there.
 */
import {join} from 'node:path';
import {takeUnits, type Trajectories} from '../../lib/data';
import {evaluate, protocol, trainingSd, type Scaling} from '../../lib/evaluation';
import {publishedHeatmap} from '../../lib/studies/cancer';
import {writeWhole} from '../../lib/files';
import {mean, rng, split} from '../../lib/math';
import {persistence, type Forecaster} from '../../lib/models';
import {publishedWeights, releasedObsNode} from '../../lib/studies/cancer';
import {cancerCohort} from '../../lib/studies/cancer';
import {untrained} from '../../lib/training';

export const FILE = join(__dirname, '..', '..', 'data', 'laws', 'stand-ins.json');

/** Seeds of their own: no notebook draws patients from these. */
export const FIRST_SEED = 70_001;
export const DRAWS = 200;
/** Patients of the published test cohort and in the notebook's profiles. */
export const PUBLISHED = 1000;
export const SIZES = [250, 1000] as const;

/** What the notebook computes from one draw of patients. */
export interface Numbers {
  /** Error of the released ObsNODE at s = 1 ... 6, mean over its five sets of weights [training sd]. */
  readonly released: readonly number[];
  readonly persistence: readonly number[];
  /** Root mean square of Y_{t+1} - Y_t for t = 1 ... 11 [training sd]. */
  readonly changes: readonly number[];
}

/** The numbers of one draw, by how many patients are tested; fewer are the first ones of more. */
export async function numbersOf(seed: number): Promise<ReadonlyMap<number, Numbers>> {
  const [train, validation, test] = split(rng(seed), 3).map(source =>
    cancerCohort({patients: PUBLISHED, gamma: 4, rng: source}).trajectories);
  const models = [1, 2, 3, 4, 5].map(k => untrained(releasedObsNode(), {weights: publishedWeights(k)}));
  const scaling = trainingSd(train, {steps: 16}), numbers = new Map<number, Numbers>();
  for (const size of SIZES) {
    const tested = takeUnits(test, Array.from({length: size}, (_, i) => i));
    const errors = (model: Forecaster) => rowOf(model, {train, validation, tested, scaling});
    const rows: number[][] = [];
    for (const model of models) rows.push(await errors(model));
    numbers.set(size, {
      released: rows[0].map((_, s) => mean(rows.map(row => row[s]))),
      persistence: await errors(persistence),
      changes: changesOf(tested, trainingSd(train).divisors[0]!),
    });
  }
  return numbers;
}

interface Patients {
  readonly train: Trajectories;
  readonly validation: Trajectories;
  readonly tested: Trajectories;
  readonly scaling: Scaling;
}

async function rowOf(model: Forecaster, {train, validation, tested, scaling}: Patients): Promise<number[]> {
  const fitted = await model.fit(train, validation, {rng: rng(0)});
  const {cells} = await evaluate(fitted, tested, protocol({name: 'Table 1 row', decisions: [8], horizon: 6, scaling}));
  return cells.filter(cell => cell.outcome === 'tumour volume').map(cell => cell.rmse);
}

function changesOf({outcomes: {shape: [n, times], data}, observed}: Trajectories, sd: number): number[] {
  const at = (i: number, t: number) => (i * times + t) * 2, units = Array.from({length: n}, (_, i) => i);
  return Array.from({length: 11}, (_, k) => {
    const seen = units.filter(i => observed.data[at(i, k + 2)] === 1);
    return Math.sqrt(mean(seen.map(i => (data[at(i, k + 2)] - data[at(i, k + 1)]) ** 2))) / sd;
  });
}

/** Distances between two draws, counted as the notebook counts them between the published numbers and its own. */
export interface Distances {
  /** Largest distance between the two rows of the released ObsNODE [training sd]. */
  readonly row: number;
  /** Largest distance between the changes from time to time, in the published sd over seeds. */
  readonly change: number;
  /** By how much persistence is better than the released ObsNODE in the second draw, least over s > 1 [training sd]. */
  readonly lead: number;
}

export function distances(published: Numbers, other: Numbers): Distances {
  const largest = (a: readonly number[], b: readonly number[], unit = (_k: number) => 1) =>
    Math.max(...a.map((v, k) => Math.abs(v - b[k]) / unit(k)));
  const {sd} = publishedHeatmap('IGC-Net', 'tumour volume');
  return {
    row: largest(published.released, other.released),
    change: largest(published.changes, other.changes, k => sd[k][k + 1]!),
    lead: Math.min(...other.released.slice(1).map((v, k) => v - other.persistence[k + 1])),
  };
}

async function main(): Promise<void> {
  const draws: ReadonlyMap<number, Numbers>[] = [];
  for (let k = 0; k < DRAWS; k++) draws.push(await numbersOf(FIRST_SEED + k));
  const laws = SIZES.map(tested => {
    // The first of each pair is a published cohort that might have been, the second one of the simulator's.
    const pairs = draws.map((draw, k) => distances(draw.get(PUBLISHED)!, draws[(k + 1) % DRAWS].get(tested)!));
    const of = (name: keyof Distances) => pairs.map(pair => Number(pair[name].toFixed(5)));
    return {tested, row: of('row'), change: of('change'), lead: of('lead')};
  });
  const source =
    `test/laws/standIns.ts: draw k is seed ${FIRST_SEED} + k, ${PUBLISHED} patients to train and to test, gamma 4; entry k compares draws k and k + 1, the last with the first`;
  writeWhole(FILE, `${JSON.stringify({source, laws}, (_key, value: unknown) => value, 1).replace(/\n {4,}/g, ' ')}\n`);
}

if (require.main === module) void main();
