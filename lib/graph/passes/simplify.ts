import type {Builder} from '../ir/builder';
import {broadcastShapes, type OpName} from '../ir/ops';
import {count, sameShape, type Node, type Value} from '../ir/program';
import {isNormal, rewrite, splat, type Pass} from './rewrite';

/** Replaces nodes that do nothing, or that a cheaper one can do, looking one or two nodes back. */
export const simplify: Pass = program => rewrite(program, (node, b) => {
  const value = rules[node.op]?.(node, b);
  return value && [value];
});

type Rule = (node: Node, b: Builder) => Value | undefined;

const list = (node: Node, name: string) => node.attributes[name] as readonly number[];
const number = (node: Node, name: string) => node.attributes[name] as number;
const producer = (
  b: Builder, value: Value, op: OpName,
) => { const node = b.producer(value); return node?.op === op ? node : undefined; };

/** `value` if it has the type of the node's output, so that it may stand in for it. */
const asIs = (node: Node, value: Value) => (sameShape(value.shape, node.outputs[0].shape) ? value : undefined);

/** Tries rules in order. */
const first = (...rules: Rule[]): Rule => (node, b) => {
  for (const rule of rules) {
    const value = rule(node, b);
    if (value) return value;
  }
  return undefined;
};

/** `x op c` is `x` for the neutral number c, on the right or, if the op commutes, on either side. */
const neutral = (c: number, commutes: boolean): Rule => (node, b) => {
  const [x, y] = node.inputs;
  if (splat(b, y) === c) return asIs(node, x);
  return commutes && splat(b, x) === c ? asIs(node, y) : undefined;
};

/** An expanded operand is used before its expansion where broadcasting gives the same result. */
const dropExpand: Rule = (node, b) => {
  const inputs = node.inputs.map(v => producer(b, v, 'Expand')?.inputs[0] ?? v);
  if (inputs.every((v, i) => v === node.inputs[i])) return undefined;
  // When all operands were expanded one of them has to stay, and the first will do.
  const kept = sameShape(broadcastShapes(...inputs.map(v => v.shape)), node.outputs[0].shape)
    ? inputs
    : [node.inputs[0], ...inputs.slice(1)];
  if (kept.every((v, i) => v === node.inputs[i])) return undefined;
  return sameShape(broadcastShapes(...kept.map(v => v.shape)), node.outputs[0].shape)
    ? b.op(node.op, kept, node.attributes)
    : undefined;
};

const addOfNegative: Rule = (node, b) => {
  const [x, y] = node.inputs;
  const right = producer(b, y, 'Neg');
  if (right) return b.op('Sub', [x, right.inputs[0]]);
  const left = producer(b, x, 'Neg');
  return left && b.op('Sub', [y, left.inputs[0]]);
};

const subOfNegative: Rule = (node, b) => {
  const right = producer(b, node.inputs[1], 'Neg');
  return right && b.op('Add', [node.inputs[0], right.inputs[0]]);
};

const minusFromZero: Rule = (node, b) => (splat(b, node.inputs[0]) === 0 ? asNegative(node, b) : undefined);
const asNegative: Rule = (node, b) => asIs(node, node.inputs[1]) && b.op('Neg', [node.inputs[1]]);

/** `(x * c) * d` for scalars c and d is `x * (c d)`, where that is a number of full precision. */
const mergeScales: Rule = (node, b) => {
  const [x, d] = scaled(node, b) ?? [];
  const inner = x && producer(b, x, 'Mul');
  const [y, c] = (inner && scaled(inner, b)) ?? [];
  return y && c !== undefined && d !== undefined && isNormal(c * d)
    ? asIs(node, y) && b.op('Mul', [y, b.scalar(c * d)])
    : undefined;
};

/** The operand and the factor of a product with a constant scalar. */
function scaled(node: Node, b: Builder): [Value, number] | undefined {
  if (node.outputs[0].dtype !== 'float32') return undefined;
  const [x, y] = node.inputs;
  const [left, right] = [splat(b, x), splat(b, y)];
  if (right !== undefined && asIs(node, x)) return [x, right];
  return left !== undefined && asIs(node, y) ? [y, left] : undefined;
}

/** Division by a constant is multiplication by its reciprocal where that is exact: powers of two. */
const divideByPower: Rule = (node, b) => {
  const c = splat(b, node.inputs[1]);
  const exact = c !== undefined && Number.isInteger(Math.log2(Math.abs(c))) && isNormal(1 / c);
  return exact && node.outputs[0].dtype === 'float32' ? b.op('Mul', [node.inputs[0], b.scalar(1 / c)]) : undefined;
};

const square: Rule = (node, b) => (splat(b, node.inputs[1]) === 2
  ? asIs(node, node.inputs[0]) && b.op('Mul', [node.inputs[0], node.inputs[0]])
  : undefined);

