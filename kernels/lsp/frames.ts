import type {Readable, Writable} from 'node:stream';

/** A message of JSON-RPC, as the language server protocol uses it. */
export interface RpcMessage {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: {readonly code: number; readonly message: string};
}

/** Most bytes of a message. */
const MOST_BYTES = 32 * 2 ** 20;

const SEPARATOR = '\r\n\r\n';

/**
 * Hears messages, each after a header with its length in bytes.
 *
 * @param refuse told of a stream that does not keep to this, after which nothing more is heard
 */
export function readFrames(input: Readable, hear: (message: RpcMessage) => void, refuse: (why: string) => void): void {
  let rest = Buffer.alloc(0), isOver = false;
  input.on('data', (part: Buffer) => {
    if (isOver) return;
    rest = Buffer.concat([rest, part]);
    try {
      for (let next = frameIn(rest); next; next = frameIn(rest)) {
        rest = rest.subarray(next.end);
        hear(JSON.parse(next.text) as RpcMessage);
      }
    } catch (error) {
      isOver = true;
      refuse((error as Error).message);
    }
  });
}

/** The first message, once it is there whole. */
function frameIn(bytes: Buffer): {readonly text: string; readonly end: number} | null {
  const head = bytes.indexOf(SEPARATOR);
  if (head < 0) return null;
  const length = Number(/^content-length:\s*(\d+)\s*$/im.exec(bytes.toString('latin1', 0, head))?.[1] ?? NaN);
  if (!(length <= MOST_BYTES)) throw new Error(`a header without a length of at most ${MOST_BYTES} bytes`);
  const start = head + SEPARATOR.length, end = start + length;
  return bytes.length < end ? null : {text: bytes.toString('utf8', start, end), end};
}

/** Says a message. */
export function writeFrame(output: Writable, message: RpcMessage): void {
  const text = JSON.stringify({jsonrpc: '2.0', ...message});
  output.write(`Content-Length: ${Buffer.byteLength(text)}${SEPARATOR}${text}`);
}
