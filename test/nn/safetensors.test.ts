import assert from 'node:assert/strict';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {readWeights, writeWeights} from '../../lib/nn';

describe('weight files', () => {
  let dir: string;
  beforeEach(() => { dir = mkdtempSync(join(tmpdir(), 'obsnode-')); });
  afterEach(() => rmSync(dir, {recursive: true}));

  const weights = {a: {shape: [2, 2], data: Float32Array.of(1, 2, 3, 4)}, b: {shape: [], data: Float32Array.of(0.1)}};

  it('come back bit for bit with their metadata', () => {
    const path = join(dir, 'w.safetensors');
    writeWeights(path, {weights, metadata: {seed: '1'}});
    const back = readWeights(path);
    assert.deepEqual(back.weights, weights);
    assert.equal(back.metadata.seed, '1');
  });

  it('are refused when cut short, altered or not such a file', () => {
    const path = join(dir, 'w.safetensors');
    writeWeights(path, {weights, metadata: {seed: '1'}});
    const whole = readFileSync(path);
    const refused = (bytes: Buffer, why: RegExp) => {
      writeFileSync(path, bytes);
      assert.throws(() => readWeights(path), why);
    };
    refused(whole.subarray(0, whole.length - 4), /does not match its checksum/);
    const altered = Buffer.from(whole);
    altered[altered.length - 1] ^= 1;
    refused(altered, /does not match its checksum/);
    const stepped = Buffer.from(whole.toString('latin1').replace('"seed":"1"', '"seed":"2"'), 'latin1');
    refused(stepped, /does not match its checksum/);
    refused(Buffer.from('hello, I am a text file'), /cut short/);
    refused(Buffer.alloc(0), /cut short.*Delete the file and train again/);
  });

  it('leave the old file in place when writing fails', () => {
    assert.throws(() => writeWeights(join(dir, 'no', 'such', 'folder'), {weights, metadata: {}}), /ENOENT/);
  });
});
