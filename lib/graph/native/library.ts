import {execFile} from 'node:child_process';
import {createHash, randomBytes} from 'node:crypto';
import {existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {arch, cpus} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {digest} from '../../math/digest';
import {opcodeHeader} from './opcodes';

/** The engine in C. */
export interface NativeLibrary {
  /** Runs instructions; see `obsnode_run` in `engine.c`. Resolves to its result, from a thread of its own. */
  run(code: Int32Array, workers: number, blocks: readonly ArrayBufferView[], blocksEach: number): Promise<number>;
  /** Fresh scratch room of this many bytes. */
  room(bytes: number): Uint8Array;
}

let loaded: Promise<NativeLibrary> | undefined;

/**
 * The engine in C, compiled for the processor of this machine when it is first asked for and kept in the cache folder.
 * @throws Error when there is no C compiler or it fails.
 */
export function nativeLibrary(): Promise<NativeLibrary> {
  loaded ??= build().then(load);
  loaded.catch(() => { loaded = undefined; });
  return loaded;
}

/**
 * Whether the engine can be used here, found out once; false where there is no C compiler. One that fails is warned of.
 */
export function nativeAvailable(): Promise<boolean> {
  available ??= nativeLibrary().then(() => true, (error: Error) => {
    if (!(error instanceof NoCompiler)) process.emitWarning(error.message);
    return false;
  });
  return available;
}

let available: Promise<boolean> | undefined;

class NoCompiler extends Error {}

const FOLDER = join(__dirname, 'c');

/** The engine's sources in C. */
const sources = (): string[] => readdirSync(FOLDER).sort().map(name => readFileSync(join(FOLDER, name), 'utf8'));

/**
 * Tells states of the engine apart: one state computes the same on every machine, up to what its compiler rounds
 * differently.
 */
export const nativeVersion = (): string => digest([opcodeHeader, sources()]);

const run = promisify(execFile);

/** Flags that let the compiler use all of the processor, best first; not every compiler knows them all. */
const TUNING: readonly (readonly string[])[] =
  [['-march=native', '-mprefer-vector-width=512'], ['-march=native'], ['-mcpu=native'], []];
const FLAGS = ['-O3', '-std=gnu11', '-fno-math-errno', '-fno-trapping-math', '-shared', '-fPIC', '-pthread'];

/** Path of the compiled library; compiled once for each state of the sources, compiler and processor. */
async function build(): Promise<string> {
  const {compiler, version} = await findCompiler();
  const key = createHash('sha256')
    .update(JSON.stringify([opcodeHeader, sources(), compiler, version, FLAGS, TUNING, arch(), processor()]))
    .digest('hex')
    .slice(0, 32);
  const folder = join(process.env.OBSNODE_CACHE ?? join(__dirname, '..', '..', '..', '.cache'), 'native');
  const path = join(folder, `${key}.so`);
  if (existsSync(path)) return path;
  const workshop = join(folder, randomBytes(8).toString('hex'));
  mkdirSync(workshop, {recursive: true});
  try {
    const header = join(workshop, 'opcodes.h'), product = join(workshop, 'engine.so');
    writeFileSync(header, opcodeHeader);
    await compileWith(compiler, ['-include', header, join(FOLDER, 'engine.c'), '-o', product, '-lm']);
    renameSync(product, path);
    return path;
  } finally {
    rmSync(workshop, {recursive: true, force: true});
  }
}

/**
 * What tells processors apart for which the library has to be compiled anew: the model, and its abilities where the
 * system lists them.
 */
function processor(): string {
  const list = '/proc/cpuinfo';
  const abilities = existsSync(list) ? /^(?:flags|Features)\s*:.*$/m.exec(readFileSync(list, 'utf8'))?.[0] : '';
  return `${cpus()[0]?.model} ${abilities}`;
}

async function compileWith(compiler: string, args: readonly string[]): Promise<void> {
  let failure: unknown;
  for (const tuning of TUNING) {
    try {
      return void (await run(compiler, [...FLAGS, ...tuning, ...args]));
    } catch (error) {
      failure = error;
    }
  }
  throw new Error(`session: provider 'native' could not be compiled by ${compiler}; use 'cpu', or set CC to another `
    + `C compiler. It says: ${(failure as Error).message.slice(0, 600)}`, {cause: failure});
}

async function findCompiler(): Promise<{compiler: string; version: string}> {
  for (const compiler of process.env.CC ? [process.env.CC] : ['cc', 'gcc', 'clang']) {
    try {
      return {compiler, version: (await run(compiler, ['--version'])).stdout};
    } catch {
      // The next one.
    }
  }
  throw new NoCompiler(`session: provider 'native' does not work on this machine: it needs a C compiler `
    + `(${process.env.CC ? `CC=${process.env.CC} was not found` : 'cc, gcc or clang'}); install one, or use 'cpu'`);
}

async function load(path: string): Promise<NativeLibrary> {
  // Loaded here, for it has no build for some systems, on which the rest of this library works.
  const {default: koffi} = await import('koffi');
  const library = koffi.load(path);
  const start = library.func(
    'int32_t obsnode_run(const int32_t *code, int32_t length, int32_t workers, void **blocks, int32_t blocks_each)',
  );
  const prepare = library.func('void obsnode_prepare(void *room, int64_t bytes)');
  return {
    run: (code, workers, blocks, blocksEach) => new Promise((resolve, reject) => {
      start.async(code, code.length, workers, blocks, blocksEach, (error: Error | null, result: number) =>
        (error ? reject(error) : resolve(result)));
    }),
    room(bytes) {
      const room = new Uint8Array(bytes + LINE);
      prepare(room, room.length);
      return room;
    },
  };
}

/** Bytes of a cache line; the engine begins at the first one in its room. */
const LINE = 64;
