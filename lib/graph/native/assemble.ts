import {count, sameShape, type Program, type Value} from '../ir/program';
import {coldAfter} from './ahead';
import {chain, type Unit} from './chains';
import {Constants} from './constants';
import {awaited, deferrableProducts, kept, SLACK} from './deferrable';
import {isElementwise} from './elementwise';
import {joinSlopes} from './slopes';
import {isProduct} from './packing';
import {sharedChains} from './shared';
import {FIRST_INPUT, outsideUses, store, views} from './storage';
import {writeChain} from './writeChain';
import {writeNode, writeProduct} from './writeNode';
import {Writer} from './writer';

/** A program as the engine in C reads it. */
export interface Assembly {
  /** Instructions: number, length in words, operands. */
  readonly code: Int32Array;
  readonly constants: Uint8Array;
  /** Bytes of scratch room that each worker needs. */
  readonly scratch: number;
}

/**
 * Writes a program as instructions.
 * @param differs whether an input is not the same for all workers; default: each may be
 * @throws Error for an operation that the engine does not have
 */
export function assemble(program: Program, differs: (input: Value) => boolean = () => true): Assembly {
  const units = joinSlopes(program, chain(program)), constants = new Constants(program);
  const external = outsideUses(program, units);
  const root = views(program), deferrable = deferrableProducts(program, units);
  const keptSince = (at: number) => (at >= SLACK && deferrable.has(units[at - SLACK]) ? kept(units[at - SLACK]) : []);
  const inPlace = (unit: Unit, result: Value) => replaceable(unit, result, root);
  const storage = store(program, units, constants.offsets, {inPlace, held: keptSince}), memory = {storage, external};
  const writer = new Writer(program, constants, memory, sharedChains(program, differs));
  const ahead = coldAfter(units, storage, external), before = awaited(program, units, deferrable, memory);
  const ends = new Map<Unit, number>();
  units.forEach((unit, at) => {
    const product = before[at];
    if (product) writer.instruction('Await', ends.get(product)!);
    writer.ahead = ahead[at];
    writeUnit(unit, writer, deferrable.has(unit));
    ends.set(unit, writer.words.length);
  });
  program.outputs.forEach((value, i) =>
    writer.copyOut(value, {block: FIRST_INPUT + program.inputs.length + i, offset: 0}));
  return {code: Int32Array.from(writer.words), constants: constants.bytes(), scratch: 4 * writer.scratch};
}

function writeUnit(unit: Unit, w: Writer, deferrable: boolean): void {
  const [node] = unit;
  if (isElementwise(node)) return writeChain(unit, w);
  if (isProduct(node)) return writeProduct(unit, w, deferrable ? 'DeferrableProduct' : 'Product');
  if (node.op === 'MeanOverWorkers') return w.instruction('Exchange', unit.length, ...unit.map(n =>
    [count(n.outputs[0].shape), w.at(n.inputs[0]), w.at(n.outputs[0])].flat()));
  writeNode(node, w);
}

/** Values whose memory a result may take over: nothing of them is read after the first of it is written. */
function replaceable(unit: Unit, result: Value, root: (v: Value) => Value): readonly Value[] {
  const [node] = unit;
  if (isElementwise(node)) {
    const made = new Set(unit.flatMap(n => n.outputs)), at = unit.findIndex(n => n.outputs.includes(result));
    const readLater = new Set(unit.slice(at + 1).flatMap(n => n.inputs.map(root)));
    return result.dtype === 'bool' ? [] : unit.slice(0, at + 1).flatMap(n => n.inputs).filter(v =>
      !made.has(v) && v.dtype !== 'bool' && count(v.shape) === count(result.shape) && !readLater.has(root(v)));
  }
  // A product that adds into a sum, and a scatter into a copy.
  const [first, ...others] = node.op === 'Gemm' && node.inputs.length === 3 ? node.inputs.toReversed()
    : node.op === 'ScatterND' ? node.inputs
    : [];
  const read = [...others, ...unit.slice(1).flatMap(n => n.inputs)];
  return first && sameShape(first.shape, result.shape) && !read.some(v => root(v) === root(first)) ? [first] : [];
}
