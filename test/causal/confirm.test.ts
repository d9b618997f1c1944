import assert from 'node:assert/strict';
import {
  averagedFrontDoorEstimand, causalGraph, confirm, deriveAdjustmentFormula, identifiedMarkdown, identify, isConfirmed,
  probability, stateSpaceModel, unroll, withEdges,
} from '../../lib/causal';

const graph = unroll(stateSpaceModel(), {steps: 3, measured: ['Z']});
const query = {x: ['A1'], y: ['Y2'], given: ['Y1', 'A0', 'Y0']};

describe('nothing is shown as identified that no referee has confirmed', () => {
  it('equation (4) and ID\'s own formula are confirmed against surgery and can be shown', () => {
    const answer = identify(graph, query);
    assert.ok(answer.identified);
    for (const estimand of [deriveAdjustmentFormula(graph, {decision: 1}).result, answer.estimand]) {
      const confirmed = confirm(estimand, graph, query, {models: 50, seed: 1});
      assert.ok(confirmed.maxError < 1e-12 && isConfirmed(confirmed));
      assert.match(
        identifiedMarkdown(confirmed), /^\*\*Identified:\*\* \$p\(y_\{2\} .* on 50 random models \(seed 1\)\.$/,
      );
    }
  });

  it('a wrong estimand is refused with its largest error', () => {
    assert.throws(
      () => confirm(probability(['Y2'], {given: ['A1', ...query.given]}), graph, query, {models: 50, seed: 1}),
      /largest error \d\.\d{3}e-2 on 50 models/,
    );
    const direct = withEdges(causalGraph(['X -> M -> Y', 'X <-> Y']), ['X -> Y']);
    const sets = {x: ['X'], y: ['Y'], m: ['M']};
    assert.throws(
      () => confirm(averagedFrontDoorEstimand(sets), direct, {x: ['X'], y: ['Y']}, {models: 20, seed: 1}),
      /largest error/,
    );
  });

  it('an estimand over hidden nodes, or with a do, is refused before any model is drawn', () => {
    const hidden = unroll(stateSpaceModel(), {steps: 3});
    assert.throws(
      () => confirm(deriveAdjustmentFormula(graph, {decision: 1}).result, hidden, query, {seed: 1}),
      /hidden nodes \(Z0/,
    );
    assert.throws(
      () => confirm(probability(['Y2'], {intervened: ['A1'], given: query.given}), graph, query, {seed: 1}),
      /free of do/,
    );
  });

  it('an estimand without a value on the models asked for is refused', () => {
    const memory = unroll(stateSpaceModel({confounder: 'process'}), {steps: 3, measured: ['Z']});
    const line9 = deriveAdjustmentFormula(memory, {decision: 1}).lines[9].expression;
    assert.ok(isConfirmed(confirm(line9, memory, query, {models: 20, seed: 1})));
    assert.throws(
      () => confirm(line9, memory, query, {models: 20, seed: 1, deterministic: ['Z1', 'Z2']}), /Positivity fails/,
    );
  });

  it('a copy of a confirmation, or a look-alike, cannot be shown', () => {
    const front = causalGraph(['X -> M -> Y', 'X <-> Y']);
    const real = confirm(averagedFrontDoorEstimand({x: ['X'], y: ['Y'], m: ['M']}), front, {x: ['X'], y: ['Y']}, {
      models: 5, seed: 1,
    });
    assert.throws(() => identifiedMarkdown({...real}), /what `confirm` returned/);
    assert.throws(() => { (real as {estimand: unknown}).estimand = probability(['Y']); }, TypeError);
  });

  it('refuses bad options', () => {
    for (const options of [{seed: 1, models: 0}, {seed: 1, tolerance: 0}])
      assert.throws(() => confirm(probability(['Y2']), graph, query, options), /must be/);
  });
});
