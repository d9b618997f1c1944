/**
 * The search behind notebook 12: `npx tsx test/laws/cancerSearch.ts` computes `data/searches/cancer.json` again, with
 * equal budgets of processor time for every learned method, on patients that no table uses. It may be stopped and goes
 * on: its journal is `.cache/searches/cancer.log`, which Optuna reads.
 */
import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {search} from '../../lib/experiments';
import {codeVersion} from '../../lib/experiments/codeVersion';
import {writeWhole} from '../../lib/files';
import {fold, rng} from '../../lib/math';
import {cancerDraw, cancerForecasters, cancerMethods, cancerSearchSpace} from '../../lib/studies/cancer';

const ROOT = join(__dirname, '..', '..');
export const FILE = join(ROOT, 'data', 'searches', 'cancer.json');

/** A seed of its own: no table or notebook draws patients from it. */
export const DRAW = {seed: 80_001, gamma: 4, patients: 300, tested: 20};
export const EPOCHS = 9;
/** Processor seconds for each method; what was begun before they ran out is finished. */
export const SECONDS = Number(process.env.SEARCH_SECONDS ?? 30);
/** Trials of a method, at most. */
export const MOST = 60;

/** One method's search, as plain data. */
async function searched(method: string): Promise<object> {
  const {train, validation} = cancerDraw(DRAW), space = cancerSearchSpace(method);
  const folder = join(ROOT, '.cache', 'searches');
  mkdirSync(folder, {recursive: true});
  const study = await search.openStudy(join(folder, 'cancer.log'), {
    name: method, space, sampler: search.sobolSampler(fold(rng(DRAW.seed), method)),
    pruner: search.halving({first: 3, factor: 3}),
  });
  const objective = search.trainingObjective(({rate, batch, ...sizes}) => {
    const training = {batch: batch as number};
    return cancerForecasters({models: [method], epochs: EPOCHS, rate: rate as number, sizes, training})[0].forecaster;
  }, {train, validation, rng: fold(rng(DRAW.seed), 'fit')});
  await search.optimise(study, objective, {trials: MOST, seconds: SECONDS});
  const trials = withinBudget(study.trials().filter(t => t.attributes.seconds !== undefined)).map(t => ({
    state: t.state, value: t.value, seconds: Number((t.attributes.seconds as number).toFixed(2)), params: t.params,
    reported: [...t.reported.values()].map(v => Number(v.toPrecision(5))),
    ...(t.attributes.error === undefined ? {} : {error: t.attributes.error}),
  }));
  return {method, space, trials};
}

/** Trials that began before the budget was used up: a journal may go on where a budget was larger. */
function withinBudget(trials: readonly search.StudyTrial[]): readonly search.StudyTrial[] {
  let spent = 0;
  return trials.filter(({attributes}) => {
    const begins = spent;
    spent += attributes.seconds as number;
    return begins < SECONDS;
  });
}

async function main(): Promise<void> {
  const studies: object[] = [], code = await codeVersion();
  for (const {name} of cancerMethods('cancerSearch')) {
    studies.push(await searched(name));
    console.log(name, (studies.at(-1) as {trials: unknown[]}).trials.length);
  }
  const made = {
    by: 'npx tsx test/laws/cancerSearch.ts', code, draw: DRAW, epochs: EPOCHS, seconds: SECONDS,
    sampler: 'Sobol', pruner: {first: 3, factor: 3}, journal: 'Optuna journal file, one study a method',
  };
  const lines = studies.map(one => `    ${JSON.stringify(one)}`).join(',\n');
  writeWhole(FILE, `{\n  "made": ${JSON.stringify(made)},\n  "studies": [\n${lines}\n  ]\n}\n`);
}

if (require.main === module) void main();
