import {type ChildProcess, spawn} from 'node:child_process';
import {randomBytes, randomUUID} from 'node:crypto';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Dealer, Subscriber} from 'zeromq';
import {killProcess} from '../executor/processTree.cjs';
import {addressOf, type Connection} from '../jupyter/connection';
import {type Message, Wire, WireError} from '../jupyter/wire';

/** Channels on which a page talks to its kernel. */
export type ClientChannel = 'shell' | 'control' | 'stdin';

/** What a page hears of its kernel. */
export interface KernelListener {
  receive(message: Message): void;
  /** The process ended by itself. */
  died(how: string): void;
}

/** A kernel that runs, as a page has it. */
export interface RunningKernel {
  /** From now on `listener` hears what it says, from the first message that waits. */
  hear(listener: KernelListener): void;
  /** Asks something. @returns the id of the message */
  send(channel: ClientChannel, type: string, content: object, parent?: object): string;
  /** Ends the kernel and all that it has started; what it still says is not heard. */
  close(): Promise<void>;
}

/** How a kernel is started. */
export interface KernelStart {
  /** Project root. */
  readonly root: string;
  /** Folder of the notebooks. */
  readonly directory: string;
  /** Added to the environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly log: (line: string) => void;
}

/** Time in ms that a kernel has to end by itself. */
const PATIENCE = 4000;

/**
 * The project's kernel as a process, seen from the server of the pages: Jupyter's messages over ZeroMQ, as every client
 * sends them.
 */
export class KernelProcess implements RunningKernel {
  /** Until somebody listens, messages wait. */
  private listener: KernelListener | null = null;
  private readonly early: Message[] = [];
  private readonly queues = new Map<ClientChannel, Promise<void>>();
  private readonly ended: Promise<void>;
  private how = '';
  private closing = false;

  private constructor(
    private readonly process: ChildProcess, private readonly wire: Wire, private readonly sockets: Sockets,
    private readonly place: {readonly folder: string; readonly log: (line: string) => void},
  ) {
    for (const socket of Object.values(sockets)) void this.listen(socket);
    this.ended = new Promise((resolve) => process.once('exit', (code, signal) => {
      this.how = signal ? `was ended by ${signal}` : `exited with code ${code}`;
      this.tidy();
      if (!this.closing) this.listener?.died(this.how);
      resolve();
    }));
  }

  /** Starts a kernel and waits until it answers. @throws Error when it ends before that */
  static async start({root, directory, env, log}: KernelStart): Promise<KernelProcess> {
    const folder = mkdtempSync(join(tmpdir(), 'obsnode-read-'));
    const connection = await connectionIn(folder);
    const path = join(folder, 'connection.json');
    writeFileSync(path, JSON.stringify(connection), {mode: 0o600});
    const process = spawn(globalThis.process.execPath, [join(root, 'kernels/jupyter/start.cjs'), path], {
      cwd: directory, env: {...globalThis.process.env, ...env}, stdio: ['ignore', 'ignore', 'pipe'],
    });
    process.stderr!.setEncoding('utf8').on('data', (text: string) => log(text.trimEnd()));
    const wire = new Wire(connection.key, randomUUID());
    const kernel = new KernelProcess(process, wire, connect(connection), {folder, log});
    await kernel.ready();
    return kernel;
  }

  /** The number of its process. */
  get pid(): number | undefined {
    return this.process.pid;
  }

  hear(listener: KernelListener): void {
    this.listener = listener;
    this.early.splice(0).forEach((message) => listener.receive(message));
    if (this.how) listener.died(this.how);
  }

  send(channel: ClientChannel, type: string, content: object, parent: object = {}): string {
    const header = this.wire.header(type);
    const frames =
      this.wire.encode({identities: [], header, parent, metadata: {}, content, buffers: []} as unknown as Message);
    const before = this.queues.get(channel) ?? Promise.resolve();
    const sent = before.then(() => this.sockets[channel].send(frames));
    this.queues.set(channel, sent.catch((error: Error) => this.place.log(`not sent: ${error.message}`)));
    return header.msg_id;
  }

  private async listen(socket: AsyncIterable<Buffer[]>): Promise<void> {
    try {
      for await (const frames of socket) this.take(frames);
    } catch (error) {
      if (!this.how && !this.closing) this.place.log(`a socket of the kernel failed: ${(error as Error).message}`);
    }
  }

  private take(frames: Buffer[]): void {
    try {
      const message = this.wire.decode(frames);
      if (this.listener) this.listener.receive(message);
      else this.early.push(message);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.place.log(`dropped: ${error.message}`);
    }
  }

  /** The kernel welcomes a subscriber: from then on it misses nothing. */
  private ready(): Promise<void> {
    return new Promise((resolve, reject) => this.hear({
      receive: ({header}) => {
        if (header.msg_type !== 'iopub_welcome') return;
        this.listener = null;
        resolve();
      },
      died: (how) => reject(new Error(`the kernel ${how} before it was ready`)),
    }));
  }

  async close(): Promise<void> {
    this.closing = true;
    this.listener = {receive: () => undefined, died: () => undefined};
    if (!this.how) this.send('control', 'shutdown_request', {restart: false});
    const timer = setTimeout(() => killProcess(this.process.pid), PATIENCE);
    await this.ended;
    clearTimeout(timer);
  }

  private tidy(): void {
    for (const socket of Object.values(this.sockets)) socket.close();
    rmSync(this.place.folder, {recursive: true, force: true});
  }
}

interface Sockets {
  readonly shell: Dealer;
  readonly control: Dealer;
  readonly stdin: Dealer;
  readonly iopub: Subscriber;
}

function connect(connection: Connection): Sockets {
  const named = {routingId: randomUUID(), linger: 0, receiveHighWaterMark: 0, sendHighWaterMark: 0};
  const sockets = {
    shell: new Dealer(named), control: new Dealer(named), stdin: new Dealer(named),
    iopub: new Subscriber({linger: 0, receiveHighWaterMark: 0}),
  };
  for (const channel of ['shell', 'control', 'stdin', 'iopub'] as const) {
    sockets[channel].connect(addressOf(connection, channel));
  }
  sockets.iopub.subscribe();
  return sockets;
}

/** Sockets in a folder that only this user can enter; where there are none, on the loopback interface. */
async function connectionIn(folder: string): Promise<Connection> {
  const key = randomBytes(32).toString('hex');
  const isLocal = process.platform !== 'win32';
  const [shell_port, control_port, stdin_port, iopub_port, hb_port] = isLocal ? [1, 2, 3, 4, 5] : await freePorts(5);
  return {
    transport: isLocal ? 'ipc' : 'tcp', ip: isLocal ? join(folder, 'k') : '127.0.0.1', shell_port, control_port,
    stdin_port, iopub_port, hb_port, key, signature_scheme: 'hmac-sha256',
  };
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({length: count}, () => new Promise<import('node:net').Server>((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => done(server));
  })));
  const ports = servers.map((server) => (server.address() as import('node:net').AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}
