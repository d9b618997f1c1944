import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {pathToFileURL} from 'node:url';

const root = resolve(__dirname, '../..');
const {DOCS} = require('../../kernels/tasks/steps.cjs') as {DOCS: readonly string[]};

const WHO = '-c user.name=reader -c user.email=reader@example.org';

/**
 * Makes pages of one made-up door as `npm run docs` does.
 * @returns the exit code, what was complained of and the page of the variable `speed`
 */
function pagesOf(door: string, {git = false} = {}) {
  const folder = mkdtempSync(join(tmpdir(), "obsnode a reader's 100% pages "));
  try {
    writeFileSync(join(folder, 'index.ts'), door);
    if (git) ['init -q', 'add index.ts', `${WHO} commit -q -m door`].forEach(args =>
      assert.equal(spawnSync('git', args.split(' '), {cwd: folder}).status, 0, args));
    const config = {extends: join(root, 'tsconfig.json'), include: ['index.ts']};
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    const ours = JSON.stringify(pathToFileURL(join(root, 'test/docs/typedoc.mjs')).href);
    const places = "entryPoints: ['index.ts'], tsconfig: 'tsconfig.json', out: 'api', basePath: '.'";
    writeFileSync(join(folder, 'typedoc.mjs'), `import ours from ${ours};\nexport default {...ours, ${places}};\n`);
    const args = DOCS.map(arg => (arg.endsWith('.mjs') ? join(folder, 'typedoc.mjs') : arg));
    const env = {...process.env, NO_COLOR: '1'};
    const {status, stdout, stderr} = spawnSync(process.execPath, args, {cwd: root, encoding: 'utf8', env});
    const lines = (stdout + stderr).split('\n').filter(line => /warning|error/.test(line));
    const [pages, page] = ['index.html', 'variables/speed.html'].map(name => join(folder, 'api', name));
    const speed = existsSync(page) ? readFileSync(page, 'utf8') : '';
    return {code: status, complaints: lines, pages: existsSync(pages), speed};
  } finally {
    rmSync(folder, {recursive: true});
  }
}

const HEAD = '/** A door. @module */\n';

describe('The pages of the library', function () {
  this.timeout(120_000);

  it('are made of a door that is described, with the tags of the project', () => {
    const door = [
      HEAD, '/** Speed. @unit m/s @paper section 2 @reference Somebody 1999, A book. */', 'export const speed = 1;',
      '/** What is asked; see {@link speed}. */', 'export interface Question {',
      '  /** Answers. */', '  ask(): number;', '}',
    ].join('\n');
    const {speed, ...made} = pagesOf(door);
    assert.deepEqual(made, {code: 0, complaints: [], pages: true});
    assert.match(speed, /m\/s/);
  });

  it('are made of a checkout that was taken from nowhere, and name file and line without a link', () => {
    const {speed, ...made} = pagesOf(`${HEAD}/** Speed. */\nexport const speed = 1;\n`, {git: true});
    assert.deepEqual(made, {code: 0, complaints: [], pages: true});
    assert.match(speed, /Defined in index\.ts:3<\//);
  });

  it('are refused where an export has no description, a link leads nowhere or a tag is unknown: each is named', () => {
    const bare = [
      'export const speed = 1;', 'export function go() {}', 'export interface Asked {x: 1}', 'export type Way = 1;',
      'export class Car {}',
    ];
    const link = '/** See {@link nowhere}. */\nexport const lost = 1;\n';
    const {code, complaints, pages} = pagesOf([HEAD, ...bare, link].join('\n'));
    assert.ok(code !== 0 && !pages, complaints.join('\n'));
    for (const name of ['speed', 'go', 'Asked', 'Way', 'Car', 'nowhere']) {
      assert.ok(complaints.some(line => line.includes(name)), `${name} in ${complaints.join('\n')}`);
    }
    assert.ok(!complaints.some(line => / x /.test(line)));
    const tag = pagesOf(`${HEAD}/** Speed. @speed 3 */\nexport const speed = 1;\n`);
    assert.match(tag.complaints.join(), /unknown block tag @speed/);
  });
});
