import {randomBytes} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import type {Duplex} from 'node:stream';
import {type RawData, type WebSocket, WebSocketServer} from 'ws';
import {servedFile} from './files';
import {cookieName, type Gate, hasCookie, isSame, type Refusal, refusal} from './guard';
import {livePage, pagePolicy} from './livePage';
import type {LivePages} from './pages';
import type {ServerMessage} from './protocol';
import {readRequest, RequestError} from './requests';

/** What the server hands out. */
export interface ServerOptions {
  /** Folder of the site. */
  readonly site: string;
  /** Scripts and styles of live pages. */
  readonly assets: string;
  readonly pages: LivePages;
  /** Port on the loopback interface; where it is taken, one of the next. 0 takes any that is free. */
  readonly port: number;
  readonly log: (line: string) => void;
}

/** A server that runs. */
export interface Reading {
  /** The address to open, with the token. */
  readonly address: string;
  readonly gate: Gate;
  close(): Promise<void>;
}

/** The only interface that is listened on: this machine's own. */
const LOOPBACK = '127.0.0.1';

/** Most bytes of a message, most pages that are open, and most bytes that wait for a page that does not read. */
const MOST_BYTES = 4 * 2 ** 20, MOST_SOCKETS = 64, MOST_WAITING = 64 * 2 ** 20;

/** A page that sends so many messages that no page of ours sends is cut off. */
const MOST_REFUSED = 20;

const DENIED = 'Open the address that `npm run read` has printed: it holds the key.\n';

/** Starts the server of the pages. @throws Error when no port is free */
export async function startServer(options: ServerOptions): Promise<Reading> {
  const server = createServer({maxHeaderSize: 16_384, requestTimeout: 30_000, headersTimeout: 10_000});
  server.maxConnections = 4 * MOST_SOCKETS;
  await listen(server, options.port);
  const gate: Gate = {port: (server.address() as AddressInfo).port, token: randomBytes(32).toString('base64url')};
  const sockets = new WebSocketServer({noServer: true, maxPayload: MOST_BYTES, perMessageDeflate: false});
  server.on('request', (request, response) => respond(options, gate, request, response));
  server.on('upgrade', (request, socket, head) => upgrade(options, gate, sockets, {request, socket, head}));
  server.on('clientError', (error: Error & {code?: string}, socket) => {
    options.log(`refused: ${shown(error.code ?? error.message)}`);
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
  });
  return {
    address: `http://${LOOPBACK}:${gate.port}/?token=${gate.token}`, gate,
    close: async () => {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await options.pages.close();
    },
  };
}

/** Where the port is taken, perhaps by another reader, one of the next is. */
async function listen(server: Server, port: number, tries = port === 0 ? 0 : 20): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({port, host: LOOPBACK, exclusive: true}, () => {
        server.off('error', reject);
        resolve();
      });
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || tries === 0) throw error;
    await listen(server, port + 1, tries - 1);
  }
}

const COMMON = {
  'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer', 'Cache-Control': 'no-store',
  'Cross-Origin-Resource-Policy': 'same-origin', 'Cross-Origin-Opener-Policy': 'same-origin',
  'X-Frame-Options': 'DENY', 'Content-Security-Policy': "default-src 'none'",
};

/** A request and its answer. */
interface Visit {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Path of the address, as it was written. */
  readonly path: string;
}

function respond(options: ServerOptions, gate: Gate, request: IncomingMessage, response: ServerResponse): void {
  const [path, query = ''] = (request.url ?? '').split('?'), visit = {request, response, path};
  const refused = refusal(request, gate, false);
  if (refused) return refuse(options, visit, refused);
  const given = new URLSearchParams(query).get('token');
  if (given !== null && isSame(given, gate.token)) return letIn(gate, visit);
  if (!hasCookie(request, gate)) return refuse(options, visit, {status: 403, reason: 'no token'});
  if (path === '/favicon.ico') return void response.writeHead(204, COMMON).end(); // every browser asks, no page has one
  handOut(options, gate, visit);
}

/** The token moves from the address, which others may come to see, into a cookie. */
function letIn({port, token}: Gate, {path, response}: Visit): void {
  const cookie = `${cookieName(port)}=${token}; Path=/; HttpOnly; SameSite=Strict`;
  const to = /^\/(?!\/)[\w./-]*$/.test(path) ? path : '/';
  response.writeHead(303, {...COMMON, 'Set-Cookie': cookie, 'Location': to}).end();
}

