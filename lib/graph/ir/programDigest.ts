import {digest} from '../../math/digest';
import type {ProgramParts, Value} from './ir';
import type {TensorType} from './types';

/**
 * Hash of what a program computes: types of its inputs, operations with their attributes, constants to the last bit,
 * and which of them the outputs are. Values count by their places, so names, ids and the order in which constants were
 * made do not.
 */
export function programDigest({inputs, constants, nodes, outputs}: ProgramParts): string {
  const places = new Map<Value, number>();
  const place = (value: Value): number => {
    const known = places.get(value) ?? places.size;
    places.set(value, known);
    return known;
  };
  const operand = (value: Value): unknown => {
    const data = places.has(value) ? undefined : constants.get(value);
    return data ? [place(value), type(value), data] : place(value);
  };
  inputs.forEach(place);
  return digest([
    inputs.map(type),
    nodes.map(node =>
      [node.op, node.attributes, node.inputs.map(operand), node.outputs.map(value => [place(value), type(value)])]),
    outputs.map(operand),
  ]);
}

const type = ({shape, dtype}: TensorType): unknown => [dtype, shape];
