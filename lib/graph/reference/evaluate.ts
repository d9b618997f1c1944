import type {OpName} from '../ir/ops';
import {count, type Attributes, type Node, type Program, type TensorType, type Value} from '../ir/program';
import {broadcastStrides, rowMajor} from '../ir/strides';

/** Values of one tensor in double precision, whatever its element type; booleans are 0 and 1. */
export type Numbers = Float64Array;

/**
 * Runs a program one node at a time in float64 with plain loops: slow and exact to rounding.
 * It is what passes are tested against, what constants are folded with, and what finite differences are taken of.
 */
export function evaluate(program: Program, inputs: readonly ArrayLike<number>[]): Numbers[] {
  const values = new Map<Value, Numbers>();
  program.inputs.forEach((value, i) => values.set(value, Float64Array.from(inputs[i])));
  for (const [value, data] of program.constants) values.set(value, Float64Array.from(data));
  for (const node of program.nodes) {
    const results = evaluateNode(node, node.inputs.map(v => values.get(v)!));
    node.outputs.forEach((v, i) => values.set(v, results[i]));
  }
  return program.outputs.map(v => values.get(v)!);
}

/**
 * One node's outputs from its inputs' values. Whole numbers are kept as an Int32Array would keep them.
 * @throws Error for an index outside its axis
 */
export function evaluateNode(node: Node, x: readonly Numbers[]): Numbers[] {
  const rule = rules[node.op];
  const results = rule(x, node);
  return (Array.isArray(results) ? results : [results]).map((values, i) =>
    (node.outputs[i].dtype === 'int32' ? values.map(v => v | 0) : values));
}

type Rule = (x: readonly Numbers[], node: Node) => Numbers | Numbers[];

const ints = (a: Attributes, name: string) => a[name] as readonly number[];
const int = (a: Attributes, name: string) => a[name] as number;

