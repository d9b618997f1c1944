import MersenneTwister from 'mersenne-twister';
import {inspect} from 'node:util';

/** Values that resist being shown, thrown or sent, after reports about notebooks in many languages. Each number names one; equal numbers give equal values. */
export function hostile(seed: number): unknown {
  const twister = new MersenneTwister(seed);
  const draw: Draw = (n) => Math.floor(twister.random() * n);
  return oneOf(draw, [leaf, leaf, bundle, bundle, failing, failing, trapped, nested, custom])(draw);
}

/** An error whose parts resist being described. */
export function hostileError(seed: number): unknown {
  const twister = new MersenneTwister(seed);
  return failing((n) => Math.floor(twister.random() * n));
}

type Draw = (n: number) => number;

function oneOf<T>(draw: Draw, from: readonly T[]): T {
  return from[draw(from.length)];
}

const fail = (): never => {
  throw new RangeError('resisted');
};

function recurse(): string {
  return recurse() + recurse();
}

const LEAVES: readonly (() => unknown)[] = [
  () => 5, () => null, () => undefined, () => NaN, () => -0, () => 10n ** 40n, () => Symbol('odd'), () => '\ud800',
  () => 'x'.repeat(2_000_000), () => '\u0000\u001b[31m',
  () => fail, () => class Odd {}, () => new Date(NaN), () => Object.create(null), () => new Map([[{}, new Map()]]),
  () => new WeakMap(), () => Promise.resolve(1),
  () => (function* () { yield 1; })(), () => Buffer.alloc(1e6), () => new Float64Array(1e6),
  () => new Array(2 ** 32 - 1), () => globalThis, () => process, () => new SharedArrayBuffer(8),
  () => Object.fromEntries(Array.from({length: 50_000}, (_, i) => [`key ${i}`, i])), () => cycle(), () => deep(5_000),
  () => structuredClone(new ArrayBuffer(8), {transfer: []}),
  () => Proxy.revocable({}, {}), () => Object(1n), () => Object(Symbol('boxed')), () => new (class extends Array {})(3),
  () => import.meta,
];

const leaf = (draw: Draw): unknown => oneOf(draw, LEAVES)();

function cycle(): object {
  const self: Record<string, unknown> = {};
  return Object.assign(self, {self, list: [self]});
}

function deep(levels: number): object {
  let value: object = {};
  for (let i = 0; i < levels; i++) value = {value};
  return value;
}

const TYPES = [
  'text/plain', 'text/html', 'image/png', 'image/svg+xml', 'application/json', 'application/vnd.vegalite.v5+json',
  'application/vnd.jupyter.widget-view+json',
];

/** A MIME bundle with contents of the wrong kind, as it is or through a method. */
function bundle(draw: Draw): unknown {
  const data = Object.fromEntries([0, 1].map(() => [oneOf(draw, TYPES), leaf(draw)]));
  const made = {data, metadata: oneOf<unknown>(draw, [{}, undefined, null, 5, 1n, {a: 1n}, fail])};
  const kind = draw(4);
  if (kind === 0) return {[Symbol.for('obsnode.mime')]: () => made};
  if (kind === 1) return {[Symbol.for('obsnode.mime')]: async () => made};
  if (kind === 2) return {
    [Symbol.for('obsnode.mime')]: oneOf<unknown>(draw, [fail, recurse, () => leaf(draw), async () => fail(), 5]),
  };
  return made;
}

const PARTS = ['name', 'message', 'stack', 'cause', 'errors', 'code', 'toString', 'constructor'];

/** An error, or something like one, of which some parts are of the wrong kind, throw, recurse or refer to itself. */
function failing(draw: Draw): unknown {
  const error = oneOf<() => object>(draw, [
    () => new Error('odd'), () => new AggregateError([new Error('inner'), 5], 'many'),
    () => ({message: 'like', stack: 'one'}), () => new DOMException('x'),
  ])();
  for (const part of PARTS) {
    const kind = draw(8);
    if (kind === 0) Object.defineProperty(error, part, {get: fail, configurable: true});
    if (kind === 1) Object.defineProperty(error, part, {get: recurse, configurable: true});
    if (kind === 2) Object.defineProperty(error, part, {value: leaf(draw), configurable: true, enumerable: true});
    if (kind === 3) Object.defineProperty(error, part, {value: error, configurable: true, enumerable: true});
    if (kind === 4)
      Object.defineProperty(error, part, {get: () => failing(draw), configurable: true, enumerable: true});
  }
  return error;
}

const TRAPS = ['get', 'has', 'ownKeys', 'getPrototypeOf', 'getOwnPropertyDescriptor', 'apply'] as const;

/** A proxy whose traps throw, lie or answer to everything. */
function trapped(draw: Draw): unknown {
  const target =
    oneOf<() => object>(draw, [() => ({}), () => fail, () => [], () => new Error('target'), () => new Map()])();
  if (draw(6) === 0) return revoked(target);
  const answer = oneOf<(...args: never[]) => unknown>(draw, [fail, () => () => 'x', () => 5, () => null, recurse]);
  return new Proxy(target, Object.fromEntries(TRAPS.filter(() => draw(2) === 0).map((trap) => [trap, answer])));
}

function revoked(target: object): object {
  const {proxy, revoke} = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

const NAMES: readonly PropertyKey[] = [
  'data', 'shape', 'columns', 'dataSync', 'values', 'length', 'constructor', 'toString', 'toJSON', 'stack',
  Symbol.for('obsnode.mime'), Symbol.toStringTag, Symbol.toPrimitive, Symbol.iterator, inspect.custom,
];

/** An object in which some well-known properties throw or hold something odd. */
function nested(draw: Draw): unknown {
  const value: object = draw(3) === 0
    ? {dataSync: fail, shape: [1], dtype: 'float32', columns: ['a'], values: [[leaf(draw)]], index: [0]}
    : {};
  for (const name of NAMES) {
    const kind = draw(6);
    if (kind === 0) Object.defineProperty(value, name, {get: fail, configurable: true, enumerable: true});
    if (kind === 1) Object.defineProperty(value, name, {value: leaf(draw), configurable: true, enumerable: true});
    if (kind === 2) Object.defineProperty(value, name, {value: fail, configurable: true, enumerable: true});
  }
  return value;
}

/** A class with an inspection of its own that throws, lies, recurses, or unfolds without end. */
function custom(draw: Draw): unknown {
  const own = oneOf<() => unknown>(draw, [
    fail, recurse, () => leaf(draw), () => custom(draw), () => Array.from({length: 30}, () => custom(draw)),
    () => ({a: new Wide(), b: new Wide()}),
  ]);
  return {[inspect.custom]: own};
}

/** Ever more of itself. */
class Wide {
  [inspect.custom](): unknown {
    return [new Wide(), new Wide()];
  }
}
