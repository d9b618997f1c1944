import {AsyncLocalStorage} from 'node:async_hooks';
import fs from 'node:fs';
import {syncBuiltinESMExports} from 'node:module';
import {StringDecoder} from 'node:string_decoder';
import type {StreamName} from './events';
import type {Run} from './run';

/** Receives what a cell writes. */
export type StreamSink = (name: StreamName, text: string) => void;

/** What a callback belongs to. */
interface Scope {
  readonly sink: StreamSink;
  /** The cell, when it is one that can be stopped. */
  readonly run: Run | null;
  /** Characters may be split over writes. */
  readonly decoders: Readonly<Record<StreamName, StringDecoder>>;
}

const scopes = new AsyncLocalStorage<Scope>();
let fallback: Scope | null = null;
let installed = false;

/**
 * Runs `body` with its writes, and those of every callback it starts, going to `sink`.
 * @param run stops them together; default none
 */
export function withCapture<T>(sink: StreamSink, body: () => Promise<T>, run: Run | null = null): Promise<T> {
  install();
  const scope: Scope = {sink, run, decoders: {stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8')}};
  fallback = scope;
  return scopes.run(scope, body);
}

/**
 * Runs `body` with its output where it was, but not stopped with the cell: what modules begin when they are loaded
 * outlives it.
 */
export function beyondRun<T>(body: () => T): T {
  const scope = present();
  return scope ? scopes.run({...scope, run: null}, body) : body();
}

function present(): Scope | null {
  return scopes.getStore() ?? fallback;
}

/** The sink of the cell that the present callback belongs to, else that of the latest cell. */
export function currentSink(): StreamSink | null {
  return present()?.sink ?? null;
}

/** The cell that the present callback belongs to. */
export function currentRun(): Run | null {
  return scopes.getStore()?.run ?? null;
}

/** Gives writes outside any cell back to the real streams. */
export function endCapture(): void {
  fallback = null;
}

/** Bytes at the end of a cell that are no whole character. */
export function endText(): void {
  const scope = present();
  for (const name of ['stdout', 'stderr'] as const) {
    const rest = scope?.decoders[name].end();
    if (rest) scope!.sink(name, rest);
  }
}

function install(): void {
  if (installed) return;
  installed = true;
  redirect('stdout', process.stdout);
  redirect('stderr', process.stderr);
  redirectDescriptors();
}

/** @returns whether a cell took it */
function take(name: StreamName, chunk: string | NodeJS.ArrayBufferView, encoding: unknown): boolean {
  const scope = present();
  if (!scope) return false;
  const isPlain = typeof chunk === 'string' && (typeof encoding !== 'string' || /^utf-?8$/i.test(encoding));
  const bytes = typeof chunk === 'string'
    ? Buffer.from(chunk, isPlain ? 'utf8' : (encoding as BufferEncoding))
    : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  const text = isPlain ? scope.decoders[name].end() + chunk : scope.decoders[name].write(bytes);
  if (text !== '') scope.sink(name, text);
  return true;
}

function redirect(name: StreamName, stream: NodeJS.WriteStream): void {
  const original = stream.write.bind(stream) as (...args: unknown[]) => boolean;
  const write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    // What is neither text nor bytes is refused by the stream itself.
    const isWritable = typeof chunk === 'string' || ArrayBuffer.isView(chunk);
    if (!isWritable || !take(name, chunk, rest[0])) return original(chunk, ...rest);
    const done = rest.find((argument) => typeof argument === 'function') as (() => void) | undefined;
    if (done) process.nextTick(done);
    return true;
  };
  stream.write = write as typeof stream.write;
}

const DESCRIPTORS: Readonly<Record<string, StreamName>> =
  {1: 'stdout', 2: 'stderr', '/dev/stdout': 'stdout', '/dev/stderr': 'stderr'};

type Write = (target: unknown, data: unknown, ...rest: unknown[]) => unknown;

/** Writes to the descriptors of the standard streams stand in one order with writes to the streams. */
function redirectDescriptors(): void {
  const members = fs as unknown as Record<string, Write>;
  const whole = (data: unknown, options: unknown): boolean =>
    accepts(data) && (typeof options !== 'object' || options === null || 'encoding' in options);
  replace(members, 'writeSync', (name, data, rest) => {
    const part = partOf(data, rest);
    const encoding = typeof data === 'string' ? (rest[1] as BufferEncoding | undefined) : undefined;
    return part !== undefined && take(name, part, encoding)
      ? {result: Buffer.byteLength(part as string, encoding)}
      : null;
  });
  for (const member of ['writeFileSync', 'appendFileSync']) {
    replace(members, member, (name, data, [options]) => {
      const encoding = typeof options === 'string' ? options : (options as {encoding?: string} | undefined)?.encoding;
      return whole(data, options) && take(name, data as string, encoding) ? {result: undefined} : null;
    });
  }
  syncBuiltinESMExports();
}

function replace(
  members: Record<string, Write>, member: string,
  taken: (name: StreamName, data: unknown, rest: unknown[]) => {result: unknown} | null,
): void {
  const original = members[member];
  members[member] = (target, data, ...rest) => {
    const name = typeof target === 'number' || typeof target === 'string' ? DESCRIPTORS[target] : undefined;
    const done = name && taken(name, data, rest);
    return done ? done.result : original(target, data, ...rest);
  };
  Object.defineProperty(members[member], 'name', {value: member});
}

function accepts(data: unknown): data is string | NodeJS.ArrayBufferView {
  return typeof data === 'string' || ArrayBuffer.isView(data);
}

/** The part of the data that `writeSync` is asked to write; undefined where it is for Node to judge. */
function partOf(data: unknown, [offset, length]: unknown[]): string | Uint8Array | undefined {
  if (typeof data === 'string') return data;
  if (!ArrayBuffer.isView(data) || typeof offset === 'object') return undefined;
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const from = typeof offset === 'number' ? offset : 0;
  return bytes.subarray(from, typeof length === 'number' ? from + length : undefined);
}
