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
  const [[profiles, ranges = {}] = []] = found;
  if (!profiles) return '  none, or they are computed: see the cell';
  const {quick, full} = profiles;
  const rows = Object.keys(quick).map((name) => [
    name, valueText(quick[name]), valueText(full[name]), rangeText(quick[name], rangeOf(name, [quick, full], ranges)),
  ]);
  const table = [['name', 'quick', 'full', 'may be'], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column].length)));
  return table.map((row) => `  ${row.map((text, column) => text.padEnd(widths[column] ?? 0)).join('  ')}`).join('\n');
}

type Arguments = readonly [profiles: {readonly quick: ParameterSet; readonly full: ParameterSet}, ranges?: Ranges];

/** What `parameters` is called with, where it is written as plain literals. */
function argumentsIn(source: string): Arguments | [] {
  const file = ts.createSourceFile('cell.ts', source, ts.ScriptTarget.ES2023, true);
  const call = findCall(file);
  try {
    return call ? (runInNewContext(`[${call.arguments.map((node) => node.getText()).join(', ')}]`, {}, {
      timeout: 1000,
    }) as Arguments) : [];
  } catch {
    return []; // the values are computed from others
  }
}

function findCall(node: ts.Node): ts.CallExpression | undefined {
  if (ts.isCallExpression(node) && /(^|\.)parameters$/.test(node.expression.getText())) return node;
  return ts.forEachChild(node, findCall);
}

function valueText(value: unknown): string {
  return Array.isArray(value) ? value.join(',') : String(value);
}
