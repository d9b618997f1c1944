import assert from 'node:assert/strict';
import {canonicalDag, latentProjection} from '../../lib/causal/graph/projection';
import {mSeparation} from '../../lib/causal/graph/separation';
import {causalGraph, edgeList, type CausalGraph} from '../../lib/causal/graph/graph';
import {compareOn} from '../../lib/causal/referee/referee';
import {evaluator} from '../../lib/causal/referee/evaluate';
import {
  freeSymbols, isObservational, plainText, probability, productOf, sumOver,
} from '../../lib/causal/derive/expression';
import {checkHedge} from '../../lib/causal/identify/hedge';
import {rivalModels} from '../../lib/causal/referee/hedgeModels';
import {identify, type CausalQuery} from '../../lib/causal/identify/identify';
import {discreteScm, parentsInOrder, randomScm, scmMarginal} from '../../lib/causal/referee/discreteScm';
import {fold, rng, uniform} from '../../lib/math';

const question = ({y, x, given = []}: CausalQuery) => probability(y, {intervened: x, given});

/** Largest error of the estimand against truth over `models` random models; free symbols of either side run over all values. */
function worst(graph: CausalGraph, query: CausalQuery, models = 20): number {
  const answer = identify(graph, query);
  assert.ok(answer.identified);
  assert.ok(isObservational(answer.estimand, graph));
  const dag = canonicalDag(graph);
  return Math.max(...Array.from({length: models}, (_, k) =>
    Math.max(...compareOn(randomScm(dag, fold(rng(7), k)), answer.estimand, question(query)))));
}

function refused(graph: CausalGraph, query: CausalQuery): void {
  const answer = identify(graph, query);
  assert.ok(!answer.identified, `${edgeList(graph)} came out as identified`);
  assert.deepEqual(checkHedge(graph, answer.hedge), {valid: true, problem: ''});
  expectRivals(graph, answer.hedge, query);
}

/**
 * The hedge's two models agree on everything seen and differ in P(y, given | do(x)), or P(y | do(x)) without
 * conditions. Whether they differ in the conditional question too is returned: a hedge rooted in the conditions alone
 * need not reach it. `undefined` if none could be built.
 */
