import assert from 'node:assert/strict';
import {ArgumentError} from '../../lib/errors';
import {causalGraph, edgeList, makeGraph, mutilate, type Arrow, type CausalGraph} from '../../lib/causal/graph/graph';
import {canonicalDag, latentProjection} from '../../lib/causal/graph/projection';
import {formatPath, isOpenPath, isSeparationProof, mConnected, mSeparation} from '../../lib/causal/graph/separation';
import {fold, rng, uniform} from '../../lib/math';

const NAMES = ['A', 'B', 'C', 'D', 'E'];

describe('d- and m-separation', function () {
  this.timeout(180_000);

  it('agrees with path enumeration on all 29,281 labelled DAGs with 5 nodes, all pairs, all conditioning sets', () => {
    let graphs = 0, queries = 0;
    for (const arrows of allDags(5)) {
      graphs++;
      const graph = makeGraph(NAMES, [], arrows.map(([a, b]): Arrow => [NAMES[a], NAMES[b]]));
      const oracle = pathOracle(5, arrows);
      for (let x = 0; x < 5; x++) for (let z = 0; z < 32; z++) {
        if ((z >> x) & 1) continue;
        const found = mConnected(graph, [NAMES[x]], NAMES.filter((_, i) => (z >> i) & 1));
        for (let y = x + 1; y < 5; y++) if (!((z >> y) & 1)) {
          queries++;
          if (found.has(NAMES[y]) !== oracle(x, y, z))
            assert.fail(`${edgeList(graph)} : ${NAMES[x]}, ${NAMES[y]} given ${z.toString(2)}`);
        }
      }
    }
    assert.equal(graphs, 29281);
    assert.equal(queries, 29281 * 10 * 8);
  });

  it('every verdict on 2,000 random mixed graphs carries a witness that the separate checkers accept', () => {
    let open = 0;
    for (let k = 0; k < 2000; k++) {
      const graph = randomAdmg(k, 7), u = uniform(fold(rng(11), k), 7);
      const [x, y, ...rest] = [...graph.nodes].sort((a, b) => u[graph.nodes.indexOf(a)] - u[graph.nodes.indexOf(b)]);
      const z = rest.slice(0, k % 4), answer = mSeparation(graph, [x], [y], z);
      if (answer.separated) assert.ok(isSeparationProof(graph, answer.reached, {xs: [x], ys: [y], zs: z}));
      else {
        open++;
        assert.ok(isOpenPath(graph, answer.path, z), `${edgeList(graph)}: ${formatPath(answer.path)} | ${z}`);
      }
    }
    assert.ok(open > 300 && open < 1900, `${open}`);
  });

  it('the checkers refuse forged witnesses', () => {
    const chain = causalGraph(['X -> M -> Y', 'X -> C <- Y']);
    assert.ok(isOpenPath(chain, {nodes: ['X', 'M', 'Y'], links: ['->', '->']}, []));
    assert.ok(!isOpenPath(chain, {nodes: ['X', 'M', 'Y'], links: ['->', '->']}, ['M']), 'blocked chain');
    assert.ok(!isOpenPath(chain, {nodes: ['X', 'C', 'Y'], links: ['->', '<-']}, []), 'closed collider');
    assert.ok(!isOpenPath(chain, {nodes: ['X', 'Y'], links: ['->']}, []), 'edge that does not exist');
    assert.ok(!isSeparationProof(chain, [], {xs: ['X'], ys: ['Y'], zs: ['M']}), 'a proof must hold its starting moves');
  });

  it('the latent projection keeps every separation among measured nodes', () => {
    for (let k = 0; k < 200; k++) {
      const admg = randomAdmg(k + 5000, 5), dag = canonicalDag(admg), back = latentProjection(dag).graph;
      assert.deepEqual([...edgeList(back)].map(normalEdge).sort(), [...edgeList(admg)].map(normalEdge).sort());
      const z = admg.nodes.slice(2, 2 + k % 3);
      assert.equal(
        mSeparation(dag, [admg.nodes[0]], [admg.nodes[1]], z).separated,
        mSeparation(admg, [admg.nodes[0]], [admg.nodes[1]], z).separated,
      );
    }
  });

  it('projects hidden chains and remembers which hidden node is behind each <->', () => {
    const {graph, sources} =
      latentProjection(causalGraph(['H -> X', 'H -> K -> Y', 'X -> L -> Y'], {hidden: ['H', 'K', 'L']}));
    assert.deepEqual(edgeList(graph), ['X -> Y', 'X <-> Y']);
    assert.deepEqual(sources.map(s => s.through), ['H']);
  });

  it('M-bias: conditioning on the collider opens the path, and the witness says so', () => {
    const graph = causalGraph(['U -> X', 'U -> C <- V', 'V -> Y'], {hidden: ['U', 'V']});
    assert.ok(mSeparation(graph, ['X'], ['Y']).separated);
    const answer = mSeparation(graph, ['X'], ['Y'], ['C']);
    assert.ok(!answer.separated);
    assert.equal(formatPath(answer.path), 'X ← U → C ← V → Y');
  });

  it('surgery cuts what it says', () => {
    const graph = causalGraph(['W -> X -> Y', 'X <-> Y']);
    assert.deepEqual(edgeList(mutilate(graph, {into: ['X']})), ['X -> Y']);
    assert.deepEqual(edgeList(mutilate(graph, {outOf: ['X']})), ['W -> X', 'X <-> Y']);
  });

  it('refuses cycles, unknown names, overlaps and malformed edges with their names', () => {
    assert.throws(() => causalGraph(['A -> B -> C -> A']), (e: Error) => e instanceof ArgumentError
      && /cycle/.test(e.message) && /A -> B -> C -> A|B -> C -> A -> B|C -> A -> B -> C/.test(e.message));
    assert.throws(() => causalGraph(['A => B']), /A => B/);
    assert.throws(() => causalGraph(['A -> A']), /two different nodes/);
    assert.throws(() => mSeparation(causalGraph(['A -> B']), ['A'], ['Q']), /`ys` must be nodes of the graph/);
    assert.throws(() => mSeparation(causalGraph(['A -> B']), ['A'], ['B'], ['A']), /disjoint/);
    assert.throws(() => causalGraph(['A -> B'], {hidden: ['U']}), /hidden/);
  });
});

