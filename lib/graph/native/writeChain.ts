import {count, type Node, type Value} from '../ir/program';
import {broadcastStrides, collapse} from '../ir/strides';
import type {Unit} from './chains';
import {stepsOf, type Scalar, type StepOperand} from './elementwise';
import {opcode, type Opcode} from './opcodes';
import {MAX_RANK, type Writer} from './writer';

/** How an operand of a chain lies in memory; the engine's names are in `elementwise.h`. */
const CONTIGUOUS = 0, ONE_NUMBER = 1, BROADCAST = 2;

/**
 * Writes a chain of element-by-element nodes as one instruction.
 * @throws Error for a chain that needs more registers or axes than the engine has.
 */
export function writeChain(unit: Unit, w: Writer): void {
  const shape = unit[0].outputs[0].shape, n = count(shape);
  const operands = new Map<Key, Value | Scalar>(), results = unit.map(node => node.outputs[0]).filter(w.isExternal);
  const steps = unit.flatMap(node => chainSteps(node, operands)), made = new Set<Key>(steps.map(s => s.result));
  for (const k of made) operands.delete(k);

  const registers = new Map<Key, number>([...operands.keys(), ...results].map((k, i) => [k, i]));
  const lastUse = new Map<Key, number>();
  steps.forEach(({keys}, i) => keys.forEach(k => lastUse.set(k, i)));
  const free: number[] = [];
  let size = registers.size;
  const code = steps.flatMap(({op, keys, result}, i) => {
    const from = keys.map(k => registers.get(k)!);
    for (const k of new Set(keys)) {
      if (lastUse.get(k) === i && made.has(k) && !results.includes(k as Value)) free.push(registers.get(k)!);
    }
    if (!registers.has(result)) registers.set(result, free.pop() ?? size++);
    return [opcode(op), registers.get(result)!, ...[0, 1, 2].map(j => from[j] ?? from[0])];
  });
  if (size > MAX_REGISTERS) {
    throw new Error(`provider 'native': a chain of ${unit.length} operations needs ${size} registers; use 'cpu'`);
  }

  const values = [...operands.values()].map(o =>
    ('value' in o ? {dtype: o.dtype, shape: [], at: w.scalarAt(o)} : {dtype: o.dtype, shape: o.shape, at: w.at(o)}));
  const simple = collapse(shape, values.map(v => broadcastStrides(v.shape, shape)));
  if (simple.shape.length > MAX_RANK) {
    throw new Error(`provider 'native' broadcasts over at most ${MAX_RANK} axes; use 'cpu'`);
  }
  const kind = (v: {readonly shape: readonly number[]}) =>
    (count(v.shape) === n ? CONTIGUOUS : count(v.shape) === 1 ? ONE_NUMBER : BROADCAST);
  w.instruction('Elementwise', Number(
    w.isShared(unit),
  ), n, operands.size, results.length, size, steps.length, simple.shape.length, simple.shape,
    values.flatMap((v, i) => [...v.at, kind(v), Number(v.dtype === 'bool'), ...simple.strides[i]]),
    results.flatMap(v => [registers.get(v)!, ...w.at(v), Number(v.dtype === 'bool')]), code);
}

/**
 * What names an operand or a result inside a chain: a value, the text of a number, or an object for what only a later
 * step sees.
 */
type Key = object | string;

interface ChainStep {
  readonly op: Opcode;
  readonly keys: readonly Key[];
  readonly result: Key;
}

/** The steps of one node; notes the values and numbers that they take. */
function chainSteps(node: Node, operands: Map<Key, Value | Scalar>): ChainStep[] {
  const own = stepsOf(node), results: Key[] = own.map((_, i) => (i === own.length - 1 ? node.outputs[0] : {}));
  const key = (o: StepOperand): Key => {
    if ('step' in o) return results[o.step];
    const name = 'value' in o ? `${o.dtype}:${o.value}` : o;
    operands.set(name, o);
    return name;
  };
  return own.map(({op, operands: used}, i) => ({op, keys: used.map(key), result: results[i]}));
}

/** As in `elementwise.h`. */
const MAX_REGISTERS = 40;
