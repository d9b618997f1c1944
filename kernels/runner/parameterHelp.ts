import {runInNewContext} from 'node:vm';
import ts from 'typescript';
import type {ParameterSet} from '../../lib/notebook/ranges';
import {rangeOf, type Ranges, rangeText} from '../../lib/notebook/ranges';
import {hasParameters} from './runNotebook';
import {joined, type Notebook} from '../nbformat/notebook';

/** The parameters of a notebook, a line each: name, values by profile, range. Nothing of the notebook is run. */
export function describeParameters(notebook: Notebook): string {
  const found = notebook.cells.filter((cell) => hasParameters({...notebook, cells: [cell]})).map((cell) =>
    argumentsIn(joined(cell.source)));
  const [written] = found;
  if (!written) return '  none, or they are computed: see the cell';
  const {profiles: {quick, full}, ranges, computed} = written;
  const rows = Object.keys(quick).map((name) => [
    name, valueText(quick[name]), valueText(full[name]),
    computed.includes(name) ? 'see the cell' : rangeText(quick[name], rangeOf(name, [quick, full], ranges)),
  ]);
  const table = [['name', 'quick', 'full', 'may be'], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column].length)));
  return table.map((row) => `  ${row.map((text, column) => text.padEnd(widths[column] ?? 0)).join('  ')}`).join('\n');
}

/** What a cell calls `parameters` with. */
interface Written {
  readonly profiles: {readonly quick: ParameterSet; readonly full: ParameterSet};
  readonly ranges: Ranges;
  /** Parameters whose range is not written as a plain literal. */
  readonly computed: readonly string[];
}

/** What `parameters` is called with, where values are written as plain literals; ranges may be computed. */
function argumentsIn(source: string): Written | undefined {
  const call = findCall(ts.createSourceFile('cell.ts', source, ts.ScriptTarget.ES2023, true));
  const profiles = call && (literal(call.arguments[0]) as Written['profiles'] | undefined);
  if (!profiles) return undefined;
  const [, given] = call.arguments, parts = given && ts.isObjectLiteralExpression(given) ? [...given.properties] : [];
  const read = parts.map((part) => [part.name?.getText() ?? '', literal(part)] as const);
  return {
    profiles, ranges: Object.assign({}, ...read.map(([, range]) => range)) as Ranges,
    computed: read.filter(([, range]) => range === undefined).map(([name]) => name),
  };
}

/** The value of an expression, or of one property in braces; undefined where it is computed from others. */
function literal(node: ts.Node): unknown {
  const text = ts.isObjectLiteralElement(node) ? `{${node.getText()}}` : node.getText();
  try {
    return runInNewContext(`(${text})`, {}, {timeout: 1000}) as unknown;
  } catch {
    return undefined;
  }
}

function findCall(node: ts.Node): ts.CallExpression | undefined {
  if (ts.isCallExpression(node) && /(^|\.)parameters$/.test(node.expression.getText())) return node;
  return ts.forEachChild(node, findCall);
}

function valueText(value: unknown): string {
  return Array.isArray(value) ? value.join(',') : String(value);
}
