import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {existsSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {onnx} from 'onnx-proto';
import {optimise, record, toOnnx, type Program} from '../../lib/graph';
import {eager, sample, withGradients} from './compare';
import {smallModels} from './smallModels';

/** A Python with the packages onnx and onnxruntime, if there is one. */
const python = [process.env.OBSNODE_PYTHON, '.venv/bin/python'].find(path => path && existsSync(path));

describe('graph: ONNX', () => {
  before(async () => { await tf.setBackend('cpu'); });

  it('equal programs give equal bytes', () => {
    const [fn, specs] = smallModels.LSTM;
    const bytes = () => toOnnx(optimise(record(fn, specs)));
    assert.deepEqual(bytes(), bytes());
  });

  it('declares inputs and outputs with names, types and shapes', () => {
    const program = record((x, i) => tf.gather(x, i), [{
      shape: [5, 2], name: 'table',
    }, {shape: [3], dtype: 'int32', name: 'rows'}], {outputNames: ['chosen']});
    const {graph} = onnx.ModelProto.decode(toOnnx(program));
    const describeValue = (v: onnx.IValueInfoProto) =>
      [v.name, v.type!.tensorType!.elemType, v.type!.tensorType!.shape!.dim!.map(d => Number(d.dimValue))];
    assert.deepEqual(graph!.input!.map(describeValue), [['table', 1, [5, 2]], ['rows', 6, [3]]]);
    assert.deepEqual(graph!.output!.map(describeValue), [['chosen', 1, [3, 2]]]);
  });

  it('copies a value only to give it a second public name', () => {
    const program = record(x => { const y = tf.exp(x); return [y, x, y]; }, [{shape: [2]}]);
    const {graph} = onnx.ModelProto.decode(toOnnx(program));
    assert.deepEqual(graph!.node!.map(n => [n.opType, n.input, n.output]), [
      ['Exp', ['in0'], ['out0']], ['Identity', ['in0'], ['out1']], ['Identity', ['out0'], ['out2']],
    ]);
  });

  it('refuses names that ONNX could confuse', () => {
    assert.throws(
      () => toOnnx(record((x, y) => tf.add(x, y), [{shape: [2], name: 'x'}, {shape: [2], name: 'x'}])), /unique/,
    );
    assert.throws(() => toOnnx(record(x => tf.exp(x), [{shape: [2], name: '_v1'}])), /underscore/);
  });

  it("passes the checker of the onnx package and gives the same numbers in Python's onnxruntime", function () {
    this.timeout(180_000);
    if (!python) {
      console.log('      skipped: no Python with onnx and onnxruntime; set OBSNODE_PYTHON or make .venv');
      return this.skip();
    }
    const directory = mkdtempSync(join(tmpdir(), 'obsnode-onnx-'));
    try {
      Object.entries(smallModels).forEach(([name, [fn, specs]]) => {
        const data = specs.map((spec, i) => sample(spec, i) as Float32Array);
        for (const [kind, graded] of [['value', fn], ['gradient', withGradients(fn)]] as const) {
          const raw = record(graded, specs), outputs = eager(graded, specs, data).map(o => Array.from(o));
          write(join(directory, `${name} ${kind} raw`), raw, data, outputs);
          write(join(directory, `${name} ${kind} optimised`), optimise(raw), data, outputs);
        }
      });
      const lines =
        execFileSync(python, [join(__dirname, 'check_onnx.py'), directory], {encoding: 'utf8'}).trim().split('\n');
      assert.equal(lines.length, 4 * Object.keys(smallModels).length);
      for (const line of lines) assert.ok(Number(line.split(' ').pop()) < 1e-5, line);
    } finally {
      rmSync(directory, {recursive: true});
    }
  });
});

/** The program as `path.onnx`, what goes in and what comes out as `path.json`. */
function write(
  path: string, program: Program, data: readonly Float32Array[], outputs: readonly number[][],
): void {
  writeFileSync(`${path}.onnx`, toOnnx(program));
  const inputs = Object.fromEntries(program.inputs.map((v, i) =>
    [v.name, {shape: v.shape, data: Array.from(data[i])}]));
  writeFileSync(`${path}.json`, JSON.stringify({inputs, outputs}));
}
