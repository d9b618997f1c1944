import {writeSync} from 'node:fs';
import type {ChildProcess} from 'node:child_process';
import type {Readable} from 'node:stream';
import {deserialize, serialize} from 'node:v8';

/** Bytes before each message that say how long it is. */
const HEAD = 4;

/**
 * The writing end of a pipe of messages. A write waits until the pipe takes it: however fast a cell prints, nothing
 * piles up here, nothing is lost, and everything arrives in order.
 *
 * @param fd pipe that nothing else writes to, and that is not set to return before it is done
 */
export function messageWriter(fd: number): (message: unknown) => void {
  let pending: Buffer[] = [];
  let done = 0;
  // A cell can be ended between any two calls: what was begun is kept, and finished by the next message.
  const flush = (): void => {
    while (pending.length > 0) {
      while (done < pending[0].length) done += writeSync(fd, pending[0], done);
      pending = pending.slice(1);
      done = 0;
    }
  };
  return (message) => {
    const body = serialize(message);
    const head = Buffer.alloc(HEAD);
    head.writeUInt32LE(body.length);
    pending.push(Buffer.concat([head, body]));
    flush();
  };
}

/** Passes each message of a pipe to `receive`. */
export function readMessages(pipe: Readable, receive: (message: unknown) => void): void {
  let parts: Buffer[] = [];
  let length = 0;
  pipe.on('data', (part: Buffer) => {
    parts.push(part);
    length += part.length;
    while (length >= HEAD) {
      if (parts[0].length < HEAD) parts = [Buffer.concat(parts)];
      const end = HEAD + parts[0].readUInt32LE();
      if (length < end) return;
      const whole = parts.length === 1 ? parts[0] : Buffer.concat(parts);
      parts = whole.length > end ? [whole.subarray(end)] : [];
      length -= end;
      receive(deserialize(whole.subarray(HEAD, end)));
    }
  });
}

/** Tells when a process has ended and all its messages have been read. */
export function onEnd(child: ChildProcess, messages: Readable, then: (how: string) => void): void {
  child.once('exit', (code, signal) => {
    const how = signal ? `was ended by ${signal}` : `exited with code ${code}`;
    if (messages.closed) then(how);
    else messages.once('close', () => then(how));
  });
}
