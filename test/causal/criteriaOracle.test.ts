import assert from 'node:assert/strict';
import {
  averagedFrontDoorEstimand, backDoorEstimand, backDoorSets, conditionalFrontDoorSets, frontDoorSets,
} from '../../lib/causal/identify/criteria';
import {randomScm} from '../../lib/causal/referee/discreteScm';
import {probability} from '../../lib/causal/derive/expression';
import {causalGraph, edgeList} from '../../lib/causal/graph/graph';
import {compareOn} from '../../lib/causal/referee/referee';
import {fold, rng, uniform} from '../../lib/math';

type Edges = readonly (readonly [number, number])[];

/** The criteria from their definitions, by listing every path of a DAG on numbered nodes; shares nothing with the library. */
function oracle(n: number, arrows: Edges) {
  const has = (a: number, b: number) => arrows.some(([p, q]) => p === a && q === b);
  const below = (v: number, stop: readonly number[] = []): Set<number> =>
    new Set([v, ...(stop.includes(v) ? [] : arrows.filter(([a]) => a === v).flatMap(([, b]) => [...below(b, stop)]))]);
  const paths = (a: number, b: number): number[][] => {
    const grow = (path: number[]): number[][] => path.at(-1) === b ? [path] : Array.from({length: n}, (_, w) => w)
      .filter(w => !path.includes(w) && (has(path.at(-1)!, w) || has(w, path.at(-1)!))).flatMap(w =>
        grow([...path, w]));
    return grow([a]);
  };
  const open = (
    path: number[], given: readonly number[], from: readonly number[],
  ) => path.slice(1, -1).every((v, i) => {
    const collider = has(path[i], v) && has(path[i + 2], v);
    // Back-door paths never leave a node of `from` by its tail, and neither do the descents that open their colliders.
    return collider ? [...below(v, from)].some(d => given.includes(d)) : !given.includes(v);
  });
  const backDoorOpen = (
    from: readonly number[], to: number, given: readonly number[],
  ) => from.some(start => paths(start, to)
    .filter(p => p.every((v, i) => !from.includes(v) || i === p.length - 1 || has(p[i + 1], v))
      && p.every((v, i) => i === 0 || !from.includes(v) || has(p[i - 1], v)))
    .some(p => open(p, given, from)));
  const directed = (a: number, b: number) => paths(a, b).filter(p => p.every((v, i) => i === 0 || has(p[i - 1], v)));
  return {
    backDoor: (x: number, y: number, w: readonly number[]) => !w.some(v => below(x).has(v)) && !backDoorOpen([x], y, w),
    frontDoor: (
      x: number, y: number, m: readonly number[], w: readonly number[],
    ) => directed(x, y).every(p => p.some(v => m.includes(v))) &&
      m.every(v => !backDoorOpen([x], v, w)) && !backDoorOpen(m, y, [x, ...w])
        && !w.some(v => [x, ...m].some(s => below(s).has(v))),
  };
}

const subsets = (items: readonly number[]) =>
  Array.from({length: 2 ** items.length}, (_, bits) => items.filter((_item, i) => (bits >> i) & 1));
const key = (sets: readonly (readonly string[])[]) => sets.map(s => [...s].sort().join('+')).sort();

describe('set finders', function () {
  this.timeout(180_000);

  it('back-door, front-door and conditional front-door sets equal the definitions on 400 random DAGs with 6 nodes, 2 '
      + 'of them hidden', () => {
    const found = {back: 0, front: 0, conditional: 0};
    for (let k = 0; k < 400; k++) {
      const {n, arrows, hidden, x, y} = problem(k), name = (v: number) => `V${v}`, truth = oracle(n, arrows);
      const graph = causalGraph(arrows.map(([a, b]) => `V${a} -> V${b}`), {
        nodes: Array.from({length: n}, (_, i) => name(i)), hidden: hidden.map(name),
      });
      const free = Array.from({length: n}, (_, i) => i).filter(v => !hidden.includes(v) && v !== x && v !== y);
      const q = {x: [name(x)], y: [name(y)]};
      const back = subsets(free).filter(w => truth.backDoor(x, y, w)).map(w => w.map(name));
      const pairs = subsets(free).filter(m => m.length > 0).flatMap(m => subsets(free.filter(v =>
        !m.includes(v))).filter(w => truth.frontDoor(x, y, m, w)).map(w => ({m: m.map(name), w: w.map(name)})));
      assert.deepEqual(key(backDoorSets(graph, q)), key(back), `${edgeList(graph)} hidden ${hidden}`);
      assert.deepEqual(
        key(conditionalFrontDoorSets(graph, q).map(({m, w}) => [`${key([m])[0]}|${key([w])[0]}`])),
        key(pairs.map(({m, w}) => [`${key([m])[0]}|${key([w])[0]}`])), `${edgeList(graph)} hidden ${hidden}`,
      );
      assert.deepEqual(key(frontDoorSets(graph, q)), key(pairs.filter(p => p.w.length === 0).map(p => p.m)));
      found.back += back.length;
      found.conditional += pairs.length;
      found.front += pairs.filter(p => p.w.length === 0).length;
    }
    console.log(
      `      ${found.back} back-door, ${found.front} front-door, ${found.conditional} conditional front-door sets`,
    );
    assert.ok(found.back > 200 && found.front > 30 && found.conditional > 100);
  });

  it('every set found gives the right number on a random model', () => {
    for (let k = 0; k < 200; k++) {
      const {n, arrows, hidden, x, y} = problem(k), name = (v: number) => `V${v}`;
      const graph = causalGraph(arrows.map(([a, b]) => `V${a} -> V${b}`), {
        nodes: Array.from({length: n}, (_, i) => name(i)), hidden: hidden.map(name),
      });
      const q = {x: [name(x)], y: [name(y)]}, scm = randomScm(graph, fold(rng(33), k));
      const effect = probability(q.y, {intervened: q.x});
      const estimands = [
        ...backDoorSets(graph, q).map(w => backDoorEstimand({...q, w})),
        ...conditionalFrontDoorSets(graph, q).map(({m, w}) => averagedFrontDoorEstimand({...q, m, w})),
      ];
      for (const e of estimands)
        assert.ok(Math.max(...compareOn(scm, e, effect)) < 1e-12, `${edgeList(graph)} hidden ${hidden}`);
    }
  });
});

/** Nodes in causal order; x before y. */
function problem(k: number): {n: number; arrows: Edges; hidden: number[]; x: number; y: number} {
  const n = 6, u = uniform(fold(rng(41), k), n * n + 6), hidden = [0, 1 + Math.floor(3 * u[n * n])];
  const arrows = Array.from({length: n * n}, (_, i) => [Math.floor(i / n), i % n] as const).filter(([a, b]) =>
    a < b && u[a * n + b] < 0.4);
  const seen = Array.from({length: n - 1}, (_, i) => i).filter(v => !hidden.includes(v));
  return {n, arrows, hidden, x: seen[Math.floor(2 * u[n * n + 1])], y: n - 1};
}
