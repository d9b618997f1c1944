import {expect} from '../errors';
import {figure, type Figure, type FigureRow, type FigureText} from './figure';
import {layeredPositions, type Position} from './dagLayout';
import {dagKey} from './dagKey';
import {edgeRoutes, type DagEdge, type EdgeRoute} from './dagRoutes';
import {subscripted} from './text';
import {ink, palette} from './theme';

/** A variable of a causal graph. */
export interface DagNode {
  readonly id: string;
  /** Default the id as it is; in a label, `Z_{t+s}` is written with a small index where the letters exist. */
  readonly label?: string;
  /** Not observed: dashed outline. */
  readonly hidden?: boolean;
  /** Colours the outline: treatments orange, outcomes blue. */
  readonly role?: 'treatment' | 'outcome';
  /** Conditioned on: grey fill. */
  readonly conditioned?: boolean;
}

/** Options of {@link dagFigure}. */
export interface DagOptions extends FigureText {
  /** Column and row of each node on a grid, row 0 on top; default: layers by longest path. */
  readonly positions?: Readonly<Record<string, Position>>;
  /** Paths, each a list of node ids, drawn bold in red; consecutive nodes need an edge in either direction. */
  readonly paths?: readonly (readonly string[])[];
  /** Distance of columns and rows in px, default `[90, 80]`. */
  readonly spacing?: readonly [number, number];
  /** Radius of a node in px, default 17. */
  readonly radius?: number;
  /**
   * A key below the graph to what it holds: roles, dashed circles and, named by `dashed`, dashed arrows. Default none.
   */
  readonly key?: {readonly dashed?: string};
}

/**
 * A causal graph with hidden nodes dashed.
 * @paper Figure 1 @throws ArgumentError on unknown or repeated nodes, cycles without positions, or a path without edges
 */
export function dagFigure(nodes: readonly DagNode[], edges: readonly DagEdge[], options: DagOptions): Figure {
  checkGraph(nodes, edges, options);
  const {spacing = [90, 80], radius = 17} = options;
  expect([...spacing, radius].every(px => px > 0 && px <= 1000), {
    fn: 'dagFigure', argument: 'spacing or radius', expected: 'in (0, 1000] px', received: [...spacing, radius],
  });
  const grid = options.positions ?? layeredPositions(nodes, edges);
  const place = new Map(nodes.map(({id}) => [id, [grid[id][0] * spacing[0], grid[id][1] * spacing[1]] as const]));
  const routes = edgeRoutes(edges, place, radius);
  const lit = new Set((options.paths ?? []).flatMap(path =>
    path.slice(1).flatMap((to, k) => [pairKey(path[k], to), pairKey(to, path[k])])));
  const onPath = new Set((options.paths ?? []).flat());
  const highlighted = ({from, to}: DagEdge) => lit.has(pairKey(from, to));
  const rows: FigureRow[] = [
    ...nodes.map(node => ({
      part: 'node', id: node.id, label: node.label === undefined ? node.id : subscripted(node.label),
      x: place.get(node.id)![0], y: place.get(node.id)![1], hidden: node.hidden ?? false, role: node.role ?? '',
      conditioned: node.conditioned ?? false, lit: onPath.has(node.id),
    })),
    ...edges.map((edge, k) => ({
      part: 'edge', id: `edge ${k + 1}`, from: edge.from, to: edge.to, kind: edge.kind ?? 'directed',
      dashed: edge.dashed ?? edge.kind === 'bidirected', lit: highlighted(edge),
    })),
  ];
  const description = options.description ?? describeDag(nodes, edges);
  const frame = extremes(routes, [...place.values()], radius);
  const has = (test: (node: DagNode) => boolean) => nodes.some(test);
  const key = options.key && dagKey({
    hidden: has(node => node.hidden === true), treatment: has(node => node.role === 'treatment'),
    outcome: has(node => node.role === 'outcome'), conditioned: has(node => node.conditioned === true),
    ...(edges.some(edge => edge.dashed) ? {dashed: options.key.dashed} : {}),
  }, frame);
  return figure({...options, description}, rows, {
    ...canvas(key ? {...frame, bottom: key.bottom} : frame),
    layer: [...edgeLayers(routes, highlighted), ...nodeLayers(radius), ...(key?.layers ?? [])],
  } as never);
}

const pairKey = (from: string, to: string) => JSON.stringify([from, to]);

