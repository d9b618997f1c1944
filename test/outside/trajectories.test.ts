import assert from 'node:assert/strict';
import {trajectories, type TrajectoriesFields} from '../../lib/data';
import {ndarray} from '../../lib/math';

const fields: TrajectoriesFields & {readonly time: Float64Array} = {
  name: 'two units', time: Float64Array.of(0, 1, 3), timeUnit: 'h', outcomes: ndarray([2, 3, 1]),
  treatments: ndarray([2, 3, 2]), observed: ndarray([2, 3, 1]), statics: ndarray([2, 0]),
  channels: {
    outcomes: [{name: 'y', unit: '1'}], treatments: [{name: 'a', unit: '1'}, {name: 'b', unit: '1'}], statics: [],
  },
};

const filled = (shape: number[], value: number, at: number) => {
  const array = ndarray(shape);
  array.data[at] = value;
  return array;
};

const REFUSED: readonly (readonly [claim: string, fields: Partial<TrajectoriesFields>, message: RegExp])[] = [
  [
    'a time that never comes', {time: Float64Array.of(0, 1, Infinity)},
    /`time` must be finite and strictly increasing; .* Index 2 holds Infinity after 1/,
  ],
  ['a time before all others', {time: Float64Array.of(-Infinity, 1, 2)}, /Index 0 holds -Infinity\./],
  ['a first time that is none', {time: Float64Array.of(NaN, 1, 2)}, /Index 0 holds NaN\./],
  ['a later time that is none', {time: Float64Array.of(0, NaN, 2)}, /Index 1 holds NaN after 0/],
  ['a time twice', {time: Float64Array.of(0, 1, 1)}, /Index 2 holds 1 after 1/],
  ['times out of order', {time: Float64Array.of(0, 2, 1)}, /Index 2 holds 1 after 2/],
  ['times that run backwards', {time: Float64Array.of(3, 1, 0)}, /Index 1 holds 1 after 3/],
  [
    'more times than outcomes', {time: Float64Array.of(0, 1, 2, 3)},
    /`time` must be 3 times, as many as outcomes has; received 4/,
  ],
  ['outcomes of two axes', {outcomes: ndarray([2, 3])}, /`outcomes` must be of shape \[N, T, dy\]/],
  [
    'another number of channels', {outcomes: ndarray([2, 3, 2]), observed: ndarray([2, 3, 2])},
    /`outcomes` must be of shape \[2,3,1\]; received \[2, 3, 2\]/,
  ],
  ['treatments of other units', {treatments: ndarray([3, 3, 2])}, /`treatments` must be of shape \[2,3,2\]/],
  [
    'data of another size than their shape', {treatments: {shape: [2, 3, 2], data: new Float64Array(11)}},
    /`treatments` must be 12 values for shape \[2,3,2\]; received 11/,
  ],
  ['a NaN outcome', {outcomes: filled([2, 3, 1], NaN, 4)}, /`outcomes` must be finite everywhere; .* flat index 4/],
  [
    'an infinite static',
    {statics: filled([2, 1], -Infinity, 1), channels: {...fields.channels, statics: [{name: 's', unit: '1'}]}},
    /`statics` must be finite everywhere/,
  ],
  [
    'half a measurement', {observed: filled([2, 3, 1], 0.5, 2)},
    /`observed` must be 1 where measured, else 0; received 0\.5\. Its place has flat index 2/,
  ],
  [
    'two channels of one name',
    {channels: {...fields.channels, treatments: [{name: 'a', unit: '1'}, {name: 'a', unit: '1'}]}},
    /`channels\.treatments` must be named differently; received \["a", "a"\]/,
  ],
];

describe('Trajectories as readers put them together', () => {
  it('uneven times, negative times and no units are accepted', () => {
    assert.equal(trajectories(fields).time.length, 3);
    assert.equal(trajectories({...fields, time: Float64Array.of(-1e9, -0.5, 1.7e9)}).time[0], -1e9);
    assert.equal(trajectories({
      ...fields, outcomes: ndarray([0, 3, 1]), treatments: ndarray([0, 3, 2]), observed: ndarray([0, 3, 1]),
      statics: ndarray([0, 0]),
    }).outcomes.shape[0], 0);
  });

  for (const [claim, part, message] of REFUSED) it(`refused by name: ${claim}`, () =>
    assert.throws(() => trajectories({...fields, ...part}), {name: 'ArgumentError', message}));
});