const reshapeOfReshape: Rule = (node, b) =>
  producer(b, node.inputs[0], 'Reshape') && reshaped(node.inputs[0], list(node, 'shape'), b);

/** `x` in another shape, without detours. */
function reshaped(x: Value, shape: readonly number[], b: Builder): Value {
  const source = producer(b, x, 'Reshape')?.inputs[0] ?? x;
  return sameShape(source.shape, shape) ? source : b.reshape(source, shape);
}

/** A reshaped expanded scalar is the scalar expanded to the new shape. */
const reshapeOfExpand: Rule = (node, b) => {
  const inner = producer(b, node.inputs[0], 'Expand');
  return inner && count(inner.inputs[0].shape) === 1
    ? b.op('Expand', [scalarOf(inner.inputs[0], b)], node.attributes)
    : undefined;
};
const scalarOf = (x: Value, b: Builder) => (x.shape.length === 0 ? x : b.reshape(x, []));

const transposeOfTranspose: Rule = (node, b) => {
  const inner = producer(b, node.inputs[0], 'Transpose');
  if (!inner) return list(node, 'perm').every((axis, i) => axis === i) ? node.inputs[0] : undefined;
  const perm = list(node, 'perm').map(axis => list(inner, 'perm')[axis]);
  return perm.every((axis, i) => axis === i) ? inner.inputs[0] : b.op('Transpose', inner.inputs, {perm});
};

/** Summing over axes of size 1, or none, only changes the shape. */
const reduceNothing: Rule = (node, b) => {
  const [x] = node.inputs;
  return list(node, 'axes').every(axis => x.shape[axis] === 1) ? reshaped(x, node.outputs[0].shape, b) : undefined;
};

/** Summing an expanded scalar is a product; this is what the gradient of a broadcast leaves behind. */
const sumOfExpand: Rule = (node, b) => {
  const inner = producer(b, node.inputs[0], 'Expand');
  if (!inner || count(inner.inputs[0].shape) !== 1) return undefined;
  const times = count(node.inputs[0].shape) / count(node.outputs[0].shape);
  const total = b.op('Mul', [scalarOf(inner.inputs[0], b), b.scalar(times, node.outputs[0].dtype)]);
  return node.outputs[0].shape.length === 0 ? total : b.op('Expand', [total], {shape: node.outputs[0].shape});
};

/** Repeating along axes of size 1 is broadcasting. */
const tileOfOnes: Rule = (node, b) => {
  const [x] = node.inputs;
  return list(node, 'repeats').every((times, axis) => times === 1 || x.shape[axis] === 1)
    ? b.op('Expand', [x], {shape: node.outputs[0].shape})
    : undefined;
};

/** Slicing, splitting or padding away nothing. */
const whole: Rule = node => (list(node, 'steps').every(step => step === 1) ? asIs(node, node.inputs[0]) : undefined);

/** Pieces of a Split that are joined again in order. */
const concatOfSplit: Rule = (node, b) => {
  if (node.inputs.length === 1) return node.inputs[0];
  const source = producer(b, node.inputs[0], 'Split');
  const all = source && source.outputs.length === node.inputs.length
    && source.outputs.every((v, i) => v === node.inputs[i]);
  return all && number(source, 'axis') === number(node, 'axis') ? source.inputs[0] : undefined;
};

const same: Rule = node => asIs(node, node.inputs[0]);
const sameType: Rule = node => (node.inputs[0].dtype === node.outputs[0].dtype ? node.inputs[0] : undefined);
const negativeTwice: Rule = (node, b) => producer(b, node.inputs[0], 'Neg')?.inputs[0];
const notTwice: Rule = (node, b) => producer(b, node.inputs[0], 'Not')?.inputs[0];

const rules: Partial<Record<OpName, Rule>> = {
  Identity: same, Expand: same, Tile: first(same, tileOfOnes), Cast: sameType, Neg: negativeTwice, Not: notTwice,
  Reshape: first(same, reshapeOfReshape, reshapeOfExpand),
  Transpose: transposeOfTranspose,
  Add: first(neutral(0, true), dropExpand, addOfNegative),
  Sub: first(neutral(0, false), minusFromZero, subOfNegative, dropExpand),
  Mul: first(neutral(1, true), mergeScales, dropExpand),
  Div: first(neutral(1, false), divideByPower, dropExpand),
  Pow: first(neutral(1, false), square),
  Max: dropExpand, Min: dropExpand, Equal: dropExpand, Less: dropExpand, LessOrEqual: dropExpand, Greater: dropExpand,
  GreaterOrEqual: dropExpand, Where: dropExpand,
  ReduceSum: first(reduceNothing, sumOfExpand), ReduceMean: reduceNothing, ReduceMax: reduceNothing,
  ReduceMin: reduceNothing, ReduceProd: reduceNothing,
  Slice: whole, Pad: same, Concat: concatOfSplit,
};
