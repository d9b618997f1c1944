import * as tf from '@tensorflow/tfjs';
import {expect} from '../../errors';
import {arrayTypes, Builder, tensorData} from '../ir/builder';
import {lowerings, type Operands} from './lowerings';
import {freshName} from '../ir/names';
import {count, sameShape, type DType, type Program, type TensorData, type Value} from '../ir/program';
import {RecordingError} from './recordingError';

// Without this, TensorFlow.js greets every program under Node with an advert for another back end.
tf.enableProdMode();

/** Shape, type and (for ONNX viewers and named feeding) name of one input. */
export interface InputSpec {
  readonly shape: readonly number[];
  /** Default `'float32'`. */
  readonly dtype?: DType;
  readonly name?: string;
}

/** A function of plain TensorFlow.js code: forward, `tf.grads`, optimiser updates. */
export type TensorFunction = (...inputs: tf.Tensor[]) => tf.Tensor | readonly tf.Tensor[];

/** Options of {@link record}. */
export interface RecordOptions {
  /**
   * Names of the outputs, in order; default `out0`, `out1`, ..., with underscores behind what an input is called
   * already.
   */
  readonly outputNames?: readonly string[];
}

/**
 * Runs `fn` once on symbolic inputs and returns what it computed as a {@link Program}, gradients included.
 * Tensors that exist already become constants. So do random numbers drawn inside `fn`: pass them as inputs.
 * Branches and loops in JavaScript are followed once and unrolled.
 * @param examples one specification for each argument of `fn`.
 * @throws RecordingError when `fn` reads a tensor's values or meets a kernel that cannot be recorded.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {graph} from './lib';
 * const program = graph.record((x, w) => tf.matMul(x, w).tanh(), [{shape: [8, 3]}, {shape: [3, 4]}]);
 * console.log(program.nodes.map(node => node.op), program.outputs.length);   // [ 'MatMul', 'Tanh' ] 1
 * ```
 */
export function record(fn: TensorFunction, examples: readonly InputSpec[], options: RecordOptions = {}): Program {
  for (const {shape, dtype = 'float32'} of examples) {
    expect(shape.every(n => Number.isInteger(n) && n >= 0), {
      fn: 'record', argument: 'examples', expected: 'shapes of whole numbers >= 0', received: shape,
    });
    expect(Object.keys(arrayTypes).includes(dtype), {
      fn: 'record', argument: 'examples', expected: `types among ${Object.keys(arrayTypes).join(', ')}`,
      received: dtype,
    });
  }
  tf.backend(); // chooses the default one when nothing has run yet
  const previous = tf.getBackend();
  const recorder = install();
  const builder = recorder.begin();
  try {
    void tf.setBackend(BACKEND);
    const outputs = trace(fn, examples, recorder, builder);
    const names = options.outputNames ?? outputs.map((_, i) => freshName(`out${i}`, builder.inputNames));
    expect(names.length === outputs.length, {
      fn: 'record', argument: 'options.outputNames', expected: `${outputs.length} names`, received: names,
    });
    return builder.finish(outputs, names);
  } finally {
    recorder.end();
    void tf.setBackend(previous);
  }
}

const BACKEND = 'obsnode-record';

/** Whether the code that asks is being recorded. */
export const isRecording = (): boolean => tf.engine().backendName === BACKEND;

function trace(fn: TensorFunction, examples: readonly InputSpec[], recorder: Recorder, builder: Builder): Value[] {
  const values: Value[] = [];
  tf.engine().startScope('record');
  try {
    const given = examples.flatMap(({name}) => name ?? []);
    const inputs = examples.map(({shape, dtype = 'float32', name}, i) =>
      recorder.tensor(builder.input(shape, dtype, name ?? freshName(`in${i}`, given))));
    const result = fn(...inputs);
    for (const tensor of Array.isArray(result) ? result : [result]) {
      expect(tensor instanceof tf.Tensor, {
        fn: 'record', argument: 'fn', expected: 'a function that returns a tensor or an array of tensors',
        received: tensor, remedy: 'Async functions cannot be recorded.',
      });
      values.push(recorder.value(tensor));
    }
  } finally {
    tf.engine().endScope();
  }
  return values;
}

/** TensorFlow.js backend that stores values of a program in place of numbers. */
class Recorder extends tf.KernelBackend {
  private builder: Builder | undefined;
  private values = new Map<tf.DataId, {value: Value; references: number}>();
  private captured = new Map<tf.DataId, Value>();

  begin(): Builder {
    if (this.builder) throw new Error('record: a recording is running already; recordings cannot be nested');
    this.builder = new Builder();
    return this.builder;
  }

  end(): void {
    this.builder = undefined;
    this.values.clear();
    this.captured.clear();
  }

  /** A tensor that stands for `value`. */
  tensor(value: Value): tf.Tensor {
    return tf.engine().makeTensorFromTensorInfo(this.info(value));
  }

