import {capability, Reply, Router, XPublisher} from 'zeromq';
import {addressOf, type Connection} from './connection';
import {type Header, type Message, Wire, WireError} from './wire';

/** Channels on which requests come. */
export type RequestChannel = 'shell' | 'control' | 'stdin';

/** Parts of a message to be sent; the rest is filled in. */
export interface Outgoing {
  readonly content: object;
  readonly parent?: Partial<Header>;
  readonly metadata?: object;
  readonly buffers?: readonly Buffer[];
}

/** A socket whose messages leave one after the other, as ZeroMQ demands. */
interface Sender {
  send(frames: Buffer[]): Promise<void>;
}

/** The sockets of a kernel: they listen where the connection file says and nowhere else. */
export class Transport {
  private readonly routers: Readonly<Record<RequestChannel, Router>>;
  private readonly iopub: XPublisher;
  private readonly heartbeat: Reply;
  private readonly queues = new Map<Sender, Promise<void>>();
  private readonly wire: Wire;

  constructor(private readonly connection: Connection, private readonly log: (line: string) => void) {
    this.wire = new Wire(connection.key);
    const safe = encryption(connection), router = (): Router => new Router({...REQUESTS, ...safe});
    this.routers = {shell: router(), control: router(), stdin: router()};
    this.iopub = new XPublisher({...OPTIONS, ...safe});
    this.heartbeat = new Reply({...OPTIONS, ...safe});
  }

  /** Opens the sockets and passes each good request to `receive`; bad ones are logged and dropped. */
  async open(receive: (channel: RequestChannel, message: Message) => void): Promise<void> {
    await this.heartbeat.bind(addressOf(this.connection, 'hb'));
    await this.iopub.bind(addressOf(this.connection, 'iopub'));
    for (const channel of ['shell', 'control', 'stdin'] as const) {
      await this.routers[channel].bind(addressOf(this.connection, channel));
      void this.listen(channel, receive);
    }
    void this.echo();
    void this.welcome();
  }

  private async listen(
    channel: RequestChannel, receive: (channel: RequestChannel, message: Message) => void,
  ): Promise<void> {
    for await (const frames of this.routers[channel]) {
      const message = this.decode(channel, frames);
      if (message) receive(channel, message);
    }
  }

  private decode(channel: RequestChannel, frames: readonly Buffer[]): Message | null {
    try {
      return this.wire.decode(frames);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.log(`dropped on ${channel}: ${error.message}`);
      return null;
    }
  }

  private async echo(): Promise<void> {
    for await (const frames of this.heartbeat) await this.heartbeat.send(frames);
  }

  /** Tells a new subscriber that from now on nothing is lost (protocol 5.4). */
  private async welcome(): Promise<void> {
    for await (const [frame] of this.iopub) {
      if (frame[0] !== 1) continue;
      const topic = frame.subarray(1);
      this.publish('iopub_welcome', {content: {subscription: topic.toString('utf8')}}, topic);
    }
  }

  /** Sends a message to all who listen. @param topic first frame; by default the type */
  publish(type: string, message: Outgoing, topic: Buffer = Buffer.from(`kernel.${type}`)): void {
    this.enqueue(this.iopub, this.complete([topic], type, message));
  }

  /** Sends a message to the peer of a request. */
  send(channel: RequestChannel, identities: readonly Buffer[], type: string, message: Outgoing): void {
    this.enqueue(this.routers[channel], this.complete(identities, type, message));
  }

  private complete(
    identities: readonly Buffer[], type: string, {content, parent = {}, metadata = {}, buffers = []}: Outgoing,
  ): Message {
    return {identities, header: this.wire.header(type), parent, metadata, content, buffers} as unknown as Message;
  }

  private enqueue(socket: Sender, message: Message): void {
    const frames = this.encode(message);
    if (!frames) return;
    const before = this.queues.get(socket) ?? Promise.resolve();
    // A peer that went away before its answer is no reason to stop.
    const sent = before.then(() => socket.send(frames)).catch((error: Error) => this.log(`not sent: ${error.message}`));
    this.queues.set(socket, sent);
  }

  /** What cannot be written, such as a text longer than any string, is logged and left out. */
  private encode(message: Message): Buffer[] | null {
    try {
      return this.wire.encode(message);
    } catch (error) {
      this.log(`not sent: ${message.header.msg_type}: ${(error as Error).message}`);
      return null;
    }
  }

  /** Waits until everything has left, then closes. */
  async close(): Promise<void> {
    await Promise.all(this.queues.values());
    for (const socket of [...Object.values(this.routers), this.iopub, this.heartbeat]) socket.close();
  }
}

/** Options of a socket that speaks only with those who know the keys of the connection file, where there are any. */
function encryption({curve_secretkey: curveSecretKey}: Connection): {curveServer?: true; curveSecretKey?: string} {
  if (curveSecretKey === undefined) return {};
  if (!capability.curve) throw new Error('connection file: curve_secretkey asks for encryption that ZeroMQ lacks here');
  return {curveServer: true, curveSecretKey};
}

// No high-water mark: a burst of output must arrive whole. Half a second is left for what is on its way at the end.
const OPTIONS = {linger: 500, sendHighWaterMark: 0, receiveHighWaterMark: 0} as const;

// A front end that comes back under its name takes the place of its old connection, which may still seem alive.
const REQUESTS = {...OPTIONS, handover: true} as const;
