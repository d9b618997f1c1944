import {expect} from '../errors';
import {mean, sd} from '../math/statistics';
import type {ScoreCell, Scores} from './evaluate';
import {RMSE} from './metric';
import {expectSameProtocol} from './protocol';

/** A cell over several seeds; `rmse` and `values` are means. */
export interface SeedCell extends ScoreCell {
  /** Sample standard deviation of `rmse` over seeds (n - 1). */
  readonly sd: number;
  /** The same of each of `values`. */
  readonly sds?: Readonly<Record<string, number>>;
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
    fn: 'overSeeds', argument: 'runs', expected: 'at least 3', received: runs.length,
    remedy: 'Train more seeds, or show the single runs as such.',
  });
  expectSameProtocol('overSeeds', runs.map(run => run.protocol));
  const [first] = runs, place = ({outcome, decision, target}: ScoreCell) => `${outcome} ${decision} ${target}`;
  for (const run of runs) {
    expect(run.forecaster === first.forecaster && run.information === first.information, {
      fn: 'overSeeds', argument: 'runs', expected: `of ${first.forecaster}`, received: run.forecaster,
    });
    expect(metricsOf(run) === metricsOf(first), {
      fn: 'overSeeds', argument: 'runs', expected: 'counted by the same metrics', received: metricsOf(run),
    });
    expect(run.cells.length === first.cells.length
      && run.cells.every((cell, k) => place(cell) === place(first.cells[k])), {
      fn: 'overSeeds', argument: 'runs', expected: 'with the same cells', received: run.cells.length,
    });
  }
  const cells = first.cells.map((cell, k) => {
    const errors = runs.map(run => run.cells[k].rmse), names = Object.keys(cell.values ?? {});
    const over = (of: (values: number[]) => number) =>
      Object.fromEntries(names.map(name => [name, of(runs.map(run => run.cells[k].values![name]))]));
    const others = names.length > 0 ? {values: over(mean), sds: over(sd)} : {};
    const count = runs.reduce((sum, run) => sum + run.cells[k].count, 0);
    return {...cell, rmse: mean(errors), sd: sd(errors), ...others, count};
  });
  const data = new Set(runs.map(run => run.data));
  return Object.freeze({
    ...first, data: data.size === 1 ? first.data : [...data].join('; '), seeds: runs.length, cells,
  });
}

const metricsOf = ({metrics = []}: Scores): string => [RMSE, ...metrics].map(({name}) => name).join(', ');
