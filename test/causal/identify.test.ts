import assert from 'node:assert/strict';
import {canonicalDag} from '../../lib/causal/projection';
import {causalGraph, edgeList, type CausalGraph} from '../../lib/causal/graph';
import {compareOn} from '../../lib/causal/referee';
import {evaluator} from '../../lib/causal/evaluate';
import {freeSymbols, isObservational, plainText, probability} from '../../lib/causal/expression';
import {checkHedge} from '../../lib/causal/hedge';
import {rivalModels} from '../../lib/causal/hedge-models';
import {identify, type CausalQuery} from '../../lib/causal/identify';
import {randomScm, scmMarginal} from '../../lib/causal/discrete-scm';
import {fold, rng, uniform} from '../../lib/math';

const question = ({y, x, given = []}: CausalQuery) => probability(y, {intervened: x, given});

/** Largest error of the estimand against truth over `models` random models; free symbols of either side run over all values. */
function worst(graph: CausalGraph, query: CausalQuery, models = 20): number {
  const answer = identify(graph, query);
  assert.ok(answer.identified);
  assert.ok(isObservational(answer.estimand));
  const dag = canonicalDag(graph);
  return Math.max(...Array.from({length: models}, (_, k) => Math.max(...compareOn(randomScm(dag, fold(rng(7), k)), answer.estimand, question(query)))));
}

function refused(graph: CausalGraph, query: CausalQuery): void {
  const answer = identify(graph, query);
  assert.ok(!answer.identified, `${edgeList(graph)} came out as identified`);
  assert.deepEqual(checkHedge(graph, answer.hedge), {valid: true, problem: ''});
  expectRivals(graph, answer.hedge);
}

/** The hedge's two models agree on everything seen and differ in P(y | do(x)). Returns false if none could be built. */
function expectRivals(graph: CausalGraph, hedge: Parameters<typeof checkHedge>[1]): boolean {
  const rivals = rivalModels(graph, hedge);
  if (!rivals) return false;
  const [seenA, seenB] = [rivals.first, rivals.second].map(m => scmMarginal(m, graph.nodes).data);
  assert.ok(seenA.every((p, i) => Math.abs(p - seenB[i]) < 1e-14), 'the rivals differ in what is seen');
  const effect = probability(hedge.y, {intervened: hedge.x});
  const [a, b] = [rivals.first, rivals.second].map(m => evaluator(m).evaluate(effect).data);
  assert.ok(a.some((p, i) => Math.abs(p - b[i]) > 1e-3), 'the rivals agree on the effect');
  return true;
}

const xy: CausalQuery = {x: ['X'], y: ['Y']};

