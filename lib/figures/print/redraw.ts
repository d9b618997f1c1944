import {dagFigure, type DagNode} from '../dag';
import type {DagEdge} from '../dagRoutes';
import type {Figure} from '../figure';
import {flowFigure} from '../flow';
import {rowsOf, walk, type Part} from './parts';
import {joinedLines} from './restyle';

/** The share of a node's radius that its letters have. */
const LETTER = 0.76;

/** Room between the outermost nodes and the edge of the drawing, beside their radius [px]. */
const RIM = 4;

/** Letters of a graph's key as it makes room for them [px]. */
const KEY_LETTER = 11;

/** Radius for which the usual distance of rows is made [px]. */
const USUAL_RADIUS = 17;

/**
 * Graphs and flows are drawn pixel by pixel: they are drawn anew from their rows, with room for letters of this size.
 * @param width of the drawing without the room around it [px]
 * @returns nothing for a figure of another kind
 */
export function redrawn(spec: Part, width: number, font: number): Part | undefined {
  const first = rowsOf(spec)[0] ?? {};
  if (first.part === 'node' && 'conditioned' in first) return graph(spec, width, font);
  const isFlow = first.step === 1 && typeof first.label === 'string' && 'layer' in spec;
  return isFlow ? flow(spec, width, font) : undefined;
}

/** Nodes as large as their letters, columns as far apart as the width allows. */
function graph(spec: Part, wide: number, font: number): Part {
  const zoom = font / KEY_LETTER, width = wide / zoom;
  const [nodes, edges] = ['node', 'edge'].map(part => rowsOf(spec).filter(row => row.part === part));
  const radius = KEY_LETTER / LETTER;
  const [xs, ys] = ['x', 'y'].map(key => nodes.map(node => node[key] as number));
  const [left, top] = [Math.min(...xs), Math.min(...ys)], across = Math.max(...xs) - left || 1;
  const stretch = Math.max(1e-3, (width - 2 * (radius + RIM)) / across);
  const positions = Object.fromEntries(nodes.map(({id}, k) => [id as string, [xs[k] - left, ys[k] - top] as const]));
  const paths = edges.filter(edge => edge.lit).map(edge => [edge.from as string, edge.to as string]);
  return zoomed(again(spec, dagFigure(nodes.map(nodeOf), edges.map(edgeOf), {
    ...texts(spec), positions, paths, radius, key: keyOf(spec),
    spacing: [stretch, Math.min(1.2 * stretch, (1.2 * radius) / USUAL_RADIUS)],
  })), zoom);
}

const nodeOf = ({id, label, hidden, role, conditioned}: Part): DagNode => ({
  id, label, hidden, conditioned, ...(role ? {role} : {}),
} as DagNode);

const edgeOf = ({from, to, kind, dashed}: Part): DagEdge => ({from, to, kind, dashed} as unknown as DagEdge);

/** What a key says of itself; its words for dashed arrows are the figure's own. */
const KEY = ['treatment', 'outcome', 'not measured', 'conditioned on'];

/** The key below a graph, if it has one: the only words that stand in its layers. */
function keyOf({layer}: Part): {readonly dashed?: string} | undefined {
  const words = (layer as Part[]).flatMap(rowsOf).map(({text}) => text).filter(text => typeof text === 'string');
  return words.length > 0 ? {dashed: words.find(word => !KEY.includes(word))} : undefined;
}

/** All of a drawing larger or smaller at once, but its lines. */
function zoomed(drawing: Part, zoom: number): Part {
  for (const side of ['width', 'height']) drawing[side] = (drawing[side] as number) * zoom;
  walk(drawing.layer, part => {
    if (typeof part.limit === 'number') part.limit *= zoom;
    if (typeof part.size === 'number') part.size *= zoom * zoom;
  });
  return drawing;
}

const texts = ({title, description}: Part) =>
  ({title: joinedLines((title as Part | undefined)?.text ?? 'untitled'), description: String(description)});

/** The new drawing under the old title. */
function again(spec: Part, figure: Figure): Part {
  const {title: _, ...drawing} = structuredClone(figure.spec) as unknown as Part;
  return spec.title ? {...drawing, title: spec.title} : drawing;
}

/** Letters of a flow as it makes room for them [px], and what stands beside its one and a half boxes. */
const FLOW_LETTER = 11, FLOW_ASIDE = 37;

/** Columns of a flow's rows that are no counts. */
const WORDS = new Set(['step', 'label', 'reason']);

/** Boxes for letters of a flow's own size, then all of it larger or smaller at once. */
function flow(spec: Part, width: number, font: number): Part {
  const steps = rowsOf(spec).map(row => ({
    label: row.label as string, ...(row.reason ? {left: row.reason as string} : {}),
    counts: Object.fromEntries(Object.entries(row).filter(([key]) =>
      !WORDS.has(key) && !key.endsWith(' left out'))) as Record<string, number>,
  }));
  const zoom = font / FLOW_LETTER, boxWidth = Math.min(600, Math.max(80, (width / zoom - FLOW_ASIDE) / 1.5));
  return zoomed(again(spec, flowFigure(steps, {...texts(spec), boxWidth})), zoom);
}
