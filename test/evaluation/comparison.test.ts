import assert from 'node:assert/strict';
import {compare, protocol, unscaled, type Scores} from '../../lib/evaluation';
import {comparisonRows, resultTable} from '../../lib/figures';
import type {Information} from '../../lib/models';

const p = protocol({name: 'p', decisions: [8], horizon: 2, scaling: unscaled(1)});
const run = (forecaster: string, errors: readonly number[], information: Information = 'history'): Scores => ({
  forecaster, information, data: 'd', protocol: p,
  cells: errors.map((rmse, k) => ({outcome: 'y', decision: 8, horizon: k + 1, target: 9 + k, rmse, count: 10})),
});
/** Five draws of different difficulty. */
const runs = (name: string, shifts: readonly number[], wobble: number, information?: Information) =>
  [0, 1, 2, 3, 4].map(d =>
    run(name, shifts.map(shift => 1 + d + shift + wobble * [0.3, -0.4, 0.2, -0.2, 0.1][d]), information));
const entry = (scores: readonly Scores[]) => ({source: 'as written' as const, scores});
const options = {outcome: 'y', decision: 8, horizons: [1, 2]};

describe('compare over draws', () => {
  const entries = [
    entry(runs('A', [0, 0.5], 0)), entry(runs('B', [0.02, 0], 0.3)), entry(runs('C', [0.5, 0.6], 0)),
    entry(runs('oracle', [-1, -1], 0, 'truth')),
  ];

  it('marks as best whoever the paired intervals cannot tell from the lowest, and never the oracle', () => {
    const marks = compare(entries, options).rows.map(({method, values}) => [method, ...values.map(v => v.best)]);
    assert.deepEqual(marks, [['A', true, false], ['B', true, true], ['C', false, false], ['oracle', false, false]]);
  });

  it('marks nobody where single runs are missing', () => {
    const averaged = compare([entries[0], {source: 'as written', scores: run('one run', [0.1, 0.1])}], options);
    assert.ok(averaged.rows.every(row => row.values.every(v => v.best === undefined)));
  });

  it('keeps a failed method in the table with its reason and without numbers', () => {
    const failed = [{
      method: 'D', source: 'as written' as const, information: 'history', reason: 'diverged in 1 of 5 draws',
    }];
    const table = resultTable(comparisonRows(compare(entries, {...options, failed}), 'g'), {
      title: 't', columns: ['s = 1', 's = 2'],
    });
    assert.match(table.toString(), /D \[1\] +as written +history +failed +failed\n/);
    assert.match(table.toString(), /\[1\] failed: diverged in 1 of 5 draws/);
    assert.match(table.toMarkdown(), /\| B \| as written \| history \| \*\*3\.020 ± \d\.\d+\*\* \| \*\*3\.000 ± /);
    assert.match(table.toMarkdown(), /\| A \| as written \| history \| \*\*3\.000 ± 1\.581\*\* \| 3\.500 ± 1\.581 \|/);
  });

  it('refuses draws that do not match', () => {
    assert.throws(
      () => compare([entries[0], entry(runs('E', [0, 0], 0).slice(0, 3))], options), /pairedDifference: argument `b`/,
    );
  });
});
