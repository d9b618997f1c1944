import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {dirname, join, resolve} from 'node:path';

const root = resolve(__dirname, '../..');
const cruiser = join(root, 'test/lint/cruise.mjs');

interface Violation {
  readonly from: string;
  readonly rule: {readonly name: string};
}

/** Runs the project's own layer check over a small made-up tree. @returns `rule: file` for each violation */
async function violations(files: Readonly<Record<string, string>>): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'obsnode layers 100% '));
  try {
    for (const [path, text] of Object.entries({
      ...files, 'tsconfig.json': await readFile(join(root, 'tsconfig.json'), 'utf8'),
      'package.json': '{"dependencies": {"vega": "5"}, "devDependencies": {"mocha": "11"}}',
    })) {
      await mkdir(dirname(join(folder, path)), {recursive: true});
      await writeFile(join(folder, path), text);
    }
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
    const args = [cruiser, '--json', 'lib', 'kernels', 'test'];
    const output = await new Promise<string>((done, fail) => execFile(
      process.execPath, args, {cwd: folder, maxBuffer: 2 ** 26},
      (error, stdout) => (stdout ? done(stdout) : fail(error ?? new Error('no output'))),
    ));
    const {summary} = JSON.parse(output) as {summary: {violations: readonly Violation[]}};
    return summary.violations.map(({from, rule}) => `${rule.name}: ${from}`).sort();
  } finally {
    await rm(folder, {recursive: true});
  }
}

const legal = {
  'lib/errors.ts': 'export const problem = 1;\n',
  'lib/math/index.ts': "export {one} from './one';\n",
  'lib/math/one.ts': "import {problem} from '../errors';\nexport const one = problem;\n",
  'lib/models/index.ts': "export {two} from './two';\n",
  'lib/models/two.ts': "import {one} from '../math/one';\nexport const two = one;\n",
  'lib/models/three.ts':
    "import {two} from './two';\nexport type Three = typeof two;\nexport const three = () => two;\n",
  'lib/studies/ward/index.ts': "export {bed} from './bed';\n",
  'lib/studies/ward/bed.ts': "import {two} from '../../models';\nexport const bed = two;\n",
  'lib/notebook/index.ts': "export * from './show';\n",
  'lib/notebook/show.ts': "import {two} from '../models/two';\nexport const show = () => two;\n",
  'lib/index.ts': "export * from './math/index';\nexport * from './models';\nexport {problem} from './errors';\n",
  'kernels/run.ts': "import {show} from '../lib/notebook';\nexport const run = show;\n",
  'test/two.test.ts':
    "import 'mocha';\nimport {two} from '../lib/models/two';\nimport {run} from '../kernels/run';\nvoid [two, run];\n",
};

describe('The layer check', () => {
  it('passes a tree that keeps the order', async () => assert.deepEqual(await violations(legal), []));

  it('fails on every seeded violation, each under its own rule', async () => {
    const found = await violations({
      ...legal,
      'lib/math/up.ts': "import {two} from '../models/two';\nexport const up = two;\n",
      'lib/math/upType.ts': "import type {Three} from '../models/three';\nexport type Up = Three;\n",
      'lib/models/again.ts': "export {show} from '../notebook/show';\n",
      'lib/models/later.ts': "export const later = () => import('../notebook/show');\n",
      'lib/models/door.ts': "import {one} from '../index';\nexport const door = one;\n",
      'lib/models/kernel.ts': "import {run} from '../../kernels/run';\nexport const kernel = run;\n",
      'lib/nn/a.ts': "import {b} from './b';\nexport const a = () => b;\n",
      'lib/nn/b.ts': "import {a} from './a';\nexport const b = () => a;\n",
      'lib/nn/c.ts': "import type {D} from './d';\nexport type C = D[];\n",
      'lib/nn/d.ts': "import type {C} from './c';\nexport type D = {c?: C};\n",
      'lib/data/read/one.ts': "import type {Kept} from '../keep/kept';\nexport type One = Kept;\n",
      'lib/data/read/two.ts': 'export type Two = 2;\n',
      'lib/data/keep/kept.ts': 'export type Kept = 1;\n',
      'lib/data/keep/deep/both.ts': "import type {Two} from '../../read/two';\nexport type Both = Two;\n",
      'lib/studies/clinic/visit.ts': "import {bed} from '../ward/bed';\nexport const visit = bed;\n",
      'lib/studies/clinic/door.ts': "import type {bed} from '../ward';\nexport type Bed = typeof bed;\n",
      'lib/models/study.ts': "import {bed} from '../studies/ward';\nexport const study = bed;\n",
      'lib/nn/lost.ts': "import {x} from './nowhere';\nexport const lost = x;\n",
      'lib/nn/dev.ts': "import mocha from 'mocha';\nexport const dev = mocha;\n",
      'lib/extra/new.ts': "import {one} from '../math/one';\nexport const extra = one;\n",
      'lib/errors.ts': "import {one} from './math/one';\nexport const problem = one;\n",
      'lib/index.ts': "export * from './math/index';\nexport {two} from './models/two';\n",
      'kernels/deep.ts': "import {two} from '../lib/models/two';\nexport const deep = two;\n",
    });
    for (const expected of [
      'layer-math: lib/math/up.ts', 'layer-math: lib/math/upType.ts', 'layer-models: lib/models/again.ts',
      'layer-models: lib/models/later.ts',
      'door-is-for-outside: lib/models/door.ts', 'lib-stands-alone: lib/models/kernel.ts', 'no-cycles: lib/nn/a.ts',
      'no-cycles: lib/nn/c.ts', 'no-folder-circles: lib/data/read',
      'studies-stand-apart: lib/studies/clinic/visit.ts',
      'studies-stand-apart: lib/studies/clinic/door.ts', 'layer-models: lib/models/study.ts',
      'no-unresolvable: lib/nn/lost.ts',
      'no-dev-packages: lib/nn/dev.ts', 'unknown-layer: lib/extra/new.ts', 'errors-stand-alone: lib/errors.ts',
      'index-is-a-door: lib/index.ts', 'kernels-see-notebook-only: kernels/deep.ts',
    ]) assert.ok(found.includes(expected), `missing ${expected} in\n${found.join('\n')}`);
  });

  it('knows every folder of lib/, so that none is free of the order', async () => {
    const {forbidden} =
      require('../../.dependency-cruiser.cjs') as {forbidden: readonly {name: string; from: {path: string}}[]};
    const unknown = new RegExp(forbidden.find(rule => rule.name === 'unknown-layer')!.from.path);
    const folders = (await readdir(join(root, 'lib'), {withFileTypes: true})).filter(entry =>
      entry.isDirectory()).map(entry => entry.name);
    assert.deepEqual(folders.filter(name => unknown.test(`lib/${name}/x.ts`)), []);
  });
});