function refuse({log}: ServerOptions, {response, path}: Visit, {status, reason}: Refusal): void {
  log(`refused (${status}): ${shown(reason)}, ${shown(path)}`);
  response.writeHead(status, {...COMMON, 'Content-Type': 'text/plain; charset=utf-8', 'Connection': 'close'});
  response.end(status === 403 ? DENIED : `${reason}\n`);
}

function handOut(options: ServerOptions, gate: Gate, visit: Visit): void {
  const {request, response, path} = visit, isLive = path.startsWith('/live/');
  const file = isLive ? servedFile(options.assets, path.slice('/live'.length)) : servedFile(options.site, path);
  if (!file) return refuse(options, visit, {status: 404, reason: 'no such page'});
  const headers: Record<string, string> = {...COMMON, 'Content-Type': file.type};
  let body: Buffer | string = readFileSync(file.path);
  if (file.type.startsWith('text/html')) {
    const nonce = randomBytes(16).toString('base64url'), {profile} = options.pages;
    const live = {nonce, profile, port: gate.port, name: pageName(options, path)};
    headers['Content-Security-Policy'] = pagePolicy(live);
    body = livePage(body.toString('utf8'), live);
  }
  response.writeHead(200, headers).end(request.method === 'HEAD' ? undefined : body);
}

/** The notebook of an address like `/full/notebooks/05-obsnode-trained.html`. */
function pageName({pages}: ServerOptions, path: string): string | undefined {
  const name = /^\/(?:full\/)?notebooks\/([^/]+)\.html$/.exec(path)?.[1];
  return name !== undefined && pages.has(decodeURIComponent(name)) ? decodeURIComponent(name) : undefined;
}

/** A request for a socket, as Node gives it. */
interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

function upgrade(options: ServerOptions, gate: Gate, sockets: WebSocketServer, {request, socket, head}: Upgrade): void {
  socket.on('error', () => undefined); // whoever asked is gone
  const name = socketName(options, request);
  const refused = refusal(request, gate, true)?.reason ?? (hasCookie(request, gate) ? null : 'no token')
    ?? (name === undefined ? 'no such page' : null)
    ?? (sockets.clients.size >= MOST_SOCKETS ? `more than ${MOST_SOCKETS} pages` : null);
  if (refused !== null) {
    options.log(`refused: ${shown(refused)}, socket ${shown(request.url ?? '')}`);
    socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
    return;
  }
  sockets.handleUpgrade(request, socket, head, (page) => serve(options, page, name!));
}

function socketName({pages}: ServerOptions, {url = ''}: IncomingMessage): string | undefined {
  try {
    const name = decodeURIComponent(/^\/live\/([^/?]+)$/.exec(url)?.[1] ?? '');
    return pages.has(name) ? name : undefined;
  } catch {
    return undefined;
  }
}

/** Speaks with one page until it closes. */
function serve({pages, log}: ServerOptions, page: WebSocket, name: string): void {
  const send = (message: ServerMessage): void => {
    if (page.bufferedAmount > MOST_WAITING) page.terminate();
    else if (page.readyState === page.OPEN) page.send(JSON.stringify(message));
  };
  const session = pages.session(name)!, known = new Set(session.originals.keys()), reader = {send};
  let refused = 0;
  const refusing = (error: Error, ask: number | null): void => {
    log(`refused: ${shown(error.message)}`);
    send({type: 'refused', ask, reason: error.message});
    if (error instanceof RequestError && ++refused >= MOST_REFUSED) page.close(1008, 'too much that is not understood');
  };
  page.on('error', (error) => {
    log(`refused: ${shown(error.message)}`);
    if (error instanceof RangeError && !error.message.startsWith('Max payload')) page.terminate(); // no page of ours
  });
  page.on('close', session.open(reader));
  page.on('message', (data: RawData, isBinary: boolean) => {
    try {
      if (isBinary) throw new RequestError('the message is not a text');
      const request = readRequest(String(data), known);
      if (request.type !== 'ask') return session.handle(request, reader);
      pages.answer(name, request).then(
        (value) => send({type: 'answer', ask: request.ask, value}), (error: Error) => refusing(error, request.ask),
      );
    } catch (error) {
      refusing(error as Error, null);
    }
  });
}

/** What others sent, fit for a line of the terminal. */
function shown(text: string): string {
  return JSON.stringify(text.slice(0, 200));
}
