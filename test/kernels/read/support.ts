import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {request as httpRequest} from 'node:http';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {WebSocket} from 'ws';
import type {ClientChannel, KernelListener, RunningKernel} from '../../../kernels/read/kernelProcess';
import type {LivePages} from '../../../kernels/read/pages';
import type {ServerMessage} from '../../../kernels/read/protocol';
import {type Reading, startServer} from '../../../kernels/read/server';
import {Session} from '../../../kernels/read/session';
import type {Notebook} from '../../../kernels/nbformat/notebook';

/** A notebook whose code cells are named a, b, c, ... */
export function notebookOf(...codes: readonly string[]): Notebook {
  const cells = codes.map((source, k) =>
    ({cell_type: 'code' as const, id: 'abcdefgh'[k], metadata: {}, source, outputs: [], execution_count: null}));
  return {nbformat: 4, nbformat_minor: 5, metadata: {}, cells};
}

/** What was sent to a kernel. */
export interface Sent {
  readonly id: string;
  readonly channel: ClientChannel;
  readonly type: string;
  readonly content: Record<string, unknown>;
}

/** A kernel whose messages the test writes. */
export class ScriptedKernel implements RunningKernel {
  readonly sent: Sent[] = [];
  closed = false;
  private listener: KernelListener | null = null;

  hear(listener: KernelListener): void {
    this.listener = listener;
  }

  send(channel: ClientChannel, type: string, content: object): string {
    const id = `m${this.sent.length}`;
    this.sent.push({id, channel, type, content: content as Record<string, unknown>});
    return id;
  }

  /** Says something under a request. */
  say(parent: string, type: string, content: object = {}): void {
    this.listener!.receive({
      identities: [], buffers: [], metadata: {}, parent: {msg_id: parent}, content,
      header: {msg_id: 'k', msg_type: type, session: 's', username: 'u', date: '', version: '5.4'},
    } as never);
  }

  /** Runs a cell: what it publishes, then its end. */
  run(id: string, published: readonly (readonly [type: string, content: object])[] = [], status = 'ok'): void {
    this.say(id, 'execute_input', {execution_count: 1});
    for (const [type, content] of published) this.say(id, type, content);
    this.say(id, 'execute_reply', {status});
    this.say(id, 'status', {execution_state: 'idle'});
  }

  die(how = 'was ended by SIGKILL'): void {
    this.listener!.died(how);
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}

/** A session on scripted kernels, the newest last. */
export function scriptedSession(...codes: readonly string[]): {session: Session; kernels: ScriptedKernel[]} {
  const kernels: ScriptedKernel[] = [];
  const session = new Session({
    notebook: notebookOf(...codes), profile: 'quick', log: () => undefined,
    render: (output) => JSON.stringify(output),
    kernel: () => {
      kernels.push(new ScriptedKernel());
      return Promise.resolve(kernels.at(-1)!);
    },
  });
  return {session, kernels};
}

/** A page that is open: everything that it was told. */
export class OpenPage {
  readonly told: ServerMessage[] = [];
  readonly close: () => void;

  constructor(session: Session) {
    this.close = session.open(this);
  }

  send(message: ServerMessage): void {
    this.told.push(JSON.parse(JSON.stringify(message)) as ServerMessage);
  }

  of<T extends ServerMessage['type']>(type: T): Extract<ServerMessage, {type: T}>[] {
    return this.told.filter((message): message is Extract<ServerMessage, {type: T}> => message.type === type);
  }
}

/** A server on a small site, with scripted kernels. */
export interface TestServer extends Reading {
  readonly log: string[];
  readonly folder: string;
  readonly session: Session;
  readonly cookie: string;
}

export async function testServer(): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'obsnode reader ')), site = join(folder, 'site');
  const log: string[] = [], {session} = scriptedSession('1', '2');
  mkdirSync(join(site, 'notebooks'), {recursive: true});
  mkdirSync(join(folder, 'live'));
  const page = '<html><head><meta http-equiv="Content-Security-Policy" content="x">\n</head><body>page</body></html>';
  writeFileSync(join(site, 'index.html'), page);
  writeFileSync(join(site, 'notebooks', '01-problem.html'), page);
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  writeFileSync(join(folder, 'live', 'read.js'), '');
  const pages: LivePages = {
    profile: 'quick',
    has: (name) => name === '01-problem', session: (name) => (name === '01-problem' ? session : undefined),
    answer: () => Promise.resolve([]), close: () => session.close(),
  };
  const reading =
    await startServer({site, assets: join(folder, 'live'), pages, port: 0, log: (line) => log.push(line)});
  const cookie = `obsnode-${reading.gate.port}=${reading.gate.token}`;
  return {
    ...reading, log, folder, session, cookie,
    close: async () => {
      await reading.close();
      rmSync(folder, {recursive: true, force: true});
    },
  };
}

/** An answer of the server. */
export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Asks for a path, written as it is. */
export function get(
  {gate, cookie}: TestServer, path: string, headers: Readonly<Record<string, string>> = {},
  {method = 'GET', body = ''} = {},
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      host: '127.0.0.1', port: gate.port, path, method, headers: {cookie, ...headers}, agent: false,
    }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => resolve({status: response.statusCode!, headers: response.headers, body: text}));
    });
    request.on('error', reject).end(body);
  });
}

/** A socket to a page. */
export interface TestSocket {
  readonly socket: WebSocket;
  /** What it hears first. */
  readonly first: Promise<ServerMessage>;
  /** Why it was not opened. */
  readonly refused?: number;
}

/** Opens a socket as a page does. */
export function openSocket(
  {gate, cookie}: TestServer, path = '/live/01-problem', headers: Readonly<Record<string, string | undefined>> = {},
): Promise<TestSocket> {
  const all = {cookie, origin: `http://127.0.0.1:${gate.port}`, ...headers};
  const kept =
    Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined));
  const socket = new WebSocket(`ws://127.0.0.1:${gate.port}${path}`, {headers: kept});
  const first = new Promise<ServerMessage>((resolve) =>
    socket.once('message', (data) => resolve(JSON.parse(String(data)) as ServerMessage)));
  return new Promise((resolve) => {
    socket.on('open', () => resolve({socket, first}));
    socket.on('unexpected-response', (_, {statusCode}) => resolve({socket, first, refused: statusCode}));
    socket.on('error', () => undefined);
  });
}
