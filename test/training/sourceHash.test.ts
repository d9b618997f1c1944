import assert from 'node:assert/strict';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, relative, resolve} from 'node:path';
import {reachable, sourceHash} from '../../lib/training/sourceHash';

const library = resolve(__dirname, '../../lib');
const reached = (...entries: string[]) => [...reachable(entries.map(file => join(library, file)))].map(file => relative(library, file));

describe('hash of a training\'s code', () => {
  it('covers the model, the loop and the engine, and no other model', () => {
    const files = reached('training/learned.ts', 'models/stateSpace/obsnode/obsnode.ts');
    for (const file of ['models/stateSpace/obsnode/field.ts', 'training/loop.ts', 'graph/session.ts', 'nn/mlp.ts', 'math/rng.ts']) assert.ok(files.includes(file), file);
    for (const file of ['models/stateSpace/latentNode/latentNode.ts', 'studies/cancer/training.ts', 'models/forecaster.ts']) assert.ok(!files.includes(file), file);
  });

  it('changes with any file that is reached, and with no other', () => {
    const folder = mkdtempSync(join(tmpdir(), 'obsnode-'));
    const write = (name: string, text: string) => writeFileSync(join(folder, name), text), hash = () => sourceHash([join(folder, 'a.ts')]);
    try {
      write('a.ts', "import {b} from './b';\nimport type {T} from './types';\nexport const a = b;\n");
      write('b.ts', "export {\n  c as b,\n} from './c';\n");
      write('c.ts', 'export const c = 1;\n');
      write('types.ts', 'export type T = number;\n');
      const before = hash();
      write('types.ts', 'export type T = string;\n');
      assert.equal(hash(), before);
      write('c.ts', 'export const c = 2;\n');
      assert.notEqual(hash(), before);
    } finally {
      rmSync(folder, {recursive: true});
    }
  });
});
