import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import {rng} from '../../lib/math';
import {initRecognition, recognise, type HistoryTensors} from '../../lib/models';
import {tensors} from '../../lib/nn';

const shape = {outcomes: 2, treatments: 1, statics: 1};
const weights = initRecognition(rng(1), shape, 2, 6);
const params = tensors(weights);

/** One unit, three of four times seen. */
function history(change: Partial<Record<keyof HistoryTensors, (values: number[]) => void>> = {}): HistoryTensors {
  const values: Record<keyof HistoryTensors, number[]> = {
    time: [-2, -1, 0, 0], outcomes: [1, 2, 3, 4, 5, 6, 0, 0], observed: [1, 1, 1, 1, 1, 1, 0, 0],
    treatments: [0.5, -0.5, 0, 0], last: [0, 0, 1, 0], statics: [2],
  };
  for (const [name, edit] of Object.entries(change)) edit!(values[name as keyof HistoryTensors]);
  return {
    time: tf.tensor2d(values.time, [1, 4]), outcomes: tf.tensor3d(values.outcomes, [1, 4, 2]),
    observed: tf.tensor3d(values.observed, [1, 4, 2]),
    treatments: tf.tensor3d(values.treatments, [1, 4, 1]), last: tf.tensor2d(values.last, [1, 4]),
    statics: tf.tensor2d(values.statics, [1, 1]),
  };
}
const state = (h: HistoryTensors, anchor: 'observation' | 'corrected' = 'observation') =>
  Array.from(recognise(params, h, {anchor, timeScale: 4}).z.dataSync());

describe('recognition', () => {
  it('starts block 1 at the outcome of t_c', () => assert.deepEqual(state(history()).slice(0, 2), [5, 6]));

  it('fills in a component that was not measured at t_c instead of trusting a placeholder', () => {
    const [first, second] = state(history({observed: o => { o[4] = 0; }}));
    assert.notEqual(first, 5);
    assert.notEqual(first, 0);
    assert.equal(second, 6);
  });

  it('lets the correction move block 1 when asked', () =>
    assert.notDeepEqual(state(history(), 'corrected').slice(0, 2), [5, 6]));

  it('depends on every outcome, mask, treatment, time and static of the history', () => {
    const base = state(history());
    const changes: Parameters<typeof history>[0][] = [
      {outcomes: o => { o[0] = 9; }}, {outcomes: o => { o[2] = 9; }}, {observed: o => { o[2] = 0; }},
      {treatments: a => { a[0] = 9; }}, {treatments: a => { a[1] = 9; }}, {time: t => { t[1] = -1.5; }},
      {statics: s => { s[0] = 0; }},
    ];
    changes.forEach((change, i) => assert.notDeepEqual(state(history(change)), base, `change ${i}`));
  });

  it('ignores the value of an outcome that is marked as missing', () => {
    const missing = (value: number) => state(history({observed: o => { o[2] = 0; }, outcomes: o => { o[2] = value; }}));
    assert.deepEqual(missing(3), missing(77));
  });

  it('ignores whatever stands after t_c', () => {
    assert.deepEqual(
      state(history({outcomes: o => { o[6] = 9; }, observed: o => { o[6] = 1; }, treatments: a => { a[2] = 5; }})),
      state(history()),
    );
  });
});