const normalEdge = (edge: string) => (edge.includes('<->') ? edge.split(' <-> ').sort().join(' <-> ') : edge);

/** Random acyclic mixed graph on n nodes. */
function randomAdmg(seed: number, n: number): CausalGraph {
  const names = Array.from({length: n}, (_, i) => `V${i}`), u = uniform(fold(rng(3), seed), n * n);
  const edges: string[] = [];
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) {
    if (u[i * n + j] < 0.35) edges.push(`${names[i]} -> ${names[j]}`);
    if (u[j * n + i] < 0.2) edges.push(`${names[i]} <-> ${names[j]}`);
  }
  return causalGraph(edges, {nodes: names});
}

/** Every labelled DAG: each pair is absent, forward or backward; cyclic ones are skipped. */
function* allDags(n: number): Generator<[number, number][]> {
  const pairs: [number, number][] = [];
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) pairs.push([i, j]);
  for (let code = 0; code < 3 ** pairs.length; code++) {
    const arrows: [number, number][] = [];
    for (let k = 0, rest = code; k < pairs.length; k++, rest = Math.floor(rest / 3)) {
      if (rest % 3 === 1) arrows.push(pairs[k]);
      if (rest % 3 === 2) arrows.push([pairs[k][1], pairs[k][0]]);
    }
    if (acyclic(n, arrows)) yield arrows;
  }
}

function acyclic(n: number, arrows: readonly [number, number][]): boolean {
  let left = (1 << n) - 1;
  for (let changed = true; changed && left;) {
    changed = false;
    for (let v = 0; v < n; v++) if ((left >> v) & 1 && !arrows.some(([a, b]) => b === v && (left >> a) & 1)) {
      left &= ~(1 << v);
      changed = true;
    }
  }
  return left === 0;
}

/** The definition, spelled out: list every undirected path once, keep its non-colliders and its colliders' descendants as bit sets. */
function pathOracle(n: number, arrows: readonly [number, number][]): (x: number, y: number, z: number) => boolean {
  const to = Array<number>(n).fill(0);
  for (const [a, b] of arrows) to[a] |= 1 << b;
  const below = to.map((_, v) => {
    let seen = 1 << v;
    for (let k = 0; k < n; k++) for (let w = 0; w < n; w++) if ((seen >> w) & 1) seen |= to[w];
    return seen;
  });
  const paths = new Map<number, {plain: number; colliders: number[]}[]>();
  const extend = (path: number[], used: number) => {
    const last = path.at(-1)!;
    if (path.length > 1 && path[0] < last) {
      let plain = 0; const colliders: number[] = [];
      for (let i = 1; i + 1 < path.length; i++) {
        const [a, v, b] = path.slice(i - 1, i + 2);
        if ((to[a] >> v) & 1 && (to[b] >> v) & 1) colliders.push(below[v]); else plain |= 1 << v;
      }
      const key = path[0] * n + last;
      paths.set(key, [...(paths.get(key) ?? []), {plain, colliders}]);
    }
    for (let w = 0; w < n; w++)
      if (!((used >> w) & 1) && ((to[last] >> w) & 1 || (to[w] >> last) & 1)) extend([...path, w], used | (1 << w));
  };
  for (let v = 0; v < n; v++) extend([v], 1 << v);
  return (x, y, z) =>
    (paths.get(x * n + y) ?? []).some(p => (p.plain & z) === 0 && p.colliders.every(d => (d & z) !== 0));
}
