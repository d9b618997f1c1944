import assert from 'node:assert/strict';
import {
  backDoorEstimand, canonicalDag, causalGraph, checkHedge, confirm, evaluator, identify, isConfirmed, makeGraph,
  probability, randomScm, rivalModels, scmMarginal, unroll, withEdges, withoutEdges,
} from '../../lib/causal';
import {rng} from '../../lib/math';

const xy = {x: ['X'], y: ['Y']};

describe('generated names are new whatever the user\'s names are', () => {
  it('confirm refuses the back-door formula over a measured node that is called like the hidden cause '
      + 'behind X <-> Y', () => {
    const bow = causalGraph(['X -> Y', 'X <-> Y'], {nodes: ['U_XY']});
    assert.ok(!identify(bow, xy).identified);
    assert.throws(() => confirm(backDoorEstimand({...xy, w: ['U_XY']}), bow, xy, {seed: 1}), /largest error/);
  });

  it('nor does it take the name of a hidden cause that only its own graph has', () => {
    const bow = causalGraph(['X -> Y', 'X <-> Y']);
    assert.throws(
      () => confirm(backDoorEstimand({...xy, w: ['U_XY']}), bow, xy, {seed: 1}), /nodes of the graph \(X, Y\)/,
    );
  });

  it('two hidden causes whose names would be the same stay two, and a right estimand is confirmed', () => {
    const graph = causalGraph(['T -> Y', 'T <-> XY', 'TX <-> Y']), query = {x: ['T'], y: ['Y']};
    const dag = canonicalDag(graph);
    assert.equal(dag.hidden.size, 2);
    assert.ok(isConfirmed(confirm(probability(['Y'], {given: ['T']}), graph, query, {seed: 1})));
  });

  it('rival models: U0 as the treatment, and U0 as a measured cause of it', () => {
    for (const [edges, query] of [
      [['U0 -> Y', 'U0 <-> Y'], {x: ['U0'], y: ['Y']}], [['U0 -> X', 'X -> Y', 'X <-> Y'], xy],
    ] as const) {
      const graph = causalGraph(edges), answer = identify(graph, query);
      assert.ok(!answer.identified && checkHedge(graph, answer.hedge).valid);
      const rivals = rivalModels(graph, answer.hedge)!;
      assert.ok(!rivals.first.graph.hidden.has('U0'));
      const [a, b] = [rivals.first, rivals.second].map(m => scmMarginal(m, graph.nodes).data);
      assert.ok(a.every((p, i) => Math.abs(p - b[i]) < 1e-15), 'the same records');
      const [c, d] = [rivals.first, rivals.second].map(m =>
        scmMarginal(m, ['Y'], {intervened: {[query.x[0]]: 1}}).data);
      assert.ok(Math.abs(c[0] - d[0]) > 1e-3, 'two effects');
    }
  });

  it('unrolling: Z1 at time 0 is not Z at time 10', () => {
    const graph = unroll({edges: ['Z[t] -> Z[t+1]', 'Z1[t] -> Y[t]', 'Z1_[t] -> Y[t]'], hidden: ['Z']}, {steps: 12});
    assert.equal(graph.nodes.length, 4 * 12);
    assert.ok(['Z10', 'Z1_0', 'Z1__0', 'Y0'].every(n => graph.nodes.includes(n)));
  });

  it('edges between names that hold arrows, commas or bars are kept apart', () => {
    const graph = makeGraph(['A→B', 'C', 'A', 'B→C', 'P, Q', 'a | b'], [], [[
      'A→B', 'C',
    ], ['A', 'B→C'], ['P, Q', 'a | b']], [['A→B', 'C'], ['A', 'B→C']]);
    assert.deepEqual([graph.directed.length, graph.bidirected.length], [3, 2]);
    const more = withEdges(graph, ['A -> C']);
    assert.equal(more.directed.length, 4);
    assert.deepEqual(withoutEdges(more, ['A -> C']).directed, graph.directed);
  });

  it('one evaluator keeps P(A, B) and the law of a variable called "A, B" apart', () => {
    const {evaluate} = evaluator(randomScm(makeGraph(['A', 'B', 'A, B'], [], [['A', 'B'], ['B', 'A, B']]), rng(1)));
    assert.deepEqual([['A', 'B'], ['A, B'], ['A', 'B']].map(names => evaluate(probability(names)).names), [
      ['A', 'B'], ['A, B'], ['A', 'B'],
    ]);
  });

  it('a name that could be read as something else is refused: empty, of two lines, or with the prime that marks a '
      + 'second value', () => {
    for (const name of ['', 'X\'', 'a\nb', 3 as unknown as string])
      assert.throws(() => causalGraph(['X -> Y'], {nodes: [name]}), /`nodes` must be names/);
  });
});
