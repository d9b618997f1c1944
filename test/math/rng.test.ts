import assert from 'node:assert/strict';
import {sampleCorrelation} from 'simple-statistics';
import {bits, fold, philox4x32, rng, split, uniform} from '../../lib/math';
import {kolmogorovPValue, kolmogorovTail} from './kolmogorov';

const philox = (...words: [number, number, number, number, number, number]): number[] =>
  [...philox4x32(words.slice(0, 4), words.slice(4), new Uint32Array(4))];

describe('Philox4x32-10', () => {
  it('gives the known answers of Random123', () => {
    assert.deepEqual(philox(0, 0, 0, 0, 0, 0), [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
    const ones = 0xffffffff;
    assert.deepEqual(philox(ones, ones, ones, ones, ones, ones), [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd]);
    assert.deepEqual(philox(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0), [
      0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1,
    ]);
  });
});

describe('random numbers', () => {
  it('are the same for the same seed, for ever', () => {
    assert.deepEqual([...bits(rng(0), 4)], [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
    assert.deepEqual(uniform(rng(7), 100), uniform(rng(7), 100));
    assert.notDeepEqual(uniform(rng(7), 4), uniform(rng(8), 4));
    assert.notDeepEqual(uniform(rng(1), 4), uniform(rng(1 + 2 ** 32), 4));
  });

  it('a longer draw begins with the shorter one', () => {
    assert.deepEqual(uniform(rng(3), 1001).subarray(0, 7), uniform(rng(3), 7));
    assert.deepEqual(bits(rng(3), 6).subarray(0, 5), bits(rng(3), 5));
  });

  it('are uniform on the open interval (0, 1)', () => {
    const u = uniform(rng(42), 200_000);
    assert.ok(u.every(value => value > 0 && value < 1));
    assert.ok(kolmogorovPValue(u, x => x) > 1e-3);
    // The largest value that 52 bits can give stays below 1.
    assert.ok((2 ** 52 - 1 + 0.5) * 2 ** -52 < 1);
  });

  it('are set in every one of 32 bits half of the time', () => {
    const n = 50_000, words = bits(rng(5), n);
    for (let bit = 0; bit < 32; bit++) {
      const ones = words.reduce((sum, word) => sum + ((word >>> bit) & 1), 0);
      assert.ok(Math.abs(ones - n / 2) < 4.5 * Math.sqrt(n / 4), `bit ${bit}: ${ones}`);
    }
  });

  it('neighbours are uncorrelated at lags 1 to 5', () => {
    const u = Array.from(uniform(rng(6), 50_000));
    for (let lag = 1; lag <= 5; lag++)
      assert.ok(Math.abs(sampleCorrelation(u.slice(lag), u.slice(0, -lag))) < 4.5 / Math.sqrt(u.length));
  });
});

describe('split and fold', () => {
  const parent = rng(11), keyOf = (source: {key: readonly [number, number]}): string => source.key.join();

  it('children differ from each other and from the parent', () => {
    const keys = [
      parent, ...split(parent, 500), ...Array.from({length: 500}, (_, i) => fold(parent, i)),
      ...['a', 'b', 'ab', 'ba', ''].map(label => fold(parent, label)),
    ].map(keyOf);
    assert.equal(new Set(keys).size, keys.length);
  });

  it('keys of children are none of the words that the parent draws', () => {
    const drawn = new Set(bits(parent, 8000));
    for (const child of [...split(parent, 1000), ...Array.from({length: 1000}, (_, i) => fold(parent, i))])
      assert.ok(!drawn.has(child.key[0]) && !drawn.has(child.key[1]));
  });

  it('a label gives the same child whatever was drawn before', () => {
    uniform(parent, 1000);
    assert.deepEqual(fold(parent, 'patient 7'), fold(parent, 'patient 7'));
    assert.notDeepEqual(fold(parent, 1), fold(parent, 1 + 2 ** 32));
  });

  it('the first children do not depend on how many are made', () => {
    assert.deepEqual(split(parent, 10).slice(0, 3), split(parent, 3));
  });

  it('draws of children and parent are uncorrelated, also between generations', () => {
    const [a, b] = split(parent);
    const streams = [parent, a, b, split(a)[0], fold(parent, 0), fold(parent, 1), fold(a, 'x')].map(source =>
      Array.from(uniform(source, 20_000)));
    streams.forEach((x, i) =>
      streams.slice(i + 1).forEach(y => assert.ok(Math.abs(sampleCorrelation(x, y)) < 4.5 / Math.sqrt(x.length))));
  });

  it('first draws of many children are uniform', () => {
    assert.ok(kolmogorovPValue(split(parent, 20_000).map(child => uniform(child, 1)[0]), x => x) > 1e-3);
    assert.ok(kolmogorovPValue(Array.from({length: 20_000}, (_, i) => uniform(fold(parent, i), 1)[0]), x => x) > 1e-3);
    assert.ok(kolmogorovPValue(Array.from({length: 20_000}, (_, i) => uniform(rng(i), 1)[0]), x => x) > 1e-3);
  });
});

describe('arguments of rng', () => {
  it('are named with what was expected and what came', () => {
    for (const seed of [-1, 1.5, 2 ** 53, NaN])
      assert.throws(() => rng(seed), {
        name: 'ArgumentError', message: `rng: argument \`seed\` must be a whole number in [0, 2^53); received ${seed}.`,
      });
  });
});

describe('the Kolmogorov-Smirnov check used here', () => {
  it('knows the usual critical values and both its series agree', () => {
    for (const [x, p] of [[1.3581, 0.05], [1.6276, 0.01], [1.2238, 0.1], [0.8276, 0.5]])
      assert.ok(Math.abs(kolmogorovTail(x) - p) < 1e-4);
    assert.ok(Math.abs(kolmogorovTail(1 - 1e-12) - kolmogorovTail(1)) < 1e-9);
  });

  it('rejects a slightly wrong distribution', () => {
    assert.ok(kolmogorovPValue(uniform(rng(1), 20_000), x => x ** 1.05) < 1e-3);
  });
});
