import assert from 'node:assert/strict';
import {deriveAdjustmentFormula, derivationMarkdown, graphDrawing, stateSpaceModel, unroll} from '../../lib/causal';
import {confoundedPendulum} from '../../lib/studies/pendulum';
import {rng} from '../../lib/math';

describe('presentation', () => {
  it('a derivation becomes a Markdown table with one row a line, and a refused step shows its open path', () => {
    const graph = unroll(stateSpaceModel({confounder: 'process'}), {steps: 3, measured: ['Z']});
    const rows = derivationMarkdown(deriveAdjustmentFormula(graph, {decision: 1})).split('\n');
    assert.equal(rows.length, 2 + 13);
    assert.ok(rows.every(row => row.startsWith('|') && row.endsWith('|')));
    assert.match(rows.find(row => row.startsWith('| 10 '))!, /✗ open: Y2 ← ε2 ← ε1 → A1/);
    assert.ok(
      rows.slice(2).every(row => row.replaceAll('\\|', '').split('|').length === 7), 'bars inside cells are escaped',
    );
  });

  it('a graph becomes nodes and edges, laid out by time when the names carry times', () => {
    const graph = unroll(stateSpaceModel(), {steps: 2});
    const drawing = graphDrawing(graph, {treatments: ['A0'], dashed: ['Y0 -> A0']});
    assert.deepEqual(drawing.nodes.find(n => n.id === 'A0'), {
      id: 'A0', label: 'A_0', hidden: false, conditioned: false, role: 'treatment',
    });
    assert.ok(drawing.nodes.find(n => n.id === 'Z1')!.hidden);
    assert.deepEqual(drawing.edges.filter(e => e.dashed).map(e => e.from + e.to), ['Y0A0']);
    assert.deepEqual(drawing.positions!.Z1, [1, 1]);
  });
});

describe('confounded pendulums', () => {
  it('setting a plan keeps patients and disturbances: nothing before it changes, doses are the plan\'s, outcomes '
      + 'move after it', () => {
    const options = {units: 20, steps: 8};
    const [seen, set] = [{}, {plan: {from: 5, dose: 1}}].map(how =>
      confoundedPendulum(rng(1), {...options, ...how}).trajectories);
    const at = (array: {data: Float64Array}, i: number, t: number) => array.data[i * 8 + t];
    for (let i = 0; i < 20; i++) {
      for (let t = 0; t <= 5; t++) assert.equal(at(seen.outcomes, i, t), at(set.outcomes, i, t));
      for (let t = 5; t < 8; t++) assert.equal(at(set.treatments, i, t), 1);
      assert.notEqual(at(seen.outcomes, i, 7), at(set.outcomes, i, 7));
    }
  });

  it('refuses sizes that make no sense', () =>
    assert.throws(() => confoundedPendulum(rng(1), {steps: 1}), /steps >= 2/));
});