function checkGraph(nodes: readonly DagNode[], edges: readonly DagEdge[], {positions, paths}: DagOptions) {
  const fn = 'dagFigure';
  const ids = new Set(nodes.map(node => node.id));
  expect(nodes.length <= 150 && edges.length <= 500, {
    fn, argument: 'nodes', expected: 'at most 150, with at most 500 edges', received: [nodes.length, edges.length],
    remedy: 'Draw a part of the graph.',
  });
  expect(nodes.length > 0 && ids.size === nodes.length, {
    fn, argument: 'nodes', expected: 'at least one node, each id once', received: nodes.map(node => node.id),
  });
  edges.forEach((edge, i) => expect(ids.has(edge.from) && ids.has(edge.to) && edge.from !== edge.to, {
    fn, argument: `edges[${i}]`, expected: 'between two different nodes of the graph',
    received: `${edge.from} to ${edge.to}`,
  }));
  const unplaced = positions
    && nodes.find(({id}) => !(Object.hasOwn(positions, id) && positions[id].every(Number.isFinite)));
  expect(!unplaced, {
    fn, argument: 'positions', expected: 'a [column, row] for each node', received: unplaced && unplaced.id,
    remedy: 'Place this node too, or leave positions out.',
  });
  const joined = (a: string, b: string) =>
    edges.some(({from, to}) => (from === a && to === b) || (from === b && to === a));
  paths?.forEach((path, i) => expect(path.every((id, k) => k === 0 || joined(path[k - 1], id)), {
    fn, argument: `paths[${i}]`, expected: 'a walk along edges', received: path,
  }));
}

interface Frame { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number }

function extremes(
  routes: readonly EdgeRoute[], centres: readonly (readonly [number, number])[], radius: number,
): Frame {
  const points = [...routes.flatMap(route => route.points), ...centres];
  const [xs, ys] = [points.map(p => p[0]), points.map(p => p[1])];
  const margin = radius + 4;
  return {
    left: Math.min(...xs) - margin, right: Math.max(...xs) + margin,
    top: Math.min(...ys) - margin, bottom: Math.max(...ys) + margin,
  };
}

/** One pixel of the drawing is one unit of both axes, rows counted downwards. */
function canvas({left, right, top, bottom}: Frame) {
  const axis = (domain: readonly [number, number]) =>
    ({scale: {domain, nice: false, zero: false}, axis: null, type: 'quantitative'});
  return {
    width: right - left, height: bottom - top,
    encoding: {x: {...axis([left, right]), field: 'x'}, y: {...axis([bottom, top]), field: 'y'}},
  };
}

const red = palette[4];

function edgeLayers(routes: readonly EdgeRoute[], highlighted: (edge: DagEdge) => boolean) {
  const style = (edge: DagEdge) => ({color: highlighted(edge) ? red : '#444444', width: highlighted(edge) ? 3 : 1.2});
  return routes.flatMap(({edge, points, heads}) => {
    const {color, width} = style(edge);
    const dashed = edge.dashed ?? edge.kind === 'bidirected';
    return [
      {
        data: {values: points.map(([x, y], order) => ({x, y, order}))},
        mark: {type: 'line', color, strokeWidth: width, tooltip: false, ...(dashed ? {strokeDash: [5, 3]} : {})},
        encoding: {order: {field: 'order'}},
      },
      {
        data: {values: heads.map(({at: [x, y], angle}) => ({x, y, angle}))},
        mark: {
          type: 'point', shape: 'M0,0L-1,0.42L-0.78,0L-1,-0.42Z', size: highlighted(edge) ? 170 : 110, color,
          filled: true, tooltip: false,
        },
        encoding: {angle: {field: 'angle', type: 'quantitative', scale: null}},
      },
    ];
  });
}

function nodeLayers(radius: number) {
  const node = {filter: "datum.part === 'node'"};
  const role = {condition: [{test: 'datum.lit', value: red}, {test: "datum.role === 'treatment'", value: palette[1]}, {
    test: "datum.role === 'outcome'", value: palette[0],
  }], value: ink.text};
  return [
    {
      transform: [node], mark: {type: 'point', shape: 'circle', filled: true, size: Math.PI * radius ** 2, opacity: 1},
      encoding: {
        fill: {condition: {test: 'datum.conditioned', value: ink.faint}, value: ink.paper}, stroke: role,
        strokeWidth: {condition: {test: "datum.lit || datum.role !== ''", value: 2.2}, value: 1.3},
        strokeDash: {condition: {test: 'datum.hidden', value: [4, 3]}, value: []},
      },
    },
    {
      transform: [node],
      mark: {type: 'text', fontSize: Math.round(radius * 0.76), fontStyle: 'italic', color: ink.text, limit: 200},
      encoding: {text: {field: 'label'}},
    },
  ];
}

function describeDag(nodes: readonly DagNode[], edges: readonly DagEdge[]): string {
  const name = (id: string) => nodes.find(node => node.id === id)!.label ?? id;
  const hidden = nodes.filter(node => node.hidden).map(node => node.label ?? node.id);
  const arrows = edges.map(({from, to, kind}) => `${name(from)} ${kind === 'bidirected' ? '↔' : '→'} ${name(to)}`);
  return `Causal graph of ${nodes.length} variables: `
    + `${arrows.join(', ')}.${hidden.length > 0 ? ` Not observed: ${hidden.join(', ')}.` : ''}`;
}
