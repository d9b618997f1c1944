import {deepStrictEqual, match, ok, strictEqual} from 'node:assert';
import {spawn} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, existsSync, cpSync, readdirSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {readArguments} from '../../kernels/runner/arguments';
import {findNotebooks} from '../../kernels/runner/find';
import {joined, readNotebook, serialise} from '../../kernels/nbformat/notebook';

const ROOT = resolve(__dirname, '../..');
const FIXTURES = join(__dirname, 'fixtures');

interface Finished {
  readonly code: number | null;
  readonly text: string;
}

interface Started {
  readonly finished: Promise<Finished>;
  interrupt(): void;
}

function start(args: readonly string[], env: Record<string, string> = {}): Started {
  const argv = ['--require', 'tsx/cjs', 'kernels/runner/cli.ts', ...args];
  const child = spawn(process.execPath, argv, {
    cwd: ROOT, env: {...process.env, ...env}, stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk));
  const finished = new Promise<Finished>((done) => child.on('close', (code) => done({code, text})));
  return {finished, interrupt: () => void child.kill('SIGINT')};
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('an error was expected');
}

describe('notebook runner', function () {
  this.timeout(120_000);
  let out: string;

  beforeEach(() => {
    out = mkdtempSync(join(tmpdir(), 'obsnode-runner-'));
  });
  afterEach(() => rmSync(out, {recursive: true}));

  const fixture = (name: string): string => join(FIXTURES, `${name}.ipynb`);
  const run = (name: string, ...args: string[]): Promise<Finished> =>
    start([fixture(name), '--out', out, '--no-check', ...args]).finished;
  const executed = (name: string): ReturnType<typeof readNotebook> =>
    readNotebook(join(out, 'notebooks', `${name}.ipynb`));
  const plain = (name: string, cell: number): string =>
    (executed(name).cells[cell].outputs ?? [])
      .map((output) => ('data' in output
        ? joined(output.data['text/plain'] as string)
        : 'text' in output ? joined(output.text) : output.evalue))
      .join('|');

  it('runs a notebook, records counts, streams, results, rich and updated displays, and gives equal '
      + 'bytes again', async () => {
    const {code, text} = await run('success');
    strictEqual(code, 0, text);
    match(text, /notebooks \(quick\): 1 passed, 0 failed/);
    const notebook = executed('success');
    deepStrictEqual(notebook.cells.map(({execution_count}) => execution_count), [undefined, 1, 2, 3, 4, 5, 6]);
    strictEqual(plain('success', 3), 'sum 1\n|a note\n');
    strictEqual(plain('success', 4), '{ epochs: 2 }|steps: 3/3');
    strictEqual(plain('success', 6), 'bold|43');
    ok(existsSync(join(out, 'index.html')) && existsSync(join(out, 'notebooks/success.html')));
    const first = readFileSync(join(out, 'notebooks/success.ipynb'), 'utf8');
    await run('success');
    strictEqual(readFileSync(join(out, 'notebooks/success.ipynb'), 'utf8'), first);
    strictEqual(serialise(executed('success')), first);
  });

  it('overrides parameters by the type they have, and records it', async () => {
    const {code, text} = await run(
      'success', '--set', 'epochs=4', '--set', 'flag=true', '--set', 'horizons=5,6', '--profile', 'full',
    );
    strictEqual(code, 0, text);
    strictEqual(plain('success', 2), "{ epochs: 4, name: 'b', flag: true, horizons: [ 5, 6 ] }");
    deepStrictEqual(executed('success').metadata.obsnode, {
      overrides: {epochs: '4', flag: 'true', horizons: '5,6'}, profile: 'full',
    });
  });

  it('refuses unknown keys and wrong types of overrides', async () => {
    const unknown = await run('success', '--set', 'epoch=4');
    strictEqual(unknown.code, 1);
    match(unknown.text, /one of the known parameters \(epochs, name, flag, horizons\); received "epoch"/);
    match((await run('error', '--set', 'a=1')).text, /no cell is tagged "parameters"/);
  });

  it('refuses a command line it does not understand and names what there is', async () => {
    const {code, text} = await run('success', '--profile', 'fast');
    deepStrictEqual([code, text.trim()], [2, 'unknown profile fast; the profiles are quick and full. See --help.']);
    const refused = (...args: string[]): RegExp => new RegExp(messageOf(() => readArguments(args, ROOT)));
    match('--set takes key=value, e.g. --set epochs=200; received epochs', refused('--set', 'epochs'));
    match('--timeout must be a positive number; received 0', refused('--timeout', '0'));
    match('Unknown option `--frobnicate`', refused('--frobnicate'));
    match(
      messageOf(() => findNotebooks(ROOT, 'no-such-notebook')), /^no notebook matches no-such-notebook; there are: /,
    );
  });

  it('stops at the first failing cell and prints file, cell, source and error', async () => {
    const {code, text} = await run('error');
    strictEqual(code, 1);
    match(text, /error\.ipynb, cell 2 \[2\]: RangeError/);
    match(text, /> {3}2 \| {3}if \(list\.length > 2\) throw/);
    match(text, /RangeError: too long: 3\n {4}at third \(cell-2\.ts:2:\d+\)/);
    const cells = executed('error').cells;
    deepStrictEqual(cells.map(({execution_count}) => execution_count), [1, 2, null]);
    strictEqual(plain('error', 1), 'before\n|too long: 3');
  });

  it('stops an endless loop after an await at the time limit', async () => {
    const {code, text} = await run('endless', '--timeout', '3');
    strictEqual(code, 1);
    match(text, /endless\.ipynb, cell 2 \[2\]: CellTimeout/);
    match(text, /> {3}2 \| for \(;;\);/);
    match(text, /stopped at cell-2\.ts:2:\d+; raise the limit[\s\S]*\n {4}at .*cell-2\.ts:2:\d+/);
    strictEqual(plain('endless', 0), 'started\n');
  });

  it('refuses a notebook with type errors and marks their places', async () => {
    const {code, text} = await start([fixture('illtyped'), '--out', out]).finished;
    strictEqual(code, 1);
    match(
      text,
      /illtyped\.ipynb, cell 2: a type error\n2:7 - error TS2322: Type 'number' is not assignable to type 'string'\./,
    );
    match(text, /cell 3: a type error\n1:1 - error TS2632: Cannot assign to 'a' because it is a constant/);
  });

  it('leaves a valid file and no process when interrupted', async () => {
    const started = start([fixture('endless'), '--out', out, '--no-check']);
    while (!existsSync(join(out, 'started'))) await pause(50);
    await pause(500);
    started.interrupt();
    const {code, text} = await started.finished;
    strictEqual(code, 130, text);
    strictEqual(plain('endless', 0), 'started\n');
    strictEqual(plain('endless', 1), 'stopped by the user');
    deepStrictEqual(readdirSync(join(out, 'notebooks')).filter((name) => !/\.(ipynb|html)$/.test(name)), []);
  });

  it('in place replaces a notebook only by a complete run', async () => {
    for (const name of ['success', 'error']) cpSync(fixture(name), join(FIXTURES, `copy-of-${name}.ipynb`));
    try {
      await run('copy-of-success', '--in-place');
      await run('copy-of-error', '--in-place');
      strictEqual(readNotebook(fixture('copy-of-success')).cells[6].execution_count, 6);
      deepStrictEqual(readNotebook(fixture('copy-of-error')), readNotebook(fixture('error')));
    } finally {
      for (const name of ['success', 'error']) rmSync(fixture(`copy-of-${name}`));
    }
  });

  it('refuses files that are no notebooks', async () => {
    const path = join(out, 'broken.ipynb');
    const {writeFileSync} = await import('node:fs');
    writeFileSync(path, '{"cells": [');
    const {code, text} = await start([path, '--out', out, '--no-check']).finished;
    strictEqual(code, 1);
    match(text, /broken\.ipynb cannot be read as JSON/);
  });
});
