import {adjacency, ancestors, expectNodes, expectSets, type CausalGraph} from './graph';

/** How two neighbouring nodes of a path are joined, read left to right. */
export type Link = '->' | '<-' | '<->';

/** A path: `links[i]` joins `nodes[i]` and `nodes[i + 1]`. */
export interface CausalPath {
  readonly nodes: readonly string[];
  readonly links: readonly Link[];
}

/** A node together with how the search came to it: by an arrowhead (`head`) or not. */
export interface SearchState {
  readonly node: string;
  readonly head: boolean;
}

/**
 * Verdict on `xs` and `ys` being separated by `zs`, with its reason: an open path, or the full set of states a ball
 * rolling from `xs` can be in, which anyone can check to be closed under the rules and free of `ys`.
 */
export type Separation =
  | {readonly separated: true; readonly reached: readonly SearchState[]}
  | {readonly separated: false; readonly path: CausalPath};

/**
 * Tests m-separation (d-separation in a DAG) of `xs` and `ys` given `zs` in time linear in the size of the graph.
 * @throws ArgumentError when a name is no node or the sets overlap.
 * @reference Shachter 1998, Bayes-Ball, UAI. Koller & Friedman 2009, algorithm 3.1. Richardson 2003,
 * doi:10.1111/1467-9469.00323 (m-separation).
 */
export function mSeparation(
  graph: CausalGraph, xs: readonly string[], ys: readonly string[], zs: readonly string[] = [],
): Separation {
  expectSets(graph, {xs, ys, zs}, 'mSeparation');
  const search = roll(graph, xs, ys, zs);
  if (search.hit < 0) {
    return {separated: true, reached: search.queue.map(s => ({node: graph.nodes[s >> 1], head: (s & 1) === 1}))};
  }
  return {separated: false, path: loopFree(trace(graph, search))};
}

/**
 * Every node that is not separated from `xs` given `zs` (nodes of `zs` left out).
 * @throws ArgumentError when a name is no node.
 */
export function mConnected(graph: CausalGraph, xs: readonly string[], zs: readonly string[] = []): Set<string> {
  for (const [name, set] of Object.entries({xs, zs})) expectNodes(graph, set, 'mConnected', name);
  const found = new Set(roll(graph, xs, [], zs).queue.map(s => graph.nodes[s >> 1]));
  for (const z of zs) found.delete(z);
  return found;
}

/**
 * True when `path` exists in `graph`, visits no node twice and is open given `zs`; written apart from the search, from
 * the definition.
 */
export function isOpenPath(graph: CausalGraph, path: CausalPath, zs: readonly string[]): boolean {
  const {parents, spouses} = adjacency(graph);
  const given = new Set(zs);
  const exists = path.links.every((link, i) => {
    const [a, b] = [path.nodes[i], path.nodes[i + 1]];
    if (link === '<->') return spouses.get(a)?.includes(b);
    return link === '->' ? parents.get(b)?.includes(a) : parents.get(a)?.includes(b);
  });
  const simple = new Set(path.nodes).size === path.nodes.length && path.nodes.length === path.links.length + 1;
  const ancestral = ancestors(graph, zs);
  const open = path.nodes.slice(1, -1).every((node, i) => {
    const collider = path.links[i] !== '<-' && path.links[i + 1] !== '->';
    return collider ? ancestral.has(node) : !given.has(node);
  });
  return exists && simple && open && !given.has(path.nodes[0]) && !given.has(path.nodes.at(-1)!);
}

/** That `xs` are separated from `ys` given `zs`. */
export interface SeparationClaim {
  readonly xs: readonly string[];
  readonly ys: readonly string[];
  readonly zs: readonly string[];
}

/**
 * True when `reached` really proves separation: it holds every start, is closed under every legal move, and no target
 * is in it.
 * @throws ArgumentError when a name is no node of `graph`.
 */
export function isSeparationProof(
  graph: CausalGraph, reached: readonly SearchState[], {xs, ys, zs}: SeparationClaim,
): boolean {
  const ancestral = ancestors(graph, zs), given = new Set(zs), {parents, children, spouses} = adjacency(graph);
  const has = (node: string, head: boolean) => reached.some(s => s.node === node && s.head === head);
  const moves = (node: string, open: (leavesByHead: boolean) => boolean) =>
    (!open(false) || children.get(node)!.every(n => has(n, true))) &&
    (!open(true) || (parents.get(node)!.every(n => has(n, false)) && spouses.get(node)!.every(n => has(n, true))));
  for (const [name, set] of Object.entries({reached: reached.map(s => s.node), xs})) {
    expectNodes(graph, set, 'isSeparationProof', name);
  }
  const closed = reached.every(({node, head}) =>
    moves(node, leavesByHead => (head && leavesByHead ? ancestral.has(node) : !given.has(node))));
  return closed && xs.every(x => moves(x, () => true)) && !reached.some(s => ys.includes(s.node));
}

