import type {MathNode} from 'mathjs';

/** The parts of a parsed formula that readings look at. */
interface Part {
  readonly type: string;
  /** Of a symbol. */
  readonly name?: string;
  /** Of a constant. */
  readonly value?: unknown;
  /** Of an operator or a function. */
  readonly fn?: string | {readonly name?: string};
  /** In parentheses. */
  readonly content?: MathNode;
  readonly args?: readonly MathNode[];
}

/** What a reading makes of each kind of part; V is what it computes with. */
export interface Reading<V> {
  readonly number: (value: number) => V;
  readonly symbol: (name: string) => V;
  /** `fn` is add, subtract, multiply, divide, pow, unaryMinus, unaryPlus or a function. Undefined when not known. */
  readonly call: (fn: string, args: readonly V[]) => V | undefined;
}

/** Reads a formula from its leaves up. Undefined where it holds something that the reading does not know. */
export function readFormula<V>(node: MathNode, reading: Reading<V>): V | undefined {
  const {type, name, value, fn, content, args = []} = node as unknown as Part;
  if (type === 'ConstantNode') return typeof value === 'number' ? reading.number(value) : undefined;
  if (type === 'SymbolNode') return reading.symbol(name!);
  if (type === 'ParenthesisNode') return readFormula(content!, reading);
  const called = type === 'FunctionNode' ? (fn as {readonly name?: string}).name : type === 'OperatorNode' ? fn : 0;
  const values = args.map(arg => readFormula(arg, reading));
  return typeof called === 'string' && !values.includes(undefined) ? reading.call(called, values as V[]) : undefined;
}
