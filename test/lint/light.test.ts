import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {resolve} from 'node:path';

const root = resolve(__dirname, '../..');

/** Packages that take long to load, and that few programs need. */
const HEAVY = ['mathjs', 'vega', 'vega-lite', '@duckdb/node-api', 'danfojs-node', 'pdfkit', 'fontkit', 'typescript'];

/** Packages that a program has loaded. */
function loadedBy(program: string): Set<string> {
  const code = `${program}\nconsole.log(JSON.stringify(Object.keys(require.cache)));`;
  const printed = execFileSync(process.execPath, ['--require', 'tsx/cjs', '--eval', code], {
    cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26,
  });
  const files = (JSON.parse(printed) as string[]).map((file) => file.replaceAll('\\', '/'));
  const inside = files.filter((file) => file.includes('/node_modules/')).map((file) =>
    file.split('/node_modules/').at(-1)!.split('/'));
  return new Set(inside.map(([first, second]) => (first.startsWith('@') ? `${first}/${second}` : first)));
}

describe('The library', function () {
  this.timeout(120_000);

  it('loads no large package before it is needed', () => {
    const packages = loadedBy("require('./lib/index.ts');");
    assert.ok(packages.has('@tensorflow/tfjs'));
    assert.deepEqual(HEAVY.filter((name) => packages.has(name)), []);
  });

  it('loads mathjs with the first formula', () => {
    const program = "const {compileSystem, pendulumSystem} = require('./lib/systems/index.ts');";
    assert.ok(!loadedBy(program).has('mathjs'));
    assert.ok(loadedBy(`${program} compileSystem(pendulumSystem);`).has('mathjs'));
  });
});
