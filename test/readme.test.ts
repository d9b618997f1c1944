import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';

const root = resolve(__dirname, '..');

describe('The README', function () {
  this.timeout(300_000);

  it("has an example that runs as printed and gives the shape that its comment says", () => {
    const [, example] = /```ts\n([^]*?)```/.exec(readFileSync(join(root, 'README.md'), 'utf8'))!;
    const folder = join(root, '.cache', 'readme'), file = join(folder, 'example.ts');
    mkdirSync(folder, {recursive: true});
    try {
      writeFileSync(file, example.replaceAll("'./lib", "'../../lib"));
      const printed = execFileSync(process.execPath, ['--import', 'tsx', file], {cwd: root, encoding: 'utf8'});
      const [, promised] = /console\.log\(.*\/\/ \[(.*?)\]/.exec(example)!;
      assert.equal(printed.replace(/\s/g, ''), `[${promised.replace(/\s/g, '')}]`);
    } finally {
      rmSync(folder, {recursive: true});
    }
  });

  it('links to files that are there', () => {
    const text = readFileSync(join(root, 'README.md'), 'utf8');
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(match => match[1]);
    assert.ok(links.length > 10);
    for (const link of links) assert.doesNotThrow(() => readFileSync(join(root, link)), link);
  });
});
