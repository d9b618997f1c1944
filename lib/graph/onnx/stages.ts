import {Builder} from '../ir/builder';
import {freshPrefix} from '../ir/names';
import type {Node, Program, Value} from '../ir/program';

/**
 * One stretch of a program between exchanges with other workers. Equal names in different stages are the same value.
 */
export interface Stage {
  readonly program: Program;
  /** After the stage, value `from` is averaged over the workers and is called `to` from then on. */
  readonly exchanges: readonly {readonly from: string; readonly to: string; readonly shape: readonly number[]}[];
}

/** A program cut into stages. */
export interface StagedProgram {
  readonly stages: readonly Stage[];
  /** Name of the value that is each output of the whole program. */
  readonly outputs: readonly string[];
}

/** Cuts a program at its MeanOverWorkers nodes; a program without any is one stage. */
export function cutIntoStages(program: Program): StagedProgram {
  const {placed, last} = place(program);
  const shared = sharedValues(program, placed);
  const given = program.inputs.map((v, i) => v.name ?? `in${i}`), prefix = freshPrefix('x', given);
  const names = new Map<Value, string>([...shared].map((v, i) => [v, `${prefix}${i}`]));
  program.inputs.forEach((v, i) => names.set(v, given[i]));
  const stages = Array.from({length: last + 1}, (_, at) =>
    buildStage(program, program.nodes.filter(n => placed.get(n) === at), names));
  return {stages, outputs: program.outputs.map(v => names.get(v)!)};
}

const isExchange = (node: Node) => node.op === 'MeanOverWorkers';

/**
 * Stage of every node: late enough for its operands, then as late as its uses allow, so that little is carried from
 * stage to stage.
 */
function place(program: Program): {placed: Map<Node, number>; last: number} {
  const ready = new Map<Value, number>();
  const earliest = (node: Node) => Math.max(0, ...node.inputs.map(v => ready.get(v) ?? 0));
  for (const node of program.nodes) {
    for (const v of node.outputs) ready.set(v, earliest(node) + (isExchange(node) ? 1 : 0));
  }
  const last = Math.max(0, ...ready.values());
  const due = new Map<Value, number>(), placed = new Map<Node, number>();
  for (const node of program.nodes.toReversed()) {
    const at = isExchange(node) ? earliest(node) : Math.min(last, ...node.outputs.map(v => due.get(v) ?? last));
    placed.set(node, at);
    for (const v of node.inputs) due.set(v, Math.min(due.get(v) ?? last, at));
  }
  return {placed, last};
}

/** Computed values that leave the stage that makes them. */
function sharedValues(program: Program, placed: ReadonlyMap<Node, number>): Set<Value> {
  const maker = new Map<Value, Node>(program.nodes.flatMap(n => n.outputs.map(v => [v, n] as const)));
  const shared = new Set<Value>(program.outputs);
  for (const node of program.nodes) {
    for (const v of node.inputs) {
      const from = maker.get(v);
      if (from && (isExchange(node) || isExchange(from) || placed.get(from) !== placed.get(node))) shared.add(v);
    }
  }
  for (const node of program.nodes) if (isExchange(node)) shared.add(node.inputs[0]).add(node.outputs[0]);
  return shared;
}

function buildStage(program: Program, nodes: readonly Node[], names: ReadonlyMap<Value, string>): Stage {
  const b = new Builder(), local = new Map<Value, Value>();
  const own = nodes.filter(n => !isExchange(n));
  const made = new Set(own.flatMap(n => n.outputs));
  const resolve = (v: Value): Value => {
    if (made.has(v)) return v;
    const data = program.constants.get(v);
    const here = local.get(v) ?? (data ? b.keepConstant(v, data) : b.input(v.shape, v.dtype, names.get(v)!));
    local.set(v, here);
    return here;
  };
  for (const node of own) b.keep({...node, inputs: node.inputs.map(resolve)});
  const leaving = [...made].filter(v => names.has(v));
  const exchanges = nodes.filter(isExchange).map(n =>
    ({from: names.get(n.inputs[0])!, to: names.get(n.outputs[0])!, shape: n.outputs[0].shape}));
  return {program: b.finish(leaving, leaving.map(v => names.get(v)!)), exchanges};
}
