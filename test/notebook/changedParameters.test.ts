import {deepStrictEqual, match, ok, strictEqual} from 'node:assert';
import {spawnSync} from 'node:child_process';
import {mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {joined, type Notebook} from '../../kernels/nbformat/notebook';
import {projectRoot} from '../../lib/notebook';
import {tries} from './tries';

/** `OBSNODE_TRIES=all` runs those that take minutes, too, and prints how each page ended. */
const all = process.env.OBSNODE_TRIES === 'all';

describe('other parameters', () => {
  for (const {notebook, set, warnings} of tries.filter(({long}) => all || !long)) {
    const given = Object.entries(set).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
    it(`let the page of ${notebook} run to its end: ${given.filter(part => part !== '--set').join(' ')}`, function () {
      this.timeout(900_000);
      const {status, text, claims} = run([notebook, ...given]);
      strictEqual(status, 0, text);
      const failed = claims.filter(claim => claim.startsWith('⚠'));
      if (all) console.log(`      ${claims.length} claims, ${failed.length} shown as warnings`);
      if (!warnings) return;
      strictEqual(failed.length, warnings.length, failed.join('\n'));
      warnings.forEach((warning, i) => match(failed[i], warning));
      ok(claims.some(claim => claim.startsWith('✓')));
    });
  }

  const impossible: readonly [notebook: string, set: string, range: RegExp][] = [
    ['01', 'patients=5', /patients.*a whole number of at least 100; received 5/],
    ['05', 'blocks=0', /blocks.*a whole number from 1 to 16; received 0/],
    ['05', 'solver=rk5', /solver.*one of euler, midpoint, heun, rk4, dopri5, tsit5; received "rk5"/],
    ['05', 'plan=maybe', /plan.*true or false; received "maybe"/],
    ['11', 'starts=nowhere', /starts.*one of anchored, plain; received "nowhere"/],
    ['13', 'seeds=1,2', /seeds.*at least 3 values/],
  ];
  for (const [notebook, set, range] of impossible) {
    it(`that are impossible are refused with the range: ${notebook}, ${set}`, function () {
      this.timeout(100_000);
      const {status, text} = run([notebook, '--set', set]);
      deepStrictEqual([status, range.test(text)], [1, true], text);
    });
  }
});

function run(request: readonly string[]): {status: number | null; text: string; claims: string[]} {
  const out = mkdtempSync(join(tmpdir(), 'obsnode-tries-')), root = projectRoot();
  try {
    const options = {
      cwd: root, encoding: 'utf8' as const, env: {...process.env, OBSNODE_PROFILE: 'quick', OBSNODE_DATA: ''},
    };
    const program = [
      '--require', 'tsx/cjs', join(root, 'kernels/runner/cli.ts'), ...request, '--no-check', '--out', out,
    ];
    const {status, stdout, stderr} = spawnSync(process.execPath, program, options);
    return {status, text: stdout + stderr, claims: claimsIn(join(out, 'notebooks'))};
  } finally {
    rmSync(out, {recursive: true});
  }
}

function claimsIn(folder: string): string[] {
  const notebooks = readdirSync(folder).filter(name => name.endsWith('.ipynb')).map(name =>
    JSON.parse(readFileSync(join(folder, name), 'utf8')) as Notebook);
  const outputs = notebooks.flatMap(({cells}) => cells.flatMap(cell => cell.outputs ?? []));
  return outputs.flatMap(output => ('data' in output
    ? [joined((output.data['text/markdown'] ?? '') as string)]
    : [])).filter(text => /^[✓⚠]/.test(text));
}
