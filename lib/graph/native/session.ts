import {checkInputs, DISPOSED} from '../check-inputs';
import {handle, type Handle} from '../handle';
import {byteSize, count, type DType, type Program, type TensorData, type Value} from '../program';
import type {Session} from '../session';
import {assemble} from './assemble';
import {nativeLibrary} from './library';

/** Options of {@link nativeSession}; see `SessionOptions`. */
export interface NativeOptions {
  readonly workers: number;
  readonly shard: readonly string[];
}

/** A session that runs in our engine in C, with all its workers inside one call, and leaves the calling thread free. */
export async function nativeSession(program: Program, {workers, shard}: NativeOptions): Promise<Session> {
  const library = await nativeLibrary();
  const {code, constants, scratch} = assemble(program);
  const rooms = Array.from({length: workers}, () => library.room(scratch));
  // Workers other than the first compute the outputs as well, and need a place for them.
  const spare = Array.from({length: workers - 1}, () => program.outputs.map(emptyLike));
  const sharded = (value: Value) => value.name !== undefined && shard.includes(value.name);
  let live = true, last: Promise<unknown> = Promise.resolve();
  const runNow = async (inputs: readonly Handle[], signal?: AbortSignal): Promise<Handle[]> => {
    if (!live) throw new Error(DISPOSED);
    signal?.throwIfAborted();
    checkInputs(program, inputs, value => (sharded(value) ? workers : 1));
    const data = await Promise.all(inputs.map(h => h.read()));
    const outputs = program.outputs.map(emptyLike);
    const blocks = rooms.flatMap((room, k) => [
      room, constants, ...data.map((d, i) => (sharded(program.inputs[i]) ? share(d, program.inputs[i], k) : d)), ...(k === 0 ? outputs : spare[k - 1]),
    ]);
    const failure = await library.run(code, workers, blocks, blocks.length / workers);
    if (failure) throw new Error(failures[failure as keyof typeof failures]);
    return program.outputs.map((v, i) => handle(outputs[i], v.shape, v.dtype));
  };
  return Object.freeze({
    provider: 'native' as const, workers, program,
    run(inputs: readonly Handle[], {signal}: {readonly signal?: AbortSignal} = {}): Promise<Handle[]> {
      // One run after the other: they use the same scratch room.
      const result = last.then(() => runNow(inputs, signal));
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

const arrays: Record<DType, new (buffer: ArrayBufferLike, offset: number, length: number) => TensorData> = {float32: Float32Array, int32: Int32Array, bool: Uint8Array};

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
