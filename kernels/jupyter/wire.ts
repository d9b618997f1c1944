import {createHmac, randomUUID, timingSafeEqual} from 'node:crypto';

/** Version of the messaging protocol that the kernel speaks. */
export const PROTOCOL_VERSION = '5.4';

/** Head of a message. */
export interface Header {
  readonly msg_id: string;
  readonly msg_type: string;
  readonly session: string;
  readonly username: string;
  readonly date: string;
  readonly version: string;
  /** The subshell that a request is for; the main shell where there is none. */
  readonly subshell_id?: string | null;
}

/** A message as the protocol has it. */
export interface Message {
  /** Routing frames of the peer. */
  readonly identities: readonly Buffer[];
  readonly header: Header;
  readonly parent: Partial<Header>;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly content: Readonly<Record<string, unknown>>;
  readonly buffers: readonly Buffer[];
}

/** A message that is not well-formed, not signed, or seen before. */
export class WireError extends Error {
  override readonly name = 'WireError';
}

const DELIMITER = Buffer.from('<IDS|MSG>');

/** Most signatures kept to recognise replayed messages. */
const REMEMBERED = 65_536;

/** Turns messages into frames and back, with signatures. */
export class Wire {
  private readonly seen = new Set<string>();

  /** @param key secret of the connection file; empty means unsigned */
  constructor(private readonly key: string, private readonly session: string = randomUUID()) {}

  /** A new header of this session. */
  header(type: string): Header {
    return {msg_id: randomUUID(), msg_type: type, session: this.session, username: 'kernel', date: new Date()
      .toISOString(), version: PROTOCOL_VERSION};
  }

  /** Frames of a message. */
  encode({identities, header, parent, metadata, content, buffers}: Message): Buffer[] {
    const parts = [header, parent, metadata, content].map((part) => Buffer.from(JSON.stringify(part)));
    return [...identities, DELIMITER, Buffer.from(this.sign(parts)), ...parts, ...buffers];
  }

  /**
   * The message in some frames.
   *
   * @throws WireError when the frames are not a signed message, or one that came before
   */
  decode(frames: readonly Buffer[]): Message {
    const at = frames.findIndex((frame) => frame.equals(DELIMITER));
    if (at < 0 || frames.length < at + 6) throw new WireError('not a message: too few frames or no delimiter');
    const parts = frames.slice(at + 2, at + 6);
    this.verify(frames[at + 1], parts);
    const [header, parent, metadata, content] = parts.map(parseObject);
    checkHeader(header);
    return {
      identities: frames.slice(0, at), header, parent, metadata, content, buffers: frames.slice(at + 6),
    } as unknown as Message;
  }

  private sign(parts: readonly Buffer[]): string {
    if (this.key === '') return '';
    const hmac = createHmac('sha256', this.key);
    for (const part of parts) hmac.update(part);
    return hmac.digest('hex');
  }

  private verify(signature: Buffer, parts: readonly Buffer[]): void {
    if (this.key === '') return;
    const expected = Buffer.from(this.sign(parts));
    if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) {
      throw new WireError('bad signature');
    }
    const text = signature.toString('latin1');
    if (this.seen.has(text)) throw new WireError('replayed message');
    this.seen.add(text);
    if (this.seen.size > REMEMBERED) this.seen.delete(this.seen.values().next().value!);
  }
}

function parseObject(frame: Buffer): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(frame.toString('utf8'));
  } catch {
    throw new WireError('not a message: a part is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new WireError('not a message: a part is not an object');
  }
  return value as Record<string, unknown>;
}

function checkHeader({msg_id, msg_type}: Record<string, unknown>): void {
  if (typeof msg_id !== 'string' || typeof msg_type !== 'string') {
    throw new WireError('not a message: the header lacks msg_id or msg_type');
  }
}
