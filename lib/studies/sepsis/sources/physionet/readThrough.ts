import {isUtf8} from 'node:buffer';
import {createHash} from 'node:crypto';
import {createReadStream} from 'node:fs';
import {Transform} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import {createGunzip} from 'node:zlib';
import {isCompressed} from './header';

/** What reading a file through has shown. */
export interface ReadThrough {
  /** SHA-256 of the bytes of the file. */
  readonly sha256: string;
  /** What is wrong with it, for the end of "It ..."; `undefined` when nothing is. */
  readonly fault?: string;
}

/**
 * Reads a file through as the engine does not: that it is compressed soundly up to its end (length and checksum of
 * each member) and holds text in UTF-8 without NUL characters.
 * @param read told of each block of the file, in bytes
 * @throws AbortError when the signal says so; Error of the file system
 */
export async function readThrough(
  path: string, {signal, read}: {readonly signal?: AbortSignal; readonly read?: (bytes: number) => void},
): Promise<ReadThrough> {
  const hash = createHash('sha256'), text = checkedText();
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      read?.(chunk.length);
      done(null, chunk);
    },
  });
  const steps = [
    createReadStream(path, {highWaterMark: 1 << 20}), counted,
    ...(isCompressed(path) ? [createGunzip({chunkSize: 1 << 20})] : []), text.sink,
  ];
  try {
    await pipeline(steps as never, {signal});
    return {sha256: hash.digest('hex'), ...(text.endsWhole() ? {} : {fault: 'ends within a character'})};
  } catch (error) {
    const fault = faultOf(error as NodeJS.ErrnoException);
    if (fault === undefined) throw error;
    return {sha256: '', fault};
  }
}

/** Faults of compression and of text by the codes of their errors. */
function faultOf({code, message}: NodeJS.ErrnoException): string | undefined {
  if (code === 'Z_BUF_ERROR') return 'ends too early: it was cut off';
  if (code?.startsWith('Z_')) return 'is damaged (checksums of its compression)';
  return code === TEXT ? message : undefined;
}

const TEXT = 'OBSNODE_TEXT';

/** A sink that refuses what is no text; characters may lie across two blocks. */
function checkedText() {
  let rest = Buffer.alloc(0), at = 0;
  const fail = (message: string) => Object.assign(new Error(message), {code: TEXT});
  const sink = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const block = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk, whole = wholeCharacters(block);
      if (!isUtf8(block.subarray(0, whole))) done(fail(`holds no UTF-8 near byte ${at}`));
      else if (block.includes(0)) done(fail(`holds NUL characters near byte ${at}`));
      else {
        rest = Buffer.from(block.subarray(whole));
        at += chunk.length;
        done();
      }
    },
    flush: done => done(),
  });
  sink.resume();
  return {sink, endsWhole: () => rest.length === 0};
}

/** Length of a block without the beginning of a character at its end. */
function wholeCharacters(block: Buffer): number {
  for (let back = 1; back <= Math.min(3, block.length); back++) {
    const byte = block[block.length - back];
    if (byte >= 0xc0) return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? block.length - back : block.length;
    if (byte < 0x80) return block.length;
  }
  return block.length;
}
