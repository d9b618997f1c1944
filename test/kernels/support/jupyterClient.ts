import {type ChildProcess, spawn} from 'node:child_process';
import {randomUUID} from 'node:crypto';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {Dealer, Request, Subscriber} from 'zeromq';
import type {Connection} from '../../../kernels/jupyter/connection';
import {type Message, Wire} from '../../../kernels/jupyter/wire';

const ROOT = resolve(__dirname, '../../..');

async function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const {port} = server.address() as {port: number};
      server.close(() => done(port));
    });
  });
}

interface CurveKeyPair {
  readonly publicKey: string;
  readonly secretKey: string;
}

/** Everything that came of one request. */
export interface Answer {
  readonly reply: Message;
  readonly published: readonly Message[];
}

type Channel = 'shell' | 'control';

interface SendOptions {
  readonly parent?: object;
  readonly buffers?: readonly Buffer[];
  readonly subshell?: string;
}

/** A client of a kernel, for tests: starts it, asks, collects what it publishes. */
export class JupyterClient {
  readonly session = randomUUID();
  readonly wire: Wire;
  readonly published: Message[] = [];
  readonly replies: Message[] = [];
  /** Answers requests for input; undefined leaves one open. */
  onInput: (prompt: string) => string | undefined = () => '';
  log = '';
  exited = false;
  private readonly sockets: {shell: Dealer; control: Dealer; stdin: Dealer; iopub: Subscriber; heartbeat: Request};

  private constructor(
    readonly process: ChildProcess, readonly connection: Connection, private readonly folder: string,
  ) {
    this.wire = new Wire(connection.key, this.session);
    const {curve_publickey: open, curve_secretkey: secret} = connection;
    const safe = open ? {curveServerKey: open, curvePublicKey: open, curveSecretKey: secret} : {};
    const routed = {routingId: this.session, linger: 0, ...safe};
    this.sockets = {
      shell: new Dealer(routed), control: new Dealer(routed), stdin: new Dealer(routed),
      iopub: new Subscriber({linger: 0, ...safe}), heartbeat: new Request({linger: 0, ...safe}),
    };
    process.stderr!.on('data', (chunk) => (this.log += chunk));
    process.on('exit', () => (this.exited = true));
  }

  /** Starts a kernel and waits until it answers. @param argv command before the connection file; default: our kernel */
  static async start(
    argv: readonly string[] = [process.execPath, join(ROOT, 'kernels/jupyter/start.cjs')],
    cwd = join(ROOT, 'test/kernels'), keys: CurveKeyPair | undefined = undefined,
  ): Promise<JupyterClient> {
    const folder = mkdtempSync(join(tmpdir(), 'obsnode-client-'));
    const [shell_port, control_port, stdin_port, iopub_port, hb_port] =
      await Promise.all([1, 2, 3, 4, 5].map(freePort));
    const connection: Connection = {
      transport: 'tcp', ip: '127.0.0.1', shell_port, control_port, stdin_port, iopub_port, hb_port, key: randomUUID(),
      signature_scheme: 'hmac-sha256',
      ...(keys && {curve_publickey: keys.publicKey, curve_secretkey: keys.secretKey}),
    };
    const path = join(folder, 'connection.json');
    writeFileSync(path, JSON.stringify(connection));
    const child = spawn(argv[0], [...argv.slice(1), path], {cwd, stdio: ['ignore', 'ignore', 'pipe']});
    const client = new JupyterClient(child, connection, folder);
    client.connect();
    await client.ready();
    return client;
  }

  private connect(): void {
    const {ip} = this.connection;
    for (const channel of ['shell', 'control', 'stdin', 'iopub'] as const) this.sockets[channel].connect(`tcp://${ip}:${this.connection[`${channel}_port`]}`);
    this.sockets.heartbeat.connect(`tcp://${ip}:${this.connection.hb_port}`);
    this.sockets.iopub.subscribe();
    void this.collect(this.sockets.iopub, this.published);
    void this.collect(this.sockets.shell, this.replies);
    void this.collect(this.sockets.control, this.replies);
    void this.answerInput();
  }

  private async collect(socket: AsyncIterable<Buffer[]>, into: Message[]): Promise<void> {
    for await (const frames of socket) into.push(this.wire.decode(frames));
  }

  private async answerInput(): Promise<void> {
    for await (const frames of this.sockets.stdin) {
      const message = this.wire.decode(frames);
      const value = this.onInput(String(message.content.prompt));
      if (value !== undefined) await this.send('stdin', 'input_reply', {value}, {parent: message.header});
    }
  }

  private async ready(): Promise<void> {
    for (;;) {
      const {published} = await this.ask('kernel_info_request', {});
      // Until its subscription has arrived, a client misses what is published.
      if (published.length > 0) return;
    }
  }

  /** Sends a request without waiting. @returns its id */
  async send(
    channel: Channel | 'stdin', type: string, content: object,
    {parent = {}, buffers = [], subshell}: SendOptions = {},
  ): Promise<string> {
    const header = {...this.wire.header(type), ...(subshell === undefined ? {} : {subshell_id: subshell})};
    await this.sockets[channel].send(
      this.wire.encode({identities: [], header, parent, metadata: {}, content, buffers} as unknown as Message),
    );
    return header.msg_id;
  }

  /** Sends frames as they are. */
  async sendRaw(channel: Channel | 'stdin', frames: Buffer[]): Promise<void> {
    await this.sockets[channel].send(frames);
  }

  /** Sends a request and waits for its reply and for the kernel to be idle again. */
  async ask(type: string, content: object, channel: Channel = 'shell', options: SendOptions = {}): Promise<Answer> {
    const id = await this.send(channel, type, content, options);
    return this.answerTo(id, type === 'kernel_info_request' ? 100 : Infinity);
  }

  /** Waits for the reply to a request, and for its idle status at most `patience` ms longer. */
  async answerTo(id: string, patience = Infinity): Promise<Answer> {
    const reply = await this.until(() => this.replies.find(({parent}) => parent.msg_id === id));
    const end = performance.now() + patience;
    const own = (): Message[] => this.published.filter(({parent}) => parent.msg_id === id);
    await this.until(() =>
      performance.now() > end || own().some(({content}) => content.execution_state === 'idle') || undefined);
    return {reply, published: own()};
  }

  /** @param subshell default: the main shell */
  execute(code: string, more: object = {}, subshell?: string): Promise<Answer> {
    return this.ask('execute_request', {
      code, silent: false, store_history: true, user_expressions: {}, allow_stdin: true, stop_on_error: true, ...more,
    }, 'shell', {subshell});
  }

  /** Waits until `find` gives something; after the kernel's end one more second, for what is still on its way. */
  async until<T>(find: () => T | undefined): Promise<T> {
    for (let left = 500; ; ) {
      const found = find();
      if (found !== undefined) return found;
      if (this.exited && left-- === 0) throw new Error(`the kernel has ended:\n${this.log.slice(-2000)}`);
      await new Promise((done) => setTimeout(done, 2));
    }
  }

  async heartbeat(): Promise<string> {
    await this.sockets.heartbeat.send('ping');
    return (await this.sockets.heartbeat.receive()).toString();
  }

  close(): void {
    for (const socket of Object.values(this.sockets)) socket.close();
    this.process.kill('SIGKILL');
    rmSync(this.folder, {recursive: true, force: true});
  }
}