function expectRivals(
  graph: CausalGraph, hedge: Parameters<typeof checkHedge>[1], query: CausalQuery,
): {conditional: boolean} | undefined {
  const rivals = rivalModels(graph, hedge);
  if (!rivals) return undefined;
  const [seenA, seenB] = [rivals.first, rivals.second].map(m => scmMarginal(m, graph.nodes).data);
  assert.ok(seenA.every((p, i) => Math.abs(p - seenB[i]) < 1e-14), 'the rivals differ in what is seen');
  const effect = probability(hedge.y, {intervened: hedge.x});
  const [a, b] = [rivals.first, rivals.second].map(m => evaluator(m).evaluate(effect).data);
  assert.ok(a.some((p, i) => Math.abs(p - b[i]) > 1e-3), 'the rivals agree on the effect');
  const [c, d] = [rivals.first, rivals.second].map(m => evaluator(m).evaluate(question(query)).data);
  const conditional = c.some((p, i) => Math.abs(p - d[i]) > 1e-3);
  if ((query.given ?? []).length === 0) assert.ok(conditional);
  return {conditional};
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
  for (const [name, edges, query] of known) it(`identifies ${name} and the estimand equals truth to 1e-12`, () =>
    assert.ok(worst(causalGraph(edges), query) < 1e-12));

  const lost: [string, string[], CausalQuery][] = [
    ['bow', ['X -> Y', 'X <-> Y'], xy],
    ['front-door with a direct effect', ['X -> M -> Y', 'X -> Y', 'X <-> Y'], xy],
    ['front-door with a confounded first link', ['X -> M -> Y', 'X <-> Y', 'X <-> M'], xy],
    ['front-door with a confounded second link', ['X -> M -> Y', 'X <-> Y', 'M <-> Y'], xy],
    ['napkin with one more confounder', ['A -> B -> X -> Y', 'A <-> X', 'A <-> Y', 'B <-> Y'], xy],
    ['instrument', ['Z -> X -> Y', 'X <-> Y'], xy],
    ['M-bias after conditioning', ['X -> Y', 'X <-> C', 'C <-> Y'], {...xy, given: ['C']}],
  ];
  for (const [name, edges, query] of lost)
    it(`refuses ${name} with a hedge that its checker accepts and two rival models`, () =>
      refused(causalGraph(edges), query));

  it('napkin: the estimand is the ratio and not P(y | x), and does not depend on its free symbol', () => {
    const graph = causalGraph(['A -> B -> X -> Y', 'A <-> X', 'A <-> Y']);
    const answer = identify(graph, xy);
    assert.ok(answer.identified && freeSymbols(answer.estimand).has('B'));
    const gap = Math.max(...Array.from({length: 50}, (_, k) => k).flatMap(seed =>
      [...compareOn(randomScm(canonicalDag(graph), rng(seed)), probability(['Y'], {given: ['X']}), question(xy))]));
    assert.ok(gap > 5e-3, `P(y | x) is off by ${gap}`);
  });

  it('5,000 random mixed graphs with up to 7 nodes: estimands equal truth to 1e-12, refusals carry '
      + 'accepted hedges', () => {
    let identified = 0, hedges = 0, rivals = 0, largest = 0, conditional = 0, asked = 0, answered = 0;
    for (let k = 0; k < 5000; k++) {
      const {graph, query} = randomProblem(k);
      const answer = identify(graph, query);
      if (answer.identified) {
        identified++;
        if ((query.given ?? []).length > 0) conditional++;
        const scm = randomScm(canonicalDag(graph), fold(rng(21), k), {sizes: k % 5 === 0 ? {V1: 3} : {}});
        const gap = Math.max(...compareOn(scm, answer.estimand, question(query)));
        largest = Math.max(largest, gap);
        assert.ok(
          gap < 1e-12,
          `${edgeList(graph)} ${plainText(question(query))} = ${plainText(answer.estimand)}: off by ${gap}`,
        );
      } else {
        hedges++;
        assert.deepEqual(checkHedge(graph, answer.hedge), {valid: true, problem: ''}, `${edgeList(graph)}`);
        const found = expectRivals(graph, answer.hedge, query);
        if (found) rivals++;
        if (found && query.given!.length > 0) { asked++; if (found.conditional) answered++; }
      }
    }
    console.log(
      `      ${identified} identified (${conditional} with conditions), largest error ${largest.toExponential(1)}; ${hedges} hedges, ${rivals} of them turned into two rival models; of ${asked} with conditions ${answered} also differ in the conditional question`,
    );
    assert.ok(identified > 1000 && hedges > 1000 && conditional > 300 && rivals > 0.9 * hedges
      && answered > 0.7 * asked);
  });

  it('2,000 random DAGs with hidden nodes anywhere and one to two outcomes: estimands equal surgery on the DAG '
      + 'itself to 1e-12', () => {
    let identified = 0, several = 0, conditional = 0, hedges = 0, largest = 0;
    for (let k = 0; k < 2000; k++) {
      const {graph, query} = hiddenProblem(k), answer = identify(graph, query);
      if (!answer.identified) {
        hedges++;
        assert.ok(checkHedge(latentProjection(graph).graph, answer.hedge).valid);
        continue;
      }
      identified++;
      if (query.y.length > 1) several++;
      if (query.given!.length > 0) conditional++;
      assert.ok(isObservational(answer.estimand, graph));
      const gap = Math.max(...compareOn(randomScm(graph, fold(rng(22), k)), answer.estimand, question(query)));
      largest = Math.max(largest, gap);
      assert.ok(
        gap < 1e-12,
        `${edgeList(graph)} hidden ${[...graph.hidden]} ${plainText(question(query))} = ${plainText(answer.estimand)}: off by ${gap}`,
      );
    }
    console.log(
      `      ${identified} identified (${several} with two outcomes, ${conditional} with conditions), largest error ${largest.toExponential(1)}; ${hedges} hedges`,
    );
    assert.ok(identified > 500 && several > 150 && conditional > 150 && hedges > 200);
  });

  it('Verma: a functional of the records does not depend on A although no separation says so; with A -> D it does, '
      + 'with C <-> D there is a hedge', () => {
    const verma = ['A -> B -> C -> D', 'B <-> D'], cd: CausalQuery = {x: ['C'], y: ['D']}, graph = causalGraph(verma);
    const answer = identify(graph, cd);
    assert.ok(answer.identified && mSeparation(graph, ['A'], ['D'], ['B', 'C']).separated === false
      && mSeparation(graph, ['A'], ['D'], ['C']).separated === false);
    const functional = sumOver(
      ['B'], productOf([probability(['D'], {given: ['A', 'B', 'C']}), probability(['B'], {given: ['A']})]),
    );
    const spread = (edges: string[]) => Math.max(...Array.from({length: 50}, (_, k) => {
      const {evaluate} = evaluator(randomScm(canonicalDag(causalGraph(edges)), fold(rng(9), k)));
      return Math.max(...[0, 1].flatMap(C => [0, 1].map(D =>
        Math.abs(evaluate(functional, {A: 0, C, D}).data[0] - evaluate(functional, {A: 1, C, D}).data[0]))));
    }));
    assert.ok(spread(verma) < 1e-12);
    assert.ok(spread([...verma, 'A -> D']) > 0.1);
    assert.ok(worst(causalGraph([...verma, 'A -> D']), {...cd, given: ['A']}) < 1e-12);
    refused(causalGraph([...verma, 'C <-> D']), cd);
  });

  it('M-bias after conditioning: two models share the records and differ in the conditional question P(y | '
      + 'do(x), c) itself', () => {
    const graph = causalGraph(['X -> Y', 'U -> X', 'U -> C', 'V -> C', 'V -> Y'], {
      hidden: ['U', 'V'], nodes: ['U', 'V', 'X', 'C', 'Y'],
    });
    const half = [0.5, 0.5];
    /** Parity of the parents at the given places, flipped once in ten times. */
    const sizes = {U: 2, V: 2, X: 2, C: 2, Y: 2};
    const model = (hears: Record<string, string[]>) => discreteScm(graph, sizes, (node, rows) => {
      const names = parentsInOrder(graph, node);
      return Float64Array.from(Array.from({length: rows}, (_, row) => {
        if (!hears[node]) return half;
        const bit = (name: string, i: number) =>
          (hears[node].includes(name) ? (row >> (names.length - 1 - i)) & 1 : 0);
        const odd = names.reduce((p, name, i) => p ^ bit(name, i), 0), flip = node === 'Y' ? 0.1 : 0;
        return odd ? [flip, 1 - flip] : [1 - flip, flip];
      }).flat());
    });
    // First: x copies u and c is the parity of u and v. Second: x is a coin of its own and c copies v.
    const rivals = [model({X: ['U'], C: ['U', 'V'], Y: ['V']}), model({C: ['V'], Y: ['X', 'V']})];
    const [a, b] = rivals.map(m => scmMarginal(m, ['X', 'C', 'Y']).data);
    assert.ok(a.every((p, i) => Math.abs(p - b[i]) < 1e-15), 'the records');
    const [p, q] = rivals.map(m =>
      evaluator(m).evaluate(probability(['Y'], {intervened: ['X'], given: ['C']}), {Y: 1, X: 1, C: 1}).data[0]);
    assert.ok(Math.abs(p - q) > 0.3, `${p} ${q}`);
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
    assert.throws(
      () => identify(causalGraph(['U -> X', 'U -> Y'], {hidden: ['U']}), {x: ['X'], y: ['U']}), /nodes of the graph/,
    );
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
  return {
    graph: causalGraph(edges, {nodes: names}),
    query: {x, y, given: order.slice(x.length, Math.min(x.length + nz, n - 1))},
  };
}

/** A random DAG on 5 to 8 nodes, 1 to 3 of them hidden, wherever they fall: causes, mediators, effects. */
function hiddenProblem(k: number): {graph: CausalGraph; query: CausalQuery} {
  const n = 5 + k % 4, names = Array.from({length: n}, (_, i) => `V${i}`), u = uniform(fold(rng(18), k), n * n + 8);
  const edges = names.flatMap((a, i) =>
    names.slice(i + 1).filter((_, j) => u[i * n + i + 1 + j] < 0.55).map(b => `${a} -> ${b}`));
  const order = names.map((name, i) => ({name, key: u[i * n + i]})).sort((a, b) => a.key - b.key).map(o => o.name);
  const hidden = order.slice(0, 1 + Math.floor(Math.min(3, n - 4) * u[n * n])), seen = order.slice(hidden.length);
  const ny = seen.length > 3 && k % 2 === 0 ? 2 : 1, nz = Math.min(seen.length - 1 - ny, Math.floor(2 * u[n * n + 1]));
  // Causes before effects: the other way round nearly everything is identified at once.
  const asked = seen.slice(0, 1 + ny).sort((a, b) => names.indexOf(a) - names.indexOf(b));
  return {
    graph: causalGraph(edges, {nodes: names, hidden}),
    query: {x: asked.slice(0, 1), y: asked.slice(1), given: seen.slice(1 + ny, 1 + ny + nz)},
  };
}
