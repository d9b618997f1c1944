import assert from 'node:assert/strict';
import {parallelFigure, type ParallelLine} from '../../lib/figures';

describe('Parallel coordinates', () => {
  const lines: ParallelLine[] = [{places: {rate: 0, width: 1}, score: 0.1}, {places: {rate: 0.5}, score: 2}];

  it('have an axis for each parameter and a line for each setting, the best on top', () => {
    const {description, data} = parallelFigure(lines, {title: 'Tried', score: 'error'});
    assert.match(description, /2 settings of rate, width; best 0\.100/);
    assert.deepEqual(data.map(row => [row.parameter, row.place, row.score]),
      [['rate', 0.5, 2], ['rate', 0, 0.1], ['width', 1, 0.1]]);
  });

  it('refuse places outside the ranges, and scores that no logarithm has', () => {
    const draw = (line: object) => () => parallelFigure([{...lines[0], ...line}], {title: 'Tried', score: 'error'});
    assert.throws(draw({places: {rate: 1.1}}), /must be some, of places in \[0, 1\]/);
    assert.throws(draw({score: 0}), /must be of scores > 0/);
  });
});
