import {deepStrictEqual, match, ok, strictEqual} from 'node:assert';
import {spawnSync} from 'node:child_process';
import {mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {joined, type Notebook} from '../../kernels/nbformat/notebook';
import {projectRoot} from '../../lib/notebook';

/** Values that readers may try, and claims that are known not to hold there. Cheap ones: each takes some seconds. */
const tries: readonly [notebook: string, set: Readonly<Record<string, string>>, warnings: readonly RegExp[]][] = [
  ['00', {draws: '1'}, []],
  ['01', {patients: '500'}, [/the same vaccine/]],
  ['04', {gamma: '0', patients: '300'}, [/more treatment means a smaller tumour/, /converted doses/]],
  ['04', {gammas: '4', patients: '300'}, []],
  ['08', {strengths: '2', draws: '3', patients: '400', filtered: '100'}, []],
];

describe('other parameters', () => {
  for (const [notebook, set, warnings] of tries) {
    const given = Object.entries(set).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
    it(`let the page of ${notebook} run to its end: ${given.join(' ')}`, function () {
      this.timeout(400_000);
      const {status, text, claims} = run([notebook, ...given]);
      strictEqual(status, 0, text);
      const failed = claims.filter(claim => claim.startsWith('⚠'));
      strictEqual(failed.length, warnings.length, failed.join('\n'));
      warnings.forEach((warning, i) => match(failed[i], warning));
      ok(claims.some(claim => claim.startsWith('✓')));
    });
  }

  it('that are impossible are refused with the range', function () {
    this.timeout(100_000);
    const {status, text} = run(['01', '--set', 'patients=5']);
    deepStrictEqual([status, /patients.*a whole number of at least 100; received 5/.test(text)], [1, true], text);
  });
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
