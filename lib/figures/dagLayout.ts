import {expect} from '../errors';

/** Column and row on the grid of a graph's drawing. */
export type Position = readonly [column: number, row: number];

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly kind?: 'directed' | 'bidirected';
}

/**
 * Column = length of the longest directed path that leads to a node, row = its turn within the column, columns centred.
 * @throws ArgumentError when directed edges form a cycle
 */
export function layeredPositions(
  nodes: readonly {readonly id: string}[], edges: readonly Edge[],
): Record<string, Position> {
  const parents = new Map(nodes.map(({id}) =>
    [id, edges.filter(edge => edge.to === id && edge.kind !== 'bidirected').map(edge => edge.from)]));
  const depths = new Map<string, number>();
  const depth = (id: string, seen: readonly string[]): number => {
    expect(!seen.includes(id), {
      fn: 'dagFigure', argument: 'edges', expected: 'free of directed cycles', received: [...seen, id],
      remedy: 'Give `positions` to draw a graph with cycles.',
    });
    if (!depths.has(id)) {
      depths.set(id, Math.max(-1, ...parents.get(id)!.map(parent => depth(parent, [...seen, id]))) + 1);
    }
    return depths.get(id)!;
  };
  const members = new Map<number, string[]>();
  nodes.forEach(({id}) => members.set(depth(id, []), [...(members.get(depth(id, [])) ?? []), id]));
  const tallest = Math.max(...[...members.values()].map(ids => ids.length));
  return Object.fromEntries([...members].flatMap(([column, ids]) =>
    ids.map((id, k) => [id, [column, k + (tallest - ids.length) / 2] as const])));
}
