/**
 * A talk with Optuna in two batches, as text. `OBSNODE_OPTUNA=PYTHON npx tsx test/experiments/search/exchange.ts`
 * records it anew in optuna.json, which optunaStub.cjs plays where no Optuna is installed.
 */
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {search} from '../../../lib/experiments';

export const RECORD = join(__dirname, 'optuna.json');

/** Lines that Optuna added to the journal for one batch, without what differs each time. */
export type Batch = readonly Readonly<Record<string, unknown>>[];

const space: search.Space = {
  rate: search.float(1e-4, 1e-1, {log: true}), kind: search.choice('plain', 'deep'),
  layers: {...search.int(2, 5), when: {kind: 'deep'}},
};

/** Asks for two batches of four and tells all of them: what they came to, and what Optuna wrote. */
export async function exchange(python: string, folder: string) {
  const path = join(folder, 'journal.log'), sampler = search.tpeSampler({python, seed: 3, startup: 4});
  const study = await search.openStudy(path, {name: 'asked', space, sampler}), batches: Batch[] = [];
  const told: number[] = [];
  for (let batch = 0; batch < 2; batch++) {
    const before = lines(path).length, trials = await study.ask(4);
    batches.push(lines(path).slice(before).map(line => JSON.parse(line, withoutTimes) as Batch[0]));
    for (const trial of trials) {
      told.push(Math.abs(Math.log10(trial.params.rate as number) + 2) + (trial.params.kind === 'deep' ? 0 : 1));
      await study.tell(trial, {value: told.at(-1)!});
    }
  }
  return {study, told, batches};
}

const lines = (path: string) => readFileSync(path, 'utf8').split('\n').filter(Boolean);

const withoutTimes = (key: string, value: unknown) =>
  (key === 'worker_id' ? 'optuna' : key.startsWith('datetime') && value !== null ? '2026-01-01T00:00:00' : value);

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'exchange-'));
  const {batches} = await exchange(process.env.OBSNODE_OPTUNA!, folder);
  const texts = batches.map(batch => `  [\n${batch.map(line => `    ${JSON.stringify(line)}`).join(',\n')}\n  ]`);
  writeFileSync(RECORD, `[\n${texts.join(',\n')}\n]\n`);
  rmSync(folder, {recursive: true});
}

if (require.main === module) void main();
