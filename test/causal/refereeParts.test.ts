import assert from 'node:assert/strict';
import {causal, rng} from '../../lib';

const plan = (tau: number) => 1 + Math.sin(3 * tau);
const design = {visits: 64, past: 2, plan, horizon: 1.5, noise: 'per time'} as const;

describe('Parts of the referees', function () {
  this.timeout(120_000);

  it('refereeLines: lines of a derivation without state noise are exact, or have no value, and say which', () => {
    const graph = causal.unroll(causal.stateSpaceModel(), {steps: 3, measured: ['Z']});
    const options = {rng: rng(1), models: 20, deterministic: ['Z0', 'Z1', 'Z2']};
    const lines = causal.refereeLines(causal.deriveAdjustmentFormula(graph, {decision: 1}), options);
    assert.deepEqual(lines.flatMap((error, k) => (error === undefined ? [k] : [])), [8, 9]);
    assert.ok(lines.every(error => error === undefined || error < 1e-12));
    const bad = causal.unroll(causal.stateSpaceModel({extra: ['A[t] -> Y[t+1]']}), {steps: 3, measured: ['Z']});
    const spoiled = causal.refereeLines(causal.deriveAdjustmentFormula(bad, {decision: 1}), {rng: rng(1), models: 20});
    assert.ok(spoiled.at(-1)! > 0.01, 'and a wrong formula is wrong');
  });

  it('memoryTwins share the law of all that is measured, and differ in the effect', () => {
    const twins = causal.memoryTwins();
    const [a, b] = twins.map(model => causal.scmMarginal(model, ['Y1', 'A1', 'Z2', 'Y2']).data);
    assert.ok(a.every((p, i) => Math.abs(p - b[i]) < 1e-15));
    const doing = causal.probability(['Y2'], {intervened: ['A1']});
    const [one, other] = twins.map(model => causal.evaluator(model).evaluate(doing, {Y2: 1, A1: 1}).data[0]);
    assert.ok(one - other > 0.1, `${one}, ${other}`);
  });

  it('assimilationLimit: the error falls with the cells at order 1, unless the filter ignores doses', () => {
    const model = causal.confoundedDiffusion(), trial = causal.simulateDiffusion(rng(1), model, design, {units: 300});
    const cells = [4, 8, 16, 32], rows = causal.assimilationLimit(model, trial, cells);
    assert.deepEqual(rows.map(row => row.cells), cells);
    assert.ok(Math.abs(causal.convergenceSlope(cells, rows.map(row => row.error)) + 1) < 0.4);
    assert.ok(rows.every(row => Math.abs(row.gap) < 4));
    assert.ok(rows[3].errorIgnoringDoses > 5 * rows[3].error);
    assert.throws(() => causal.assimilationLimit(model, trial, [5]), /`factor` must be a divisor of 64/);
  });

  it('missesAgainstHistory finds what a filter that ignores doses misreads; the right filter misreads nothing', () => {
    const model = causal.confoundedDiffusion(), patients = {...design, visits: 4, noise: 'per visit'} as const;
    const trial = causal.simulateDiffusion(rng(2), model, patients, {units: 20000});
    const worst = (filter: typeof model) => {
      const {means} = causal.interventionalTruth(model, causal.filterTrial(filter, trial), patients);
      const against = causal.missesAgainstHistory(trial, trial.answers.map((y, i) => y - means[i]));
      assert.equal(against.length, 8);
      return Math.max(...against.map(Math.abs));
    };
    assert.ok(worst(model) < 3.5 && worst({...model, treatment: 0}) > 3.5);
  });

  it('blockError averages noise away and keeps a bias', () => {
    const noise = Float64Array.from({length: 1000}, (_, i) => (i % 2 ? 1 : -1));
    assert.equal(causal.blockError(noise, 10), 0);
    assert.equal(causal.blockError(noise.map(v => v + 0.5), 10), 0.5);
    assert.equal(causal.blockError(noise, 1), 1);
  });
});
