import type {OpName} from '../ir/ops';
import type {DType, Node, Value} from '../ir/program';
import {isOpcode, type Opcode} from './opcodes';

/** A number that is an operand. */
export interface Scalar {
  readonly value: number;
  readonly dtype: DType;
}

/** An operand of a step: a value, a number, or the result of an earlier step of the same node. */
export type StepOperand = Value | Scalar | {readonly step: number};

/** One step of the engine; `-` names in registers are filled in later. */
export interface Step {
  readonly op: Opcode;
  readonly operands: readonly StepOperand[];
}

const elementwise = new Set<OpName>([
  'Abs', 'Neg', 'Exp', 'Log', 'Sqrt', 'Reciprocal', 'Floor', 'Ceil', 'Round', 'Sin', 'Cos', 'Tan', 'Asin', 'Acos',
  'Atan', 'Sinh', 'Cosh', 'Asinh', 'Acosh', 'Atanh', 'Tanh', 'Sigmoid', 'Erf', 'Sign', 'Relu', 'LeakyRelu', 'Elu',
  'Softplus', 'Not', 'Clip', 'IsNaN', 'IsInf', 'Add', 'Sub', 'Mul', 'Div', 'Pow', 'Max', 'Min', 'FloorMod', 'FloorDiv',
  'SquaredDifference', 'And', 'Or', 'Xor', 'Equal', 'Less', 'LessOrEqual', 'Greater', 'GreaterOrEqual', 'Where', 'Sum',
  'Cast',
]);

/** Whether each element of the result depends on one element of each operand alone. */
export const isElementwise = (node: Node): boolean => elementwise.has(node.op);

/**
 * A node as steps of the engine; the last one is its result.
 * @throws Error for an element type that an operation does not take.
 */
export function stepsOf(node: Node): Step[] {
  const {op, inputs, attributes} = node, type = inputs[0].dtype;
  const one = (name: string, operands: readonly StepOperand[] = inputs): Step => {
    const typed = type === 'float32' || !isOpcode(`${name}Int`) ? name : `${name}Int`;
    if (!isOpcode(typed) || (type !== 'float32' && typed === name && !ANY_TYPE.has(name))) {
      throw new Error(`provider 'native' has no ${op} of ${type}; use 'cpu'`);
    }
    return {op: typed, operands};
  };
  const scalar = (name: string): Scalar => ({value: attributes[name] as number, dtype: type});
  switch (op) {
    case 'Clip': return [one('Clip', [inputs[0], scalar('min'), scalar('max')])];
    case 'LeakyRelu': return [one('LeakyRelu', [inputs[0], scalar('alpha')])];
    case 'Sum': return inputs.slice(1).map((v, i) => one('Add', [i === 0 ? inputs[0] : {step: i - 1}, v]));
    case 'Cast': return [{op: casts[attributes.to as DType][type === 'float32' ? 'float' : 'whole'], operands: inputs}];
    case 'Where': return [{op: 'Where', operands: inputs}];
    default: return [one(op)];
  }
}

const ANY_TYPE = new Set(['And', 'Or', 'Xor', 'Not']);

/** Booleans are the whole numbers 0 and 1 while they are worked with. */
const casts = {
  float32: {float: 'Abs', whole: 'FloatOfInt'},
  int32: {float: 'IntOfFloat', whole: 'BoolOfInt'},
  bool: {float: 'BoolOfFloat', whole: 'BoolOfInt'},
} as const satisfies Record<DType, Record<string, Opcode>>;
