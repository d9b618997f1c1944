import {expect} from '../errors';
import {isConfirmed, type Confirmed} from './referee/confirm';
import {claimText} from './derive/doCalculus';
import type {Derivation} from './derive/derivation';
import {expectNodes, type CausalGraph} from './graph/graph';
import {expressionLatex} from './derive/latex';
import {own} from './graph/own';
import {formatPath} from './graph/separation';

/**
 * An identified estimand for the reader: question, formula, and the referee's finding. There is no other way to print
 * the word: it takes what `confirm` returned, so an estimand that no referee has confirmed cannot be shown as
 * identified.
 * @throws ArgumentError for anything that `confirm` did not make.
 */
export function identifiedMarkdown(confirmed: Confirmed): string {
  expect(isConfirmed(confirmed), {
    fn: 'identifiedMarkdown', argument: 'confirmed', expected: 'what `confirm` returned', received: confirmed,
    remedy: 'Call confirm(estimand, graph, query, {models, seed}) first.',
  });
  const {question, estimand, models, seed, maxError} = confirmed;
  return `**Identified:** $${expressionLatex(question)} = ${expressionLatex(estimand)}$. Referee: largest distance `
    + `from intervention ${maxError.toExponential(1)} on ${models} random models (seed ${seed}).`;
}

/**
 * A derivation as a Markdown table with LaTeX: step, what was done, what had to hold, the verdict with its open path,
 * and the line it leads to. It shows steps and their verdicts; that its last line is identified is for
 * {@link identifiedMarkdown} to say.
 */
export function derivationMarkdown({lines}: Derivation): string {
  const rows = lines.map(({number, reason, expression, check}) => {
    const verdict = !check ? 'by the axioms'
      : check.verdict.separated ? '✓'
      : `✗ open: ${markdownText(formatPath(check.verdict.path))}`;
    return `| ${number} | ${markdownText(reason)} | ${check ? markdownText(claimText(check)) : ''} | `
      + `${number === 0 ? '' : verdict} | $${expressionLatex(expression)}$ |`;
  });
  return ['| | step | claim | verdict | line |', '|---|---|---|---|---|', ...rows].join('\n');
}

/** Text as it is, in a Markdown table: names may hold what Markdown or HTML would read as its own. */
function markdownText(text: string): string {
  return text.replace(/[&<>]/g, c => ({'&': '&amp;', '<': '&lt;'}[c] ?? '&gt;')).replace(/[\\`*_[\]|$~]/g, '\\$&');
}

/** What a drawing of a causal graph needs: plain data in the form of `dagFigure`'s arguments. */
export interface GraphDrawing {
  readonly nodes: readonly {
    readonly id: string;
    readonly label?: string;
    readonly hidden: boolean;
    readonly role?: 'treatment' | 'outcome';
    readonly conditioned: boolean;
  }[];
  readonly edges: readonly {
    readonly from: string;
    readonly to: string;
    readonly kind: 'directed' | 'bidirected';
    readonly dashed: boolean;
  }[];
  /** Column and row of each node, where the names carry times. */
  readonly positions?: Readonly<Record<string, readonly [number, number]>>;
}

/** Options of {@link graphDrawing}. */
export interface GraphDrawingOptions {
  readonly treatments?: readonly string[];
  readonly outcomes?: readonly string[];
  readonly conditioned?: readonly string[];
  /** Edges to dash, as text like `'Y0 -> A1'`, e.g. those of a treatment regime. */
  readonly dashed?: readonly string[];
}

/**
 * Nodes and edges of `graph` for drawing. Unrolled state-space graphs are laid out by time: A above, Z in the middle, Y
 * below, ε last.
 * @throws ArgumentError when `path` or `conditioned` names what is no node of `graph`.
 */
export function graphDrawing(
  graph: CausalGraph, {treatments = [], outcomes = [], conditioned = [], dashed = []}: GraphDrawingOptions = {},
): GraphDrawing {
  for (const [argument, names] of Object.entries({treatments, outcomes, conditioned})) {
    expectNodes(graph, names, 'graphDrawing', argument);
  }
  const nodes = graph.nodes.map(id => ({
    // Only letters with a time get an index; any other name is drawn as it is.
    id, ...(/^\p{L}+\d+$/u.test(id) ? {label: id.replace(/\d+$/, '_$&')} : {}), hidden: graph.hidden.has(id),
    conditioned: conditioned.includes(id),
    ...(treatments.includes(id) ? {role: 'treatment' as const}
      : outcomes.includes(id) ? {role: 'outcome' as const}
      : {}),
  }));
  const edges = [
    ...graph.directed.map(([from, to]) =>
      ({from, to, kind: 'directed' as const, dashed: dashed.includes(`${from} -> ${to}`)})),
    ...graph.bidirected.map(([from, to]) => ({from, to, kind: 'bidirected' as const, dashed: true})),
  ];
  const places = graph.nodes.map(id => place(id));
  return places.every(p => p !== undefined)
    ? {nodes, edges, positions: Object.fromEntries(graph.nodes.map((id, i) => [id, places[i]!]))}
    : {nodes, edges};
}

/** Offsets of the processes within a time step. */
const ROWS: Readonly<Record<string, readonly [number, number]>> = {A: [0.42, 0], Z: [0, 1], Y: [0, 2], ε: [0.42, 2.8]};

function place(id: string): readonly [number, number] | undefined {
  const match = /^(\D+)(\d+)$/u.exec(id), row = match && own(ROWS, match[1]);
  return match && row ? [Number(match[2]) + row[0], row[1]] : undefined;
}
