import {deepStrictEqual, match, ok, strictEqual, throws} from 'node:assert';
import {spawn} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {readArguments} from '../../kernels/runner/arguments';
import {makeFolder} from '../../kernels/runner/folders';
import {joined, readNotebook} from '../../kernels/nbformat/notebook';
import {describeParameters} from '../../kernels/runner/parameterHelp';
import {after} from '../../kernels/runner/timer';

const ROOT = resolve(__dirname, '../..');
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** What users of other notebook runners have stumbled over. */
describe('notebook runner, cases from outside', function () {
  this.timeout(120_000);
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'obsnode-outside-'));
  });
  afterEach(() => rmSync(folder, {recursive: true}));

  const save = (name: string, cells: readonly string[], tags: readonly string[] = []): string => {
    const path = join(folder, `${name}.ipynb`);
    const list = cells.map((source, index) => ({
      cell_type: 'code', id: `c${index}`, metadata: index === 0 ? {tags} : {}, source, outputs: [],
      execution_count: null,
    }));
    writeFileSync(path, JSON.stringify({nbformat: 4, nbformat_minor: 5, metadata: {}, cells: list}));
    return path;
  };
  const start = (
    args: readonly string[],
  ): {child: ReturnType<typeof spawn>; ended: Promise<{code: number | null; text: string}>} => {
    const child = spawn(process.execPath, ['--require', 'tsx/cjs', 'kernels/runner/cli.ts', ...args], {
      cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk));
    return {child, ended: new Promise((done) => child.on('close', (code) => done({code, text})))};
  };
  const out = (): string => join(folder, 'out');
  const run = (path: string, ...args: string[]): Promise<{code: number | null; text: string}> =>
    start([path, '--out', out(), '--no-check', ...args]).ended;
  const streams = (path: string, cell: number): string =>
    (readNotebook(path).cells[cell].outputs ?? []).map((output) =>
      (output.output_type === 'stream' ? joined(output.text) : '')).join('');
  const refused = (...args: string[]): string => {
    try {
      readArguments(args, ROOT);
    } catch (error) {
      return (error as Error).message;
    }
    return 'accepted';
  };

  it('takes a time limit of any length, infinity included', async () => {
    strictEqual(readArguments(['--timeout', 'Infinity'], ROOT)?.timeout, Infinity);
    const path = save('limits', ['1 + 1']);
    for (const limit of ['Infinity', '3000000']) {
      const {code, text} = await run(path, '--timeout', limit);
      strictEqual(code, 0, text);
    }
  });

  it('waits beyond the longest time of setTimeout, and can be called off', async () => {
    let fired = 0;
    const cancels = [Infinity, 3e9, 2 ** 31].map((ms) => after(ms, () => fired++));
    after(5, () => fired++);
    after(5, () => fired++)();
    await pause(60);
    for (const cancel of cancels) cancel();
    strictEqual(fired, 1);
  });

  it('puts what child processes and native writes print into the notebook, with their cell', async () => {
    const cells = [
      "import {execSync} from 'node:child_process';\nexecSync('echo from a child', {stdio: 'inherit'});",
      "execSync('echo apart >&2; printf é', {stdio: 'inherit'});",
    ];
    const {code, text} = await run(save('children', cells));
    strictEqual(code, 0, text);
    strictEqual(streams(join(out(), 'notebooks/children.ipynb'), 0), 'from a child\n');
    match(streams(join(out(), 'notebooks/children.ipynb'), 1), /^(apart\né|éapart\n)$/);
    ok(!text.includes('from a child'));
  });

  it('has written every cell that is done when it is killed in mid-run', async () => {
    const marker = join(folder, 'second');
    const path = save('killed', [
      'console.log("first is done")',
      `require('node:fs').writeFileSync(${JSON.stringify(marker)}, ''); await new Promise(() => undefined);`,
    ]);
    const {child, ended} = start([path, '--out', out(), '--no-check']);
    while (!existsSync(marker)) await pause(20);
    child.kill('SIGKILL');
    await ended;
    const {cells} = readNotebook(join(out(), 'notebooks/killed.ipynb'));
    deepStrictEqual(cells.map(({execution_count: count}) => count), [1, null]);
    strictEqual(streams(join(out(), 'notebooks/killed.ipynb'), 0), 'first is done\n');
  });

  it('refuses options that are given twice, out of range or left over', () => {
    strictEqual(refused('--out', 'a', '--out', 'b'), '--out can be given once; received a, b');
    strictEqual(refused('--timeout', '5', '--timeout', '6'), '--timeout can be given once; received 5, 6');
    strictEqual(refused('--set', 'a=1', '--set', 'a=2'), '--set a can be given once; received a=1, a=2');
    for (const args of [['--out', ''], ['--out='], ['']]) strictEqual(refused(...args), 'an argument is empty');
    strictEqual(refused('--jobs', 'Infinity'), '--jobs must be a whole number of at least 1; received Infinity');
    strictEqual(refused('--jobs', '1.5'), '--jobs must be a whole number of at least 1; received 1.5');
    strictEqual(refused('--timeout', 'soon'), '--timeout must be a positive number; received soon');
    strictEqual(refused('05', '06'), 'one pattern is taken; received 05, 06');
    strictEqual(refused('--set', 'a=1', '--set', 'b=2'), 'accepted');
  });

  it('refuses a folder that cannot be made or written to, at once', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    for (const path of ['/proc/1/x', '/proc/x/y', join(file, 'below'), '/dev/null/x'])
      throws(() => makeFolder(path), /nothing can be written to .* \(\w+\)/, path);
    const {code, text} = await start([save('nowhere', ['1']), '--out', '/proc/1/x', '--no-check']).ended;
    deepStrictEqual([code, text.trim()], [
      2, '--out: nothing can be written to /proc/1/x/notebooks (ENOENT). See --help.',
    ]);
  });

  it('refuses to write a run over the notebook itself unless in place', async () => {
    const path = save('same', ['1']);
    rmSync(join(folder, 'notebooks'), {recursive: true, force: true});
    makeFolder(join(folder, 'notebooks'));
    const inside = join(folder, 'notebooks', 'same.ipynb');
    writeFileSync(inside, readFileSync(path));
    const {code, text} = await start([inside, '--out', folder, '--no-check']).ended;
    strictEqual(code, 2);
    match(text, /would write over .*same\.ipynb itself/);
    deepStrictEqual(readFileSync(inside), readFileSync(path));
  });

  const PARAMETERS = `import {parameters} from ${JSON.stringify(join(ROOT, 'lib/notebook'))};
const P = parameters({
  quick: {epochs: 5, gamma: 2, models: ['all']}, full: {epochs: 9, gamma: 4, models: ['all']},
}, {epochs: {min: 1}, gamma: {whole: false}});
P.epochs`;

  it('refuses a parameter outside its range with the range', async () => {
    const path = save('ranged', [PARAMETERS], ['parameters']);
    for (const value of ['Infinity', '-1', '0', '2.5']) {
      const {code, text} = await run(path, '--set', `epochs=${value}`);
      strictEqual(code, 1);
      match(text, /`epochs` must be a whole number of at least 1; received /);
    }
    strictEqual((await run(path, '--set', 'epochs=7', '--set', 'gamma=0.5')).code, 0);
  });

  it('lists the parameters of a notebook with their values and ranges, without running it', async () => {
    const path = save('listed', [PARAMETERS], ['parameters']);
    const {code, text} = await start([path, '--help']).ended;
    strictEqual(code, 0);
    match(
      text,
      /Parameters of listed\.ipynb:\n {2}name {4}quick {2}full {2}may be\n {2}epochs {2}5 {6}9 {5}a whole number of at least 1\n {2}gamma {3}2 {6}4 {5}a finite number of at least 0/,
    );
    match(text, /models {2}all {4}all {3}a text/);
    match(describeParameters(readNotebook(save('none', ['1']))), /none, or they are computed/);
    const computed = save('computed', [
      "parameters({quick: {a: 1, b: 'x'}, full: {a: 1, b: 'x'}}, {a: {min: 1}, b: {oneOf: names}})",
    ], ['parameters']);
    match(describeParameters(readNotebook(computed)), /a +1 +1 +a whole number of at least 1\n +b +x +x +see the cell/);
  });
});
