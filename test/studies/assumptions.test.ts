import assert from 'node:assert/strict';
import {fold, rng} from '../../lib';
import {clinicEffects, severeWard, townEffect} from '../../lib/studies/assumptions';

const patients = 20000;

describe('Wards in which an assumption fails', () => {
  it('consistency: the effect of treatment depends on the mixture of clinics, the effect of a dose does not', () => {
    const [few, many] = [0.2, 0.8].map(shareA => clinicEffects(rng(1), {shareA, doseInB: 0.5, patients}));
    assert.ok(many.effect - few.effect > 10 * few.standardError, `${few.effect}, ${many.effect}`);
    // Of the treated in A a dose of 1, in B of 1/2: 2 (0.2 + 0.8 / 2) = 1.2 and 2 (0.8 + 0.2 / 2) = 1.8.
    [[few, 1.2] as const, [many, 1.8] as const].forEach(([one, expected]) =>
      assert.ok(Math.abs(one.effect - expected) < 4 * one.standardError));
    for (const one of [few, many]) assert.ok(Math.abs(one.perDose - 2) < 4 * one.standardError);
    const same = [0.2, 0.8].map(shareA => clinicEffects(fold(rng(1), String(shareA)), {shareA, doseInB: 1, patients}));
    assert.ok(same.every(one => Math.abs(one.effect - 2) < 4 * one.standardError), 'one dose: one effect');
  });

  it('no interference: a vaccine does less for one the more others have it; without contagion it does the same', () => {
    for (const share of [0.1, 0.5, 0.9]) for (const contagion of [true, false]) {
      const {effect, standardError} = townEffect(rng(1), {share, contagion, people: patients});
      const expected = -0.75 * 0.4 * (contagion ? 1 - share : 0.5);
      assert.ok(Math.abs(effect - expected) < 4 * standardError, `${share}, ${contagion}: ${effect}, ${expected}`);
    }
  });

  it('positivity: without an untreated severe patient two worlds leave the same records, with some they do not', () => {
    const worlds = (untreated: number) =>
      [1, 3].map(gain => severeWard(rng(1), {gain, base: gain, untreated, patients}));
    const [a, b] = worlds(0);
    assert.ok(a.scores.every((score, i) => Math.abs(score - b.scores[i]) < 1e-12));
    assert.deepEqual([a.estimate, a.severeUntreated], [undefined, 0]);
    const open = worlds(0.05);
    assert.ok(open.every(({estimate, severeUntreated}, k) =>
      Math.abs(estimate! + [1, 3][k]) < 5 / Math.sqrt(severeUntreated)));
  });

  it('options outside their ranges are refused by name', () => {
    assert.throws(() => clinicEffects(rng(1), {shareA: 2, doseInB: 1, patients}), /`shareA` must be in \[0, 1\]/);
    assert.throws(() => clinicEffects(rng(1), {shareA: 1, doseInB: 0, patients}), /`doseInB` must be a number > 0/);
    assert.throws(() => townEffect(rng(1), {share: 1, people: patients}), /`share` must be in \(0, 1\)/);
    assert.throws(() => severeWard(rng(1), {gain: NaN, base: 1, untreated: 0, patients}), /`gain` must be a finite/);
    assert.throws(() => severeWard(rng(1), {gain: 1, base: 1, untreated: 1, patients}), /`untreated` must be in/);
    assert.throws(() => severeWard(rng(1), {gain: 1, base: 1, untreated: 0, patients: 3}), /`patients`/);
  });
});