describe('ID and IDC', function () {
  this.timeout(240_000);

  const known: [string, string[], CausalQuery][] = [
    ['back-door', ['W -> X -> Y', 'W -> Y'], xy],
    ['front-door', ['X -> M -> Y', 'X <-> Y'], xy],
    ['conditional front-door', ['W -> X', 'W -> M', 'W -> Y', 'X -> M -> Y', 'X <-> Y'], {...xy, given: ['W']}],
    ['napkin', ['A -> B -> X -> Y', 'A <-> X', 'A <-> Y'], xy],
    ['M-bias', ['X <-> C', 'C <-> Y', 'X -> Y'], xy],
    ['Verma', ['A -> B -> C -> D', 'B <-> D'], {x: ['C'], y: ['D']}],
    ['two treatments in turn', ['X1 -> L -> X2 -> Y', 'X1 -> Y', 'L <-> Y'], {x: ['X1', 'X2'], y: ['Y']}],
  ];
  for (const [name, edges, query] of known) it(`identifies ${name} and the estimand equals truth to 1e-12`, () => assert.ok(worst(causalGraph(edges), query) < 1e-12));

  const lost: [string, string[], CausalQuery][] = [
    ['bow', ['X -> Y', 'X <-> Y'], xy],
    ['front-door with a direct effect', ['X -> M -> Y', 'X -> Y', 'X <-> Y'], xy],
    ['front-door with a confounded first link', ['X -> M -> Y', 'X <-> Y', 'X <-> M'], xy],
    ['front-door with a confounded second link', ['X -> M -> Y', 'X <-> Y', 'M <-> Y'], xy],
    ['napkin with one more confounder', ['A -> B -> X -> Y', 'A <-> X', 'A <-> Y', 'B <-> Y'], xy],
    ['instrument', ['Z -> X -> Y', 'X <-> Y'], xy],
    ['M-bias after conditioning', ['X -> Y', 'X <-> C', 'C <-> Y'], {...xy, given: ['C']}],
  ];
  for (const [name, edges, query] of lost) it(`refuses ${name} with a hedge that its checker accepts and two rival models`, () => refused(causalGraph(edges), query));

  it('napkin: the estimand is the ratio and not P(y | x), and does not depend on its free symbol', () => {
    const graph = causalGraph(['A -> B -> X -> Y', 'A <-> X', 'A <-> Y']);
    const answer = identify(graph, xy);
    assert.ok(answer.identified && freeSymbols(answer.estimand).has('B'));
    const gap = Math.max(...Array.from({length: 50}, (_, k) => k).flatMap(seed => [...compareOn(randomScm(canonicalDag(graph), rng(seed)), probability(['Y'], {given: ['X']}), question(xy))]));
    assert.ok(gap > 5e-3, `P(y | x) is off by ${gap}`);
  });

  it('5,000 random mixed graphs with up to 7 nodes: estimands equal truth to 1e-12, refusals carry accepted hedges', () => {
    let identified = 0, hedges = 0, rivals = 0, largest = 0, conditional = 0;
    for (let k = 0; k < 5000; k++) {
      const {graph, query} = randomProblem(k);
      const answer = identify(graph, query);
      if (answer.identified) {
        identified++;
        if ((query.given ?? []).length > 0) conditional++;
        const scm = randomScm(canonicalDag(graph), fold(rng(21), k), {sizes: k % 5 === 0 ? {V1: 3} : {}});
        const gap = Math.max(...compareOn(scm, answer.estimand, question(query)));
        largest = Math.max(largest, gap);
        assert.ok(gap < 1e-12, `${edgeList(graph)} ${plainText(question(query))} = ${plainText(answer.estimand)}: off by ${gap}`);
      } else {
        hedges++;
        assert.deepEqual(checkHedge(graph, answer.hedge), {valid: true, problem: ''}, `${edgeList(graph)}`);
        if (expectRivals(graph, answer.hedge)) rivals++;
      }
    }
    console.log(`      ${identified} identified (${conditional} with conditions), largest error ${largest.toExponential(1)}; ${hedges} hedges, ${rivals} of them turned into two rival models`);
    assert.ok(identified > 1000 && hedges > 1000 && conditional > 300 && rivals > 0.9 * hedges);
  });

  it('the hedge checker refuses forged hedges and says why', () => {
    const graph = causalGraph(['X -> Y', 'X <-> Y']);
    const hedge = {forest: ['X', 'Y'], inner: ['Y'], roots: ['Y'], x: ['X'], y: ['Y']};
    assert.ok(checkHedge(graph, hedge).valid);
    assert.match(checkHedge(graph, {...hedge, forest: ['Y']}).problem, /meet x/);
    assert.match(checkHedge(graph, {...hedge, inner: ['X', 'Y']}).problem, /not meet x/);
    assert.match(checkHedge(causalGraph(['X -> Y']), hedge).problem, /joined by <->/);
    assert.match(checkHedge(causalGraph(['X <-> Y']), hedge).problem, /flow into the roots/);
  });

  it('refuses questions about hidden nodes and overlapping sets', () => {
    assert.throws(() => identify(causalGraph(['U -> X', 'U -> Y'], {hidden: ['U']}), {x: ['X'], y: ['U']}), /nodes of the graph/);
    assert.throws(() => identify(causalGraph(['X -> Y']), {x: ['X'], y: ['X']}), /disjoint/);
  });
});

function randomProblem(k: number): {graph: CausalGraph; query: CausalQuery} {
  const n = 3 + k % 5, names = Array.from({length: n}, (_, i) => `V${i}`), u = uniform(fold(rng(17), k), n * n + 8);
  const edges: string[] = [];
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) {
    if (u[i * n + j] < 0.4) edges.push(`${names[i]} -> ${names[j]}`);
    if (u[j * n + i] < 1.6 / n) edges.push(`${names[i]} <-> ${names[j]}`);
  }
  const order = names.map((name, i) => ({name, key: u[i * n + i]})).sort((a, b) => a.key - b.key).map(o => o.name);
  const [nx, nz] = [1 + Math.floor(2 * u[n * n]), Math.floor(2.5 * u[n * n + 1])];
  const x = order.slice(0, Math.min(nx, n - 2)), y = [order[n - 1]];
  return {graph: causalGraph(edges, {nodes: names}), query: {x, y, given: order.slice(x.length, Math.min(x.length + nz, n - 1))}};
}
