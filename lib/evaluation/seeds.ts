import {expect} from '../errors';
import {mean, sd} from '../math/statistics';
import type {ScoreCell, Scores} from './evaluate';
import {expectSameProtocol} from './protocol';

/** A cell over several seeds; `rmse` is the mean. */
export interface SeedCell extends ScoreCell {
  /** Sample standard deviation over seeds (n - 1). */
  readonly sd: number;
}

/** Scores of one method over several seeds, none left out. */
export interface SeedScores extends Omit<Scores, 'cells'> {
  readonly seeds: number;
  readonly cells: readonly SeedCell[];
}

/**
 * Mean and spread over seeds.
 * @param runs one a seed, of one forecaster under one protocol, at least 3: two numbers have no spread worth printing
 * @throws ArgumentError for fewer, or when the runs do not belong together
 */
export function overSeeds(runs: readonly Scores[]): SeedScores {
  expect(runs.length >= 3, {
    fn: 'overSeeds', argument: 'runs', expected: 'at least 3', received: runs.length, remedy: 'Train more seeds, or show the single runs as such.',
  });
  expectSameProtocol('overSeeds', runs.map(run => run.protocol));
  const [first] = runs, place = ({outcome, decision, target}: ScoreCell) => `${outcome} ${decision} ${target}`;
  for (const run of runs) {
    expect(run.forecaster === first.forecaster && run.information === first.information, {
      fn: 'overSeeds', argument: 'runs', expected: `of ${first.forecaster}`, received: run.forecaster,
    });
    expect(run.cells.length === first.cells.length && run.cells.every((cell, k) => place(cell) === place(first.cells[k])), {
      fn: 'overSeeds', argument: 'runs', expected: 'with the same cells', received: run.cells.length,
    });
  }
  const cells = first.cells.map((cell, k) => {
    const values = runs.map(run => run.cells[k].rmse);
    return {...cell, rmse: mean(values), sd: sd(values), count: runs.reduce((sum, run) => sum + run.cells[k].count, 0)};
  });
  const data = new Set(runs.map(run => run.data));
  return Object.freeze({...first, data: data.size === 1 ? first.data : [...data].join('; '), seeds: runs.length, cells});
}
