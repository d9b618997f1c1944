import {digest} from '../../math/digest';
import {checkDonated, checkInputs, DISPOSED} from '../run/checkInputs';
import type {Handle} from '../run/handle';
import {byteSize, count, type DType, type Program, type TensorData, type Value} from '../ir/program';
import type {RunOptions, Session} from '../run/session';
import {assemble, type Assembly} from './assemble';
import {nativeLibrary} from './library';

/** A program written as instructions. */
export interface NativeProgram extends Assembly {
  readonly program: Program;
  /** Whether an input is cut into shares, one for each worker. */
  readonly sharded: (input: Value) => boolean;
  /** Hash of instructions and constants. */
  digest(): string;
}

/**
 * Writes a program, which is as `optimiseForNative` leaves it, as instructions.
 * @param shard names of the inputs that are cut into shares
 * @throws Error for an operation that the engine does not have
 */
export function nativeProgram(program: Program, shard: readonly string[]): NativeProgram {
  const sharded = (value: Value) => value.name !== undefined && shard.includes(value.name);
  const assembly = assemble(program, sharded), {code, constants} = assembly;
  return {...assembly, program, sharded, digest: () => digest([code, constants])};
}

/**
 * A session that runs in our engine in C, with all its workers inside one call, and leaves the calling thread free.
 * @throws Error when a run is asked for after `dispose`, or fails.
 */
export async function nativeSession(
  {program, code, constants, scratch, sharded}: NativeProgram, workers: number,
): Promise<Session> {
  const library = await nativeLibrary();
  const rooms = Array.from({length: workers}, () => library.room(scratch));
  // Workers other than the first compute the outputs as well, and need a place for them.
  const spare = Array.from({length: workers - 1}, () => program.outputs.map(emptyLike));
  const spareRoom = new Pool();
  let live = true, last: Promise<unknown> = Promise.resolve();
  const runNow = async (inputs: readonly Handle[], {signal, donate = []}: RunOptions): Promise<Handle[]> => {
    if (!live) throw new Error(DISPOSED);
    signal?.throwIfAborted();
    checkInputs(program, inputs, value => (sharded(value) ? workers : 1));
    checkDonated(program, donate);
    const data = await Promise.all(inputs.map(h => h.read()));
    const outputs = program.outputs.map(v => spareRoom.take(v));
    const blocks = rooms.flatMap((room, k) => [
      room, constants, ...data.map((d, i) => (sharded(program.inputs[i]) ? share(d, program.inputs[i], k) : d)),
      ...(k === 0 ? outputs : spare[k - 1]),
    ]);
    const failure = await library.run(code, workers, blocks, blocks.length / workers);
    if (failure) throw new Error(failures[failure as keyof typeof failures]);
    for (const h of new Set(donate.map(i => inputs[i]))) if (h instanceof OwnHandle) spareRoom.give(h.surrender());
    return program.outputs.map((v, i) => new OwnHandle(v, outputs[i]));
  };
  return Object.freeze({
    provider: 'native' as const, workers, program,
    run(inputs: readonly Handle[], options: RunOptions = {}): Promise<Handle[]> {
      // One run after the other: they use the same scratch room.
      const result = last.then(() => runNow(inputs, options));
      last = result.catch(() => undefined);
      return result;
    },
    async dispose(): Promise<void> {
      live = false;
      await last;
    },
  });
}

const failures = {
  1: 'session.run: an index of a gather or scatter lies outside its axis',
  2: 'session.run: the threads of the workers could not be started; use fewer workers',
} as const;

const arrays: Record<DType, new (buffer: ArrayBufferLike, offset: number, length: number) => TensorData> =
  {float32: Float32Array, int32: Int32Array, bool: Uint8Array};

/** Room for a value that the engine will write as a whole, so that nothing need be cleared before. */
function emptyLike(value: Value): TensorData {
  const {buffer, byteOffset} = Buffer.allocUnsafeSlow(byteSize(value));
  return new arrays[value.dtype](buffer, byteOffset, count(value.shape));
}

/** The part of a sharded input that worker k gets. */
function share(data: TensorData, {shape}: Value, k: number): TensorData {
  const n = count(shape);
  return data.subarray(k * n, (k + 1) * n);
}

/** An output: its own memory, until it is donated. */
class OwnHandle implements Handle {
  readonly shape: readonly number[];
  readonly dtype: DType;
  constructor({shape, dtype}: Value, private values: TensorData | undefined) {
    this.shape = shape;
    this.dtype = dtype;
  }
  get data(): TensorData {
    if (!this.values) throw new Error(
      'Handle.data: this tensor was donated to a run of its session; read it before that, or do not donate it',
    );
    return this.values;
  }
  async read(): Promise<TensorData> {
    return this.data;
  }
  /** Gives up the memory. */
  surrender(): TensorData {
    const {data} = this;
    this.values = undefined;
    return data;
  }
}

/** Memory of donated tensors, for outputs of the same size. */
class Pool {
  private readonly free = new Map<string, TensorData[]>();

  take(value: Value): TensorData {
    return this.free.get(Pool.kind(value.dtype, count(value.shape)))?.pop() ?? emptyLike(value);
  }

  give(data: TensorData): void {
    const kind =
      Pool.kind(data instanceof Float32Array ? 'float32' : data instanceof Int32Array ? 'int32' : 'bool', data.length);
    const list = this.free.get(kind);
    if (list) list.push(data);
    else this.free.set(kind, [data]);
  }

  private static kind = (dtype: DType, length: number): string => `${dtype}:${length}`;
}
