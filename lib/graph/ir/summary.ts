import {ops} from './ops';
import type {Node, ProgramParts} from './ir';
import {peakBytes} from './peakBytes';
import {byteSize} from './types';

/** Cost of a program by operation; `bytes` counts every read and write of every node once. */
export interface Cost {
  readonly op: string;
  readonly nodes: number;
  readonly flops: number;
  readonly bytes: number;
}

/** One row an operation, dearest arithmetic first, then most nodes. */
export function programCosts(program: ProgramParts): Cost[] {
  const rows = new Map<string, {nodes: number; flops: number; bytes: number}>();
  for (const node of program.nodes) {
    const row = rows.get(node.op) ?? {nodes: 0, flops: 0, bytes: 0};
    rows.set(node.op, {
      nodes: row.nodes + 1, flops: row.flops + ops[node.op].flops(node.inputs, node.outputs),
      bytes: row.bytes + traffic(node),
    });
  }
  return [...rows].map(([op, row]) => ({op, ...row})).sort((a, b) => b.flops - a.flops || b.nodes - a.nodes);
}

/** The cost table as text, with a total. */
export function summarise(program: ProgramParts): string {
  const rows = programCosts(program);
  const total = rows.reduce(
    (sum, r) => ({op: 'total', nodes: sum.nodes + r.nodes, flops: sum.flops + r.flops, bytes: sum.bytes + r.bytes}),
    {op: 'total', nodes: 0, flops: 0, bytes: 0},
  );
  const line = (r: Cost) => `${r.op.padEnd(16)}${String(r.nodes)
    .padStart(8)}${(r.flops / 1e6).toFixed(3).padStart(14)}${(r.bytes / 1e6).toFixed(3).padStart(12)}`;
  const constants = [...program.constants.keys()].reduce((sum, v) => sum + byteSize(v), 0);
  return [
    `${program.inputs.length} inputs, ${program.outputs.length} outputs, ${program.constants.size} constants `
      + `(${(constants / 1e6).toFixed(3)} MB); at most ${(peakBytes(program) / 1e6).toFixed(3)} MB computed and `
      + 'still needed',
    `${'op'.padEnd(16)}${'nodes'.padStart(8)}${'MFLOP'.padStart(14)}${'MB moved'.padStart(12)}`,
    ...[...rows, total].map(line),
  ].join('\n');
}

const traffic = (node: Node) => [...node.inputs, ...node.outputs].reduce((sum, v) => sum + byteSize(v), 0);