/** For each element of `shape`, the offset that `weights` (one step per axis) and `start` lead to. */
function offsets(shape: readonly number[], weights: readonly number[], start = 0): Int32Array {
  const out = new Int32Array(count(shape));
  const index = new Array<number>(shape.length).fill(0);
  for (let i = 0, at = start; i < out.length; i++) {
    out[i] = at;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += weights[axis];
      if (++index[axis] < shape[axis]) break;
      at -= weights[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return out;
}

/** Offsets into an operand of shape `from` while walking over the broadcast shape `to`. */
const broadcastOffsets = (from: readonly number[], to: readonly number[]): Int32Array =>
  offsets(to, broadcastStrides(from, to));

const take = (x: Numbers, at: Int32Array) => Float64Array.from(at, i => x[i]);
const map = (f: (x: number, a: Attributes) => number): Rule => ([x], {attributes}) => x.map(v => f(v, attributes));
const zip = (f: (...values: number[]) => number): Rule => (x, {inputs, outputs: [out]}) => {
  const at = inputs.map(v => broadcastOffsets(v.shape, out.shape));
  return Float64Array.from({length: count(out.shape)}, (_, i) => f(...x.map((values, k) => values[at[k][i]])));
};
const test = (f: (a: number, b: number) => boolean): Rule => zip((a, b) => Number(f(a, b)));

/** Folds over `axes`: `start`, then `step` for every element, then `end` with the number of elements. */
const fold = (
  start: number, step: (sum: number, x: number) => number, end = (sum: number, _n: number) => sum,
): Rule => ([x], {inputs: [from], attributes}) => {
  const axes = ints(attributes, 'axes');
  const kept = from.shape.map((n, i) => (axes.includes(i) ? 1 : n));
  const at = broadcastOffsets(kept, from.shape);
  const out = new Float64Array(count(kept)).fill(start);
  x.forEach((v, i) => { out[at[i]] = step(out[at[i]], v); });
  return out.map(v => end(v, x.length / out.length));
};

/** Calls `f` with every line of `x` along `axis`; `f` returns the line that replaces it. */
function alongAxis(x: Numbers, shape: readonly number[], axis: number, f: (line: Numbers) => Numbers): Numbers {
  const step = rowMajor(shape)[axis], n = shape[axis];
  const rest = offsets(shape.filter((_, i) => i !== axis), rowMajor(shape).filter((_, i) => i !== axis));
  const out = new Float64Array(x.length);
  for (const start of rest) f(Float64Array.from({length: n}, (_, i) => x[start + i * step])).forEach((v, i) => {
    out[start + i * step] = v;
  });
  return out;
}
const perLine = (f: (line: Numbers, a: Attributes) => Numbers): Rule => ([x], {inputs: [from], attributes}) =>
  alongAxis(x, from.shape, int(attributes, 'axis'), line => f(line, attributes));

const softmax = (line: Numbers) => {
  const top = Math.max(...line);
  const e = line.map(v => Math.exp(v - top));
  const sum = e.reduce((a, b) => a + b, 0);
  return e.map(v => v / sum);
};

const cumSum = (line: Numbers, a: Attributes) => {
  const source = int(a, 'reverse') ? line.slice().reverse() : line;
  let sum = 0;
  const out = source.map(v => { const before = sum; sum += v; return int(a, 'exclusive') ? before : sum; });
  return int(a, 'reverse') ? out.reverse() : out;
};

const argBy = (better: (a: number, b: number) => boolean): Rule => ([x], {inputs: [from], attributes}) => {
  const axis = int(attributes, 'axis');
  const index = alongAxis(x, from.shape, axis, line =>
    line.fill(line.reduce((best, v, i) => (better(v, line[best]) ? i : best), 0)));
  const own = rowMajor(from.shape);
  return take(index, offsets(from.shape.filter((_, i) => i !== axis), own.filter((_, i) => i !== axis)));
};

const matMul: Rule = ([a, b, c], {inputs: [ta, tb, tc], outputs: [out], attributes}) => {
  const {transA, transB, alpha = 1, beta = 1} = attributes as Record<string, number>;
  const [m, n] = out.shape.slice(-2), k = ta.shape[ta.shape.length - (transA ? 2 : 1)];
  const batch = out.shape.slice(0, -2);
  const starts = (t: TensorType) =>
    broadcastOffsets(t.shape.slice(0, -2), batch).map(i => i * count(t.shape.slice(-2)));
  const [sa, sb] = [starts(ta), starts(tb)];
  const [ai, ak] = transA ? [1, m] : [k, 1], [bk, bj] = transB ? [1, k] : [n, 1];
  const bias = c && take(c, broadcastOffsets(tc.shape, out.shape));
  return Float64Array.from({length: count(out.shape)}, (_, index) => {
    const j = index % n, i = Math.floor(index / n) % m, at = Math.floor(index / (m * n));
    let sum = 0;
    for (let p = 0; p < k; p++) sum += a[sa[at] + i * ai + p * ak] * b[sb[at] + p * bk + j * bj];
    return alpha * sum + (bias ? beta * bias[index] : 0);
  });
};

const concat: Rule = (x, {inputs, outputs: [out], attributes}) => {
  const axis = int(attributes, 'axis'), own = rowMajor(out.shape), result = new Float64Array(count(out.shape));
  let start = 0;
  x.forEach((values, k) => {
    offsets(inputs[k].shape, own, start * own[axis]).forEach((to, i) => { result[to] = values[i]; });
    start += inputs[k].shape[axis];
  });
  return result;
};

const split: Rule = ([x], {inputs: [from], outputs, attributes}) => {
  const axis = int(attributes, 'axis'), own = rowMajor(from.shape);
  let start = 0;
  return outputs.map(out => {
    const part = take(x, offsets(out.shape, own, start * own[axis]));
    start += out.shape[axis];
    return part;
  });
};

const slice: Rule = ([x], {inputs: [from], outputs: [out], attributes}) => {
  const own = rowMajor(from.shape), steps = ints(attributes, 'steps');
  const start = ints(attributes, 'starts').reduce((sum, s, i) => sum + s * own[i], 0);
  return take(x, offsets(out.shape, own.map((w, i) => w * steps[i]), start));
};

const pad: Rule = ([x], {inputs: [from], outputs: [out], attributes}) => {
  if (attributes.mode !== 'constant') throw new Error(`evaluate: Pad mode ${attributes.mode} is not supported`);
  const own = rowMajor(out.shape), pads = ints(attributes, 'pads');
  const result = new Float64Array(count(out.shape)).fill(int(attributes, 'value'));
  offsets(from.shape, own, own.reduce((sum, w, i) => sum + w * pads[i], 0)).forEach((to, i) => { result[to] = x[i]; });
  return result;
};

const tile: Rule = ([x], {inputs: [from], outputs: [out]}) => {
  const own = rowMajor(from.shape), all = rowMajor(out.shape);
  return Float64Array.from({length: count(out.shape)}, (_, i) =>
    x[own.reduce((sum, w, k) => sum + w * (Math.floor(i / all[k]) % from.shape[k]), 0)]);
};

const gather: Rule = ([x, index], {inputs: [from], attributes}) => {
  const axis = int(attributes, 'axis'), inner = count(from.shape.slice(axis + 1)), n = from.shape[axis];
  const outer = count(from.shape.slice(0, axis));
  const rows = Array.from({length: outer}, (_, o) =>
    Array.from(index, i => x.subarray((o * n + checked(i, n)) * inner, (o * n + i + 1) * inner)));
  return Float64Array.from(rows.flat().flatMap(row => Array.from(row)));
};

/** Start of each indexed block of `shape`, from the last axis of `index`. */
function blockStarts(index: Numbers, indexShape: readonly number[], shape: readonly number[]): number[] {
  const depth = indexShape[indexShape.length - 1], own = rowMajor(shape);
  return Array.from({length: index.length / depth}, (_, r) =>
    own.slice(0, depth).reduce((sum, w, k) => sum + w * checked(index[r * depth + k], shape[k]), 0));
}

const gatherNd: Rule = ([x, index], {inputs: [from, at]}) => {
  const block = count(from.shape.slice(at.shape[at.shape.length - 1]));
  return Float64Array.from(blockStarts(index, at.shape, from.shape).flatMap(s => Array.from(x.subarray(s, s + block))));
};

const scatterNd: Rule = ([x, index, updates], {inputs: [from, at]}) => {
  const block = count(from.shape.slice(at.shape[at.shape.length - 1])), out = x.slice();
  blockStarts(index, at.shape, from.shape).forEach((s, r) => {
    for (let i = 0; i < block; i++) out[s + i] += updates[r * block + i];
  });
  return out;
};

function roundHalfEven(x: number): number {
  const floor = Math.floor(x), rest = x - floor;
  return rest < 0.5 || (rest === 0.5 && floor % 2 === 0) ? floor : Math.ceil(x);
}

/** Remainder of a division that rounds down, as TensorFlow.js takes it. */
function floorMod(a: number, b: number): number {
  const rest = a % b;
  return (a < 0 && b < 0) || (a >= 0 && b >= 0) ? rest : (rest + b) % b;
}

/** An index inside its axis. */
function checked(index: number, length: number): number {
  if (index < 0 || index >= length) {
    throw new Error(`an index of a gather or scatter lies outside its axis: ${index}, of ${length}`);
  }
  return index;
}

/** Error function by its series near 0 and its continued fraction beyond, to about 1e-15. */
function erf(x: number): number {
  const a = Math.abs(x);
  if (a === 0) return x;
  if (a > 6) return Math.sign(x);
  if (a < 2.5) {
    let term = x, sum = x;
    for (let n = 1; n < 80; n++) { term *= (-x * x) / n; sum += term / (2 * n + 1); }
    return (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = a;
  for (let n = 80; n > 0; n--) fraction = a + n / 2 / fraction;
  return Math.sign(x) * (1 - Math.exp(-a * a) / (fraction * Math.sqrt(Math.PI)));
}

const copy: Rule = ([x]) => x;
const expand: Rule = ([x], {inputs: [from], outputs: [out]}) => take(x, broadcastOffsets(from.shape, out.shape));

const rules: Readonly<Record<OpName, Rule>> = {
  Abs: map(Math.abs), Neg: map(v => -v), Exp: map(Math.exp), Log: map(Math.log), Sqrt: map(Math.sqrt),
  Reciprocal: map(v => 1 / v),
  Floor: map(Math.floor), Ceil: map(Math.ceil), Round: map(roundHalfEven), Sin: map(Math.sin), Cos: map(Math.cos),
  Tan: map(Math.tan),
  Asin: map(Math.asin), Acos: map(Math.acos), Atan: map(Math.atan), Sinh: map(Math.sinh), Cosh: map(Math.cosh),
  Asinh: map(Math.asinh),
  Acosh: map(Math.acosh), Atanh: map(Math.atanh), Tanh: map(Math.tanh), Sigmoid: map(v => 1 / (1 + Math.exp(-v))),
  Erf: map(erf), Sign: map(v => (v > 0 ? 1 : v < 0 ? -1 : 0)),
  Relu: map(v => Math.max(0, v)), LeakyRelu: map((v, a) => (v < 0 ? v * int(a, 'alpha') : v)),
  Elu: map(v => (v < 0 ? Math.expm1(v) : v)),
  Softplus: map(v => Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v)))), Not: map(v => Number(!v)), Identity: copy,
  MeanOverWorkers: copy,
  Clip: map((v, a) => (v > int(a, 'max') ? int(a, 'max') : v < int(a, 'min') ? int(a, 'min') : v)),
  IsNaN: map(v => Number(Number.isNaN(v))), IsInf: map(v => Number(Math.abs(v) === Infinity)),
  Softmax: perLine(softmax), LogSoftmax: perLine(line => softmax(line).map(Math.log)), CumSum: perLine(cumSum),
  Add: zip((a, b) => a + b), Sub: zip((a, b) => a - b), Mul: zip((a, b) => a * b), Pow: zip(Math.pow),
  Max: zip(Math.max), Min: zip(Math.min),
  Div: zip((a, b) => a / b), FloorDiv: zip((a, b) => Math.floor(a / b)), FloorMod: zip(floorMod),
  SquaredDifference: zip((a, b) => (a - b) ** 2),
  And: zip((a, b) => a && b), Or: zip((a, b) => a || b), Xor: zip((a, b) => Number(a !== b)),
  Equal: test((a, b) => a === b), Less: test((a, b) => a < b), LessOrEqual: test((a, b) => a <= b),
  Greater: test((a, b) => a > b), GreaterOrEqual: test((a, b) => a >= b),
  Where: zip((c, a, b) => (c ? a : b)), Sum: zip((...values) => values.reduce((a, b) => a + b)),
  MatMul: matMul, Gemm: matMul,
  ReduceSum: fold(0, (s, v) => s + v), ReduceMean: fold(0, (s, v) => s + v, (s, n) => s / n),
  ReduceProd: fold(1, (s, v) => s * v),
  ReduceMax: fold(-Infinity, Math.max), ReduceMin: fold(Infinity, Math.min), ArgMax: argBy((a, b) => a > b),
  ArgMin: argBy((a, b) => a < b),
  Cast: ([x], {attributes: {to}}) => (to === 'bool' ? x.map(v => Number(v !== 0)) : x),
  Reshape: copy, Expand: expand, Tile: tile, Concat: concat, Split: split, Slice: slice, Pad: pad,
  Transpose: ([x], {inputs: [from], outputs: [out], attributes}) =>
    take(x, offsets(out.shape, ints(attributes, 'perm').map(axis => rowMajor(from.shape)[axis]))),
  Gather: gather, GatherND: gatherNd, ScatterND: scatterNd,
};
