import {createReadStream} from 'node:fs';
import {Readable} from 'node:stream';
import {createGunzip} from 'node:zlib';

/** Longest header line that is looked for, in bytes. */
const LONGEST = 65_536;

/**
 * Names of the columns of a CSV file in lower case, from its first line; empty where it has none. Compressed files are
 * read no further than they must.
 * @throws Error of the file system; Error of zlib where the beginning of a compressed file is damaged
 */
export async function columnNames(path: string): Promise<string[]> {
  let line = '';
  for await (const chunk of plainBytes(path)) {
    line += chunk.toString('utf8');
    if (line.includes('\n') || line.length > LONGEST) break;
  }
  const first = line.slice(0, LONGEST).split('\n')[0].replace(/^\uFEFF/, '').trim();
  return first === '' ? [] : first.split(',').map(name => name.trim().replace(/^"(.*)"$/, '$1').toLowerCase());
}

/**
 * The bytes of what is in the file, decompressed where it is compressed, as far as they are asked for.
 * @throws Error of the file system; Error of zlib where a compressed file is damaged
 */
export async function* plainBytes(path: string): AsyncGenerator<Buffer> {
  const file = createReadStream(path, {highWaterMark: 16_384});
  const bytes: Readable = isCompressed(path) ? file.pipe(createGunzip()) : file;
  file.on('error', error => bytes.destroy(error));
  try {
    yield* bytes as AsyncIterable<Buffer>;
  } finally {
    file.destroy();
    bytes.destroy();
  }
}

/** Whether a file is compressed, as its name says. */
export const isCompressed = (path: string): boolean => path.endsWith('.gz');
