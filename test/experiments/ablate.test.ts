import assert from 'node:assert/strict';
import {ablate} from '../../lib/experiments';

const base = {blocks: 4, solver: 'rk4' as 'rk4' | 'euler', field: {width: 32, layers: 2}, decisions: [1, 2]};

describe('ablations', () => {
  it('are the base and one change each, in the order given; what is not named stays', () => {
    const variants = ablate(base, {euler: {solver: 'euler'}, wide: {field: {width: 64}}, late: {decisions: [9]}});
    assert.deepEqual(variants, [
      {name: 'as it is', settings: base},
      {name: 'euler', settings: {...base, solver: 'euler'}},
      {name: 'wide', settings: {...base, field: {width: 64, layers: 2}}},
      {name: 'late', settings: {...base, decisions: [9]}},
    ]);
  });

  it('leave the base as it was', () => {
    const before = structuredClone(base);
    ablate(base, {wide: {field: {width: 64}}});
    assert.deepEqual(base, before);
  });

  it('with a key or a value that the settings do not have do not compile, and are refused by name', () => {
    // @ts-expect-error: no such key
    assert.throws(() => ablate(base, {typo: {block: 1}}),
      /ablate: argument `changes\["typo"\]` must be keys out of blocks, solver, field, decisions; received "block"/);
    // @ts-expect-error: no such key further in
    assert.throws(() => ablate(base, {typo: {field: {wide: 1}}}), /must be keys out of width, layers/);
    // @ts-expect-error: no such solver
    assert.equal(ablate(base, {odd: {solver: 'rk5'}}).length, 2);
  });

  it('that change nothing, or are named as the base, are refused', () => {
    assert.throws(() => ablate(base, {same: {blocks: 4}}), /changes\["same"\]` must be something other than the base/);
    assert.throws(() => ablate(base, {'as it is': {blocks: 1}}), /other names than "as it is"/);
    const [{name}] = ablate(base, {'as it is': {blocks: 1}}, {base: 'the paper\'s'});
    assert.equal(name, 'the paper\'s');
  });
});