  info(value: Value): tf.TensorInfo {
    const dataId = {};
    this.values.set(dataId, {value, references: 1});
    return {dataId, shape: [...value.shape], dtype: value.dtype};
  }

  /** The value behind a tensor; tensors of other backends become constants and stay where they are. */
  value(info: tf.TensorInfo): Value {
    const held = this.values.get(info.dataId)?.value ?? this.capture(info);
    return sameShape(held.shape, info.shape) ? held : this.current.reshape(held, info.shape);
  }

  /** Runs a kernel: looks its operands up, writes its operations, wraps the results. */
  run(kernel: string, inputs: tf.NamedTensorInfoMap, attributes: unknown): tf.TensorInfo | tf.TensorInfo[] {
    const operands: Record<string, Value> = {};
    for (const [name, info] of Object.entries(inputs)) if (info != null) operands[name] = this.value(info);
    const result = this.lower(kernel, operands, attributes);
    return Array.isArray(result) ? result.map(v => this.info(v)) : this.info(result as Value);
  }

  private lower(kernel: string, operands: Operands, attributes: unknown) {
    const lowering = lowerings[kernel];
    if (!lowering) throw new RecordingError(
      kernel, 'cannot be recorded',
      'Use operations of lib/graph/record/lowerings.ts, add a lowering there, or run this model eagerly.',
    );
    try {
      return lowering(this.current, operands, attributes);
    } catch (error) {
      throw error instanceof RecordingError ? error : new RecordingError(
        kernel, `failed: ${(error as Error).message}`, 'Check the shapes given to this operation.',
      );
    }
  }

  private get current(): Builder {
    if (!this.builder) throw new RecordingError(
      'A tensor', 'of a finished recording was used', 'Return it from the recorded function instead of keeping it.',
    );
    return this.builder;
  }

  private capture(info: tf.TensorInfo): Value {
    const known = this.captured.get(info.dataId);
    if (known) return known;
    const owner = tf.engine().state.tensorInfo.get(info.dataId)?.backend;
    if (!owner || owner === this) throw new RecordingError(
      'A tensor', 'of a finished recording, or disposed, was used',
      'Return tensors from the recorded function instead of keeping them.',
    );
    const value = this.constant(tf.engine().readSync(info.dataId), info.shape, info.dtype);
    this.captured.set(info.dataId, value);
    return value;
  }

  private constant(values: tf.BackendValues, shape: readonly number[], dtype: tf.DataType): Value {
    if (dtype === 'string' || dtype === 'complex64') throw new RecordingError(
      `A ${dtype} tensor`, 'cannot be recorded', 'Only float32, int32 and bool are supported.',
    );
    const data = tensorData(dtype as DType, values as TensorData);
    const first = data[0];
    // Gradients are full of arrays of one repeated number; a scalar that is expanded is easier to simplify.
    if (count(shape) > 0 && data.every(v => v === first)) return this.current.fill(shape, first, dtype as DType);
    return this.current.constant(data, shape, dtype as DType);
  }

  override write(values: tf.BackendValues, shape: number[], dtype: tf.DataType): tf.DataId {
    return this.info(this.constant(values, shape, dtype)).dataId;
  }
  override readSync(): tf.BackendValues {
    throw new RecordingError(
      'dataSync()', 'reads values, and there are none while recording',
      'Keep such decisions out of the recorded function, or express them with tf.where.',
    );
  }
  override async read(): Promise<tf.BackendValues> {
    return this.readSync();
  }
  override refCount(dataId: tf.DataId): number {
    return this.values.get(dataId)?.references ?? 0;
  }
  override incRef(dataId: tf.DataId): void {
    const held = this.values.get(dataId);
    if (held) held.references++;
  }
  override disposeData(dataId: tf.DataId, force = false): boolean {
    const held = this.values.get(dataId);
    if (held && --held.references > 0 && !force) return false;
    this.values.delete(dataId);
    return true;
  }
  override move(): void {
    throw new Error('unreachable: the recorder copies tensors of other backends');
  }
  override numDataIds(): number {
    return this.values.size;
  }
  override memory() {
    return {unreliable: true};
  }
  override floatPrecision(): 32 {
    return 32;
  }
  override epsilon(): number {
    return 1e-7;
  }
  override dispose(): void {
    this.end();
  }
}

let installed: Recorder | undefined;

/** Registers the backend and one recording kernel for every kernel TensorFlow.js has, once a process. */
function install(): Recorder {
  if (installed) return installed;
  const recorder = new Recorder();
  tf.registerBackend(BACKEND, () => recorder, -1);
  const names = new Set([...Object.keys(lowerings), ...tf.getKernelsForBackend('cpu').map(k => k.kernelName)]);
  for (const kernelName of names) {
    tf.registerKernel({
      kernelName, backendName: BACKEND, kernelFunc: ({inputs, attrs}) => recorder.run(kernelName, inputs, attrs),
    });
  }
  installed = recorder;
  return recorder;
}
