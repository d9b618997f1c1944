import * as tf from '@tensorflow/tfjs';

/** One trainable array, float32, row-major. */
export interface Weight {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Anything with a shape ends a branch: a {@link Weight} or a tensor. */
type Leaf = {readonly shape: readonly number[]};

/** The same tree with a tensor in place of every {@link Weight}. */
export type Tensors<P> = P extends Weight ? tf.Tensor : {readonly [K in keyof P]: Tensors<P[K]>};

/** The leaves of a tree of plain objects and arrays, with their dotted paths, in a fixed order (keys as written). */
export function leaves<L extends Leaf>(tree: unknown): {readonly path: string; readonly value: L}[] {
  const found: {path: string; value: L}[] = [];
  const walk = (node: unknown, path: string) => {
    if (isLeaf(node)) found.push({path, value: node as L});
    else for (const [key, child] of Object.entries(node as object)) walk(child, path ? `${path}.${key}` : key);
  };
  walk(tree, '');
  return found;
}

/** A tree shaped like `tree` whose leaves are `values`, taken in the order of {@link leaves}. */
export function rebuild<P, V>(
  tree: P, values: readonly V[],
): P extends Weight ? V : {readonly [K in keyof P]: unknown} {
  let next = 0;
  const walk = (node: unknown): unknown => {
    if (isLeaf(node)) return values[next++];
    if (Array.isArray(node)) return node.map(walk);
    return Object.fromEntries(Object.entries(node as object).map(([key, child]) => [key, walk(child)]));
  };
  return walk(tree) as never;
}

/** The weights as tensors, to run a layer by hand; recorded functions take them up as constants. */
export function tensors<P>(weights: P): Tensors<P> {
  return rebuild(weights, leaves<Weight>(weights)
    .map(({value: {shape, data}}) => tf.tensor(data, [...shape]))) as unknown as Tensors<P>;
}

/** How many numbers a tree of weights holds. */
export function parameterCount(tree: unknown): number {
  return leaves(tree).reduce((sum, {value}) => sum + value.shape.reduce((a, b) => a * b, 1), 0);
}

const isLeaf = (node: unknown): node is Leaf =>
  typeof node === 'object' && node !== null && Array.isArray((node as Leaf).shape);
