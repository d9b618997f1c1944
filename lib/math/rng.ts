import {expect} from '../errors';

/**
 * State of a splittable, counter-based random generator: an immutable 64-bit key.
 * The same key gives the same numbers for ever; fresh randomness comes from {@link split} or {@link fold}.
 * @reference Salmon, Moraes, Dror, Shaw 2011, Parallel random numbers: as easy as 1, 2, 3. doi:10.1145/2063384.2063405
 */
export interface Rng {
  readonly key: readonly [number, number];
}

/**
 * Generator for an integer seed in [0, 2^53).
 * @throws ArgumentError for anything else.
 * @example
 * ```ts
 * import {rng, uniform} from './lib';
 * console.log(uniform(rng(1), 2));   // Float64Array(2) [ 0.8902591749233709, 0.5857259588132512 ]
 * ```
 */
export function rng(seed: number): Rng {
  expect(Number.isSafeInteger(seed) && seed >= 0, {
    fn: 'rng', argument: 'seed', expected: 'a whole number in [0, 2^53)', received: seed,
  });
  return make(seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0);
}

/**
 * `n` generators that are independent of each other and of `parent`'s own draws.
 * @throws ArgumentError unless `n` is a whole number >= 0.
 */
export function split(parent: Rng, n = 2): Rng[] {
  expectCount('split', n);
  return Array.from({length: n}, (_, i) => child(parent, i, 0, SPLIT));
}

/**
 * A generator named by `label` below `parent`: equal labels give equal generators, different ones different generators,
 * whatever was drawn before.
 * @param label text, or a whole number of at most 2^53 - 1 in size
 * @throws ArgumentError for any other number: rounded to a whole one it would repeat another label's draws.
 * @example
 * ```ts
 * import {fold, rng, uniform} from './lib';
 * const patients = fold(rng(1), 'patients'), noise = fold(rng(1), 'noise');
 * console.log(uniform(patients, 1)[0] === uniform(noise, 1)[0]);   // false
 * ```
 */
export function fold(parent: Rng, label: number | string): Rng {
  expect(typeof label === 'string' || Number.isSafeInteger(label), {
    fn: 'fold', argument: 'label', expected: 'a text, or a whole number of at most 2^53 - 1 in size', received: label,
    remedy: 'Name other numbers by their text: fold(rng, String(label)).',
  });
  if (typeof label === 'number') return child(parent, label >>> 0, Math.floor(label / 2 ** 32) >>> 0, FOLD);
  return child(parent, hash(label, 0x811c9dc5), hash(label, 0x01234567), FOLD_TEXT);
}

/** `n` uniform 32-bit words. @throws ArgumentError unless `n` is a whole number >= 0. */
export function bits(source: Rng, n: number): Uint32Array {
  expectCount('bits', n);
  const out = new Uint32Array(n);
  const block = new Uint32Array(4);
  for (let i = 0; i < n; i += 4) {
    philox4x32([i / 4, 0, 0, DRAW], source.key, block);
    for (let j = 0; j < 4 && i + j < n; j++) out[i + j] = block[j];
  }
  return out;
}

/**
 * `n` uniform numbers in the open interval (0, 1), each from 52 random bits.
 * @throws ArgumentError unless `n` is a whole number >= 0.
 * @example
 * ```ts
 * import {rng, uniform} from './lib';
 * const u = uniform(rng(1), 1000);
 * console.log(u.every(v => v > 0 && v < 1));   // true
 * ```
 */
export function uniform(source: Rng, n: number): Float64Array {
  expectCount('uniform', n);
  const words = bits(source, 2 * n), out = new Float64Array(n);
  // Half a step is added so that 0 never occurs and log() stays finite; with 53 bits the largest value would round to
  // 1.
  for (let i = 0; i < n; i++) out[i] = ((words[2 * i] >>> 6) * 2 ** 26 + (words[2 * i + 1] >>> 6) + 0.5) * 2 ** -52;
  return out;
}

/**
 * Checks how many are asked for.
 * @internal
 * @throws ArgumentError unless `n` is a whole number >= 0.
 */
export function expectCount(fn: string, n: number): void {
  expect(Number.isSafeInteger(n) && n >= 0, {fn, argument: 'n', expected: 'a whole number >= 0', received: n});
}

const DRAW = 0, SPLIT = 1, FOLD = 2, FOLD_TEXT = 3;

const make = (k0: number, k1: number): Rng =>
  Object.freeze({key: Object.freeze([k0, k1]) as readonly [number, number]});

function child(parent: Rng, lo: number, hi: number, purpose: number): Rng {
  const out = philox4x32([lo, hi, 0, purpose], parent.key, new Uint32Array(4));
  return make(out[0], out[1]);
}

/** FNV-1a over UTF-16 units; two offsets give the two halves of a 64-bit label. */
function hash(text: string, offset: number): number {
  let h = offset;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/**
 * Philox4x32-10: ten rounds over a 128-bit counter under a 64-bit key; writes four words to `out`.
 * @param counter four words of 32 bits
 * @param key two words
 * @reference Salmon et al. 2011, section 3.3 and the Random123 known-answer vectors.
 */
export function philox4x32(counter: readonly number[], key: readonly number[], out: Uint32Array): Uint32Array {
  let c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3], k0 = key[0], k1 = key[1];
  for (let round = 0; round < 10; round++) {
    const lo0 = Math.imul(0xd2511f53, c0) >>> 0, hi0 = mulhi(0xd2511f53, c0);
    const lo1 = Math.imul(0xcd9e8d57, c2) >>> 0, hi1 = mulhi(0xcd9e8d57, c2);
    c0 = (hi1 ^ c1 ^ k0) >>> 0;
    c1 = lo1;
    c2 = (hi0 ^ c3 ^ k1) >>> 0;
    c3 = lo0;
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  out[0] = c0; out[1] = c1; out[2] = c2; out[3] = c3;
  return out;
}

/** High 32 bits of an unsigned 32 x 32 bit product. */
function mulhi(a: number, b: number): number {
  const a1 = a >>> 16, a0 = a & 0xffff, b1 = b >>> 16, b0 = b & 0xffff;
  const mid = a1 * b0 + ((a0 * b0) >>> 16);
  const mid2 = a0 * b1 + (mid & 0xffff);
  return (a1 * b1 + Math.floor(mid / 65536) + Math.floor(mid2 / 65536)) >>> 0;
}
