import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {basename, dirname, join, resolve} from 'node:path';
import {promisify} from 'node:util';
import ts from 'typescript';
import {projectOptions} from '../kernels/checker/options';
import {moduleOf, promised} from './docs/examples';
import {withPicture} from './docs/layerPicture';
import {notebookProblems, type NotebookFile} from './lint/notebookRules';

const root = resolve(__dirname, '..'), execute = promisify(execFile);
const text = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');

/** What the document says is to be done with a file. */
interface Step {
  readonly how: 'New file' | 'Add to';
  readonly path: string;
  readonly body: string;
}

/** An addition as the document shows it. */
interface Addition {
  /** What is added, e.g. `solver`. */
  readonly what: string;
  readonly steps: readonly Step[];
  /** Code that uses what was added, and says what it prints. */
  readonly example?: string;
}

const additions: readonly Addition[] = text.split(/^## /m).flatMap(section => {
  const what = /^Where do I add an? (.*)\?/.exec(section)?.[1];
  const steps = [...section.matchAll(/^(New file|Add to) `([^`]+)`:\n\n```\w*\n([^]*?)```$/gm)];
  return what ? [{
    what, steps: steps.map(([, how, path, body]) => ({how: how as Step['how'], path, body})),
    example: /^Try it:\n\n```ts\n([^]*?)```$/m.exec(section)?.[1],
  }] : [];
});

/** Copies what is ours of the project; packages are linked. */
async function copyTo(folder: string): Promise<void> {
  const others = new Set(['node_modules', 'out', '.cache', '.git', 'coverage', '.venv']);
  const mine = (await readdir(root)).filter(name => !others.has(name));
  const filter = (path: string) => path !== join(root, 'data', 'cache') && basename(path) !== '.venv';
  await Promise.all(mine.map(name => cp(join(root, name), join(folder, name), {recursive: true, filter})));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
}

/** Does what a step says: a new file, an entry more in a JSON file, or lines at the end of a file. */
async function perform({how, path, body}: Step, folder: string): Promise<void> {
  const place = join(folder, path);
  if (how === 'New file') {
    await mkdir(dirname(place), {recursive: true});
    return writeFile(place, body, {flag: 'wx'});
  }
  const before = await readFile(place, 'utf8');
  const merged = () => `${JSON.stringify({...JSON.parse(before), ...JSON.parse(body)}, null, 2)}\n`;
  return writeFile(place, path.endsWith('.json') ? merged() : before + body);
}

describe('ARCHITECTURE.md', function () {
  this.timeout(600_000);
  let folder: string;
  const example = (what: string) => join(folder, `try${what.replace(/\W/g, '')}.ts`);
  const tried = additions.filter(addition => addition.example);
  const node = async (...args: string[]) => {
    const env = {...process.env, OBSNODE_OUT: join(folder, 'out')};
    const {stdout} = await execute(process.execPath, args, {cwd: folder, maxBuffer: 2 ** 26, env});
    return stdout;
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'obsnode additions '));
    await copyTo(folder);
    for (const {steps} of additions) for (const step of steps) await perform(step, folder);
    for (const {what, example: code} of tried) await writeFile(example(what), moduleOf({code: code!}, './lib'));
  });
  after(() => rm(folder, {recursive: true}));

  it('draws the layers in the order that is checked; `npx tsx test/docs/layerPicture.ts` draws them anew', () => {
    assert.equal(withPicture(text), text);
  });

  it('says how to add what is added most', () => {
    const expected = ['solver', 'model', 'simulator', 'data set', 'figure', 'notebook'];
    assert.deepEqual(additions.map(({what}) => what), expected);
    for (const {what, steps} of additions) assert.ok(steps.length > 0, what);
  });

  it('shows additions of at most 45 lines, none of them over 120 characters', () => {
    for (const {what, steps} of additions) {
      const lines = steps.flatMap(({body}) => body.split('\n'));
      assert.ok(lines.length <= 45, `${what}: ${lines.length}`);
      assert.deepEqual(lines.filter(line => line.length > 120), []);
    }
  });

  it('shows additions that pass the type check', () => {
    const added = additions.flatMap(({steps}) => steps.map(({path}) => join(folder, path)));
    const code = added.filter(path => path.endsWith('.ts')), examples = tried.map(({what}) => example(what));
    const files = [...new Set([...code, ...examples])];
    const options = {...projectOptions(folder), noUnusedLocals: true, noUnusedParameters: true};
    const program = ts.createProgram(files, options);
    const found = files.flatMap(path => [...program.getSyntacticDiagnostics(program.getSourceFile(path)),
      ...program.getSemanticDiagnostics(program.getSourceFile(path))]);
    const textOf = ({file, messageText}: ts.Diagnostic) =>
      `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    assert.deepEqual(found.map(textOf), []);
  });

  it('shows additions that keep the layers', async () => {
    assert.match(await node('test/lint/cruise.mjs', 'lib', 'notebooks'), /no dependency violations found/);
  });

  it('shows code that prints what it promises', async () => {
    const runner = join(folder, 'tryAll.ts');
    await writeFile(runner, `import {printed} from './test/docs/examples';
      async function all() {
        const paths = ${JSON.stringify(tried.map(({what}) => example(what)))};
        for (const path of paths) console.log(JSON.stringify(await printed(path)));
      }
      void all();`);
    const output = (await node('--import', 'tsx', runner)).trim();
    const printed = output.split('\n').map(line => JSON.parse(line) as string[]);
    tried.forEach(({what, example: code}, i) => {
      const promises = promised(code!);
      assert.ok(promises.length > 0, what);
      assert.deepEqual(printed[i], promises, what);
    });
  });

  it('shows a solver that the tests of order take by themselves', async () => {
    const mocha = ['node_modules/mocha/bin/mocha.js', '--no-config', '--import=tsx', '--timeout', '120000'];
    assert.match(await node(...mocha, '--grep', 'ralston', 'test/ode/order.test.ts'), /\b5 passing/);
  });

  it('shows a notebook that keeps the rules and runs', async () => {
    const {path, body} = additions.find(({what}) => what === 'notebook')!.steps[0];
    assert.deepEqual(notebookProblems(basename(path), JSON.parse(body) as NotebookFile), []);
    const run = ['--require', 'tsx/cjs', 'kernels/runner/cli.ts', basename(path), '--out', 'out'];
    assert.match(await node(...run), /1 passed, 0 failed/);
  });
});