/** A path as text, e.g. `X ← U → Y`. */
export function formatPath(path: CausalPath): string {
  const arrows = {'->': '→', '<-': '←', '<->': '↔'};
  return path.nodes.map((node, i) => (i === 0 ? node : `${arrows[path.links[i - 1]]} ${node}`)).join(' ');
}

/**
 * Graph in numbers: node i reached without or with an arrowhead is state 2i or 2i + 1; a move is a state, how it leaves
 * and its link.
 */
interface Moves {
  readonly index: ReadonlyMap<string, number>;
  readonly parents: readonly number[][];
  readonly moves: readonly Move[][];
}
interface Move { readonly to: number; readonly leavesByHead: boolean; readonly link: Link }

const moveTables = new WeakMap<CausalGraph, Moves>();

function movesOf(graph: CausalGraph): Moves {
  let table = moveTables.get(graph);
  if (!table) {
    const index = new Map(graph.nodes.map((n, i) => [n, i]));
    const parents = graph.nodes.map((): number[] => []), moves = graph.nodes.map((): Move[] => []);
    for (const [a, b] of graph.directed) {
      const [i, j] = [index.get(a)!, index.get(b)!];
      parents[j].push(i);
      moves[i].push({to: 2 * j + 1, leavesByHead: false, link: '->'});
      moves[j].push({to: 2 * i, leavesByHead: true, link: '<-'});
    }
    for (const [a, b] of graph.bidirected) {
      for (const [i, j] of [[index.get(a)!, index.get(b)!], [index.get(b)!, index.get(a)!]]) {
        moves[i].push({to: 2 * j + 1, leavesByHead: true, link: '<->'});
      }
    }
    moveTables.set(graph, table = {index, parents, moves});
  }
  return table;
}

interface Search {
  readonly queue: readonly number[];
  readonly hit: number;
  readonly from: Int32Array;
  readonly by: readonly Move[];
}

/**
 * Breadth-first search over (node, arrived by head?) states; each edge is looked at no more than twice in each
 * direction.
 */
function roll(graph: CausalGraph, xs: readonly string[], ys: readonly string[], zs: readonly string[]): Search {
  const {index, parents, moves} = movesOf(graph), n = graph.nodes.length;
  const given = new Uint8Array(n), target = new Uint8Array(n), ancestral = new Uint8Array(n);
  for (const y of ys) target[index.get(y)!] = 1;
  const up = zs.map(z => index.get(z)!);
  for (const z of up) given[z] = ancestral[z] = 1;
  for (let v = up.pop(); v !== undefined; v = up.pop()) {
    for (const p of parents[v]) if (!ancestral[p]) { ancestral[p] = 1; up.push(p); }
  }
  const from = new Int32Array(2 * n).fill(-1), by: Move[] = [], queue: number[] = [];
  const visit = (move: Move, source: number) => {
    if (from[move.to] < 0) { from[move.to] = source; by[move.to] = move; queue.push(move.to); }
  };
  // Starts are marked 2n + node so that the way back can stop there.
  for (const x of xs) for (const move of moves[index.get(x)!]) visit(move, 2 * n + index.get(x)!);
  for (let k = 0; k < queue.length; k++) {
    const state = queue[k], v = state >> 1;
    if (target[v]) return {queue, hit: state, from, by};
    for (const move of moves[v]) {
      if ((state & 1) === 1 && move.leavesByHead ? ancestral[v] : !given[v]) visit(move, state);
    }
  }
  return {queue, hit: -1, from, by};
}

function trace(graph: CausalGraph, {hit, from, by}: Search): CausalPath {
  const n = graph.nodes.length, nodes: string[] = [], links: Link[] = [];
  for (let state = hit; ; state = from[state]) {
    if (state >= 2 * n) { nodes.unshift(graph.nodes[state - 2 * n]); return {nodes, links}; }
    nodes.unshift(graph.nodes[state >> 1]);
    links.unshift(by[state].link);
  }
}

/**
 * Cuts the loops out of an open walk. What is left is open as well: where a loop at v is cut and v becomes a collider,
 * the loop left v by a tail and so ran down to a collider, whose descendant in the conditioning set is then v's too.
 */
function loopFree(walk: CausalPath): CausalPath {
  const nodes = [...walk.nodes], links = [...walk.links];
  for (let i = 0; i < nodes.length; i++) {
    const last = nodes.lastIndexOf(nodes[i]);
    nodes.splice(i + 1, last - i);
    links.splice(i, last - i);
  }
  return {nodes, links};
}
