import {adjacency, freshName, makeGraph, type Arrow, type CausalGraph} from './graph';

/** A latent projection and the reason for each edge that stands for hidden nodes. */
export interface Projection {
  /** The ADMG over the measured nodes. */
  readonly graph: CausalGraph;
  /** Which hidden node is behind each `<->`. */
  readonly sources: readonly {readonly edge: Arrow; readonly through: string}[];
}

/**
 * Latent projection onto the measured nodes: `A -> B` when a directed path runs through hidden nodes only, `A <-> B`
 * when a hidden node reaches both that way (or an existing `<->` does). It keeps every separation among measured nodes.
 * @reference Verma & Pearl 1990, Equivalence and synthesis of causal models, UAI; Tian & Pearl 2002.
 */
export function latentProjection(graph: CausalGraph): Projection {
  const measured = graph.nodes.filter(n => !graph.hidden.has(n));
  const reach = new Map(graph.nodes.map(n => [n, measuredBelow(graph, n)]));
  const directed = measured.flatMap(a => reach.get(a)!.map((b): Arrow => [a, b]));
  const sources: {edge: Arrow; through: string}[] = [];
  for (const u of graph.hidden) for (const edge of pairs(reach.get(u)!)) sources.push({edge, through: u});
  for (const [a, b] of graph.bidirected) {
    const left = graph.hidden.has(a) ? reach.get(a)! : [a], right = graph.hidden.has(b) ? reach.get(b)! : [b];
    for (const l of left) for (const r of right) if (l !== r) sources.push({edge: [l, r], through: `${a} <-> ${b}`});
  }
  return {graph: makeGraph(measured, [], directed, sources.map(s => s.edge)), sources};
}

/**
 * The DAG that puts one hidden common cause behind every `<->`; inverse of the projection up to names. The new nodes'
 * names are new.
 */
export function canonicalDag(graph: CausalGraph): CausalGraph {
  const taken = new Set(graph.nodes);
  const causes = graph.bidirected.map(([a, b]) => ({name: freshName(`U_${a}${b}`, taken), a, b}));
  const arrows = causes.flatMap(({name, a, b}): Arrow[] => [[name, a], [name, b]]);
  const names = causes.map(c => c.name);
  return makeGraph([...names, ...graph.nodes], [...graph.hidden, ...names], [...graph.directed, ...arrows]);
}

/** Measured nodes that a directed path through hidden nodes alone leads to. */
function measuredBelow(graph: CausalGraph, from: string): string[] {
  const found = new Set<string>(), seen = new Set<string>(), stack = [from];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    for (const child of adjacency(graph).children.get(node)!) {
      if (!graph.hidden.has(child)) found.add(child);
      else if (!seen.has(child)) { seen.add(child); stack.push(child); }
    }
  }
  return graph.nodes.filter(n => found.has(n));
}

function pairs(items: readonly string[]): Arrow[] {
  return items.flatMap((a, i) => items.slice(i + 1).map((b): Arrow => [a, b]));
}
