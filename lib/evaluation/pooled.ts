import {expect} from '../errors';
import type {ScoreCell, Scores} from './evaluate';

/**
 * The same scores with the targets of all decisions in one cell for each outcome and horizon: for data so sparsely
 * measured that a cell of one decision holds a handful of targets. Every target weighs the same, so that decisions at
 * which more was measured count for more. Metrics beside the root mean squared error must be means over targets, as
 * the library's are.
 * @returns cells whose `decision` is the first of the protocol's; the protocol's name says what was pooled, so that
 * these scores do not mix with others
 * @throws ArgumentError for scores without a cell
 */
export function pooled(scores: Scores): Scores {
  const {cells, protocol} = scores, places = new Map<string, ScoreCell[]>();
  expect(cells.length > 0, {
    fn: 'pooled', argument: 'scores', expected: 'with a measured target', received: `none of ${scores.forecaster}`,
  });
  for (const cell of cells) {
    const place = `${cell.outcome} ${cell.horizon}`;
    places.set(place, [...places.get(place) ?? [], cell]);
  }
  const [first] = protocol.decisions, decision = typeof first === 'number' ? first : first.time;
  return Object.freeze({
    ...scores,
    protocol: Object.freeze({...protocol, name: `${protocol.name}, all decisions in one`}),
    // In one order, whatever was measured first, so that runs on different units have the same cells.
    cells: [...places.values()].map(list => together(list, decision)).sort((a, b) =>
      a.outcome.localeCompare(b.outcome, 'en') || a.horizon - b.horizon),
  });
}

function together(cells: readonly ScoreCell[], decision: number): ScoreCell {
  const [{outcome, horizon, values}] = cells, count = cells.reduce((n, cell) => n + cell.count, 0);
  const over = (of: (cell: ScoreCell) => number) => cells.reduce((sum, cell) => sum + cell.count * of(cell), 0) / count;
  const others = Object.keys(values ?? {}).map(name => [name, over(cell => cell.values![name])] as const);
  return {
    outcome, decision, horizon, target: decision + horizon, rmse: Math.sqrt(over(cell => cell.rmse ** 2)), count,
    ...(others.length > 0 ? {values: Object.fromEntries(others)} : {}),
  };
}
