import assert from 'node:assert/strict';
import {readFileSync, symlinkSync} from 'node:fs';
import {connect} from 'node:net';
import {networkInterfaces} from 'node:os';
import {join} from 'node:path';
import {announcement} from '../../../kernels/read/announcement';
import {fold, integers, rng} from '../../../lib/math';
import {get, openSocket, type TestServer, testServer} from './support';

/** Addresses by which another folder might be reached. */
const TRICKS = [
  '/../secret.txt', '/notebooks/../../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/%2e%2e%2fsecret.txt',
  '/..%5csecret.txt', '/notebooks/..%5c..%5csecret.txt', '//secret.txt', '/./index.html', '/%00/index.html',
  '/index.html%00.txt', '/.hidden/index.html', '/%ff', '/%', '/C:/secret.txt', '/link.txt', '/folder/secret.txt',
  `/${'a/'.repeat(2000)}index.html`, '/live/../secret.txt', '/live/%2e%2e/secret.txt', '/live//read.js', '*',
  'http://127.0.0.1/secret.txt',
];

describe('the server of live pages', function () {
  this.timeout(240_000);
  let server: TestServer;

  before(async () => {
    server = await testServer();
  });
  after(() => server.close());

  const alive = async () => assert.equal((await get(server, '/')).status, 200);

  it('listens on the loopback interface and on no other', async () => {
    const others = Object.values(networkInterfaces()).flat().filter((each) => each && !each.internal);
    for (const {address} of others.map((each) => each!)) {
      const reached = await new Promise((resolve) => {
        const socket = connect({host: address, port: server.gate.port, timeout: 3000});
        socket.on('connect', () => resolve(true)).on('error', () => resolve(false)).on('timeout', () => resolve(false));
      });
      assert.equal(reached, false, address);
    }
    if (process.platform !== 'linux') return;
    const port = server.gate.port.toString(16).toUpperCase().padStart(4, '0');
    const listening = ['tcp', 'tcp6'].flatMap((name) => readFileSync(`/proc/net/${name}`, 'utf8').split('\n'))
      .filter((line) => / 0A /.test(line) && line.split(/\s+/)[2].endsWith(`:${port}`));
    assert.deepEqual(listening.map((line) => line.split(/\s+/)[2]), [`0100007F:${port}`]);
  });

  it('says where it listens and that nobody else can reach it', () => {
    const address = `http://127.0.0.1:${server.gate.port}/?token=${server.gate.token}`;
    assert.match(announcement(address), /Only this machine can reach the pages \(127\.0\.0\.1\)/);
    assert.ok(announcement(address).includes(`  ${address}\n`));
  });

  it('moves the token from the address into a cookie that scripts and other sites do not see', async () => {
    const {pathname, search} = new URL(server.address);
    const {status, headers} = await get(server, pathname + search, {cookie: ''});
    assert.equal(status, 303);
    assert.equal(headers.location, '/');
    assert.match(String(headers['set-cookie']), new RegExp(`^${server.cookie}; Path=/; HttpOnly; SameSite=Strict$`));
    assert.equal((await get(server, `//example.org/${search}`, {cookie: ''})).headers.location, '/');
  });

  it('shows nothing without the token', async () => {
    for (const cookie of ['', `${server.cookie}x`, server.cookie.slice(0, -1), `obsnode-1=${server.gate.token}`]) {
      const {status, body} = await get(server, '/', {cookie});
      assert.equal(status, 403, cookie);
      assert.doesNotMatch(body, /page/);
    }
    assert.equal((await get(server, '/?token=guessed', {cookie: ''})).status, 403);
    await alive();
  });

  it('answers no other name, no other origin, no other method and nothing with a body', async () => {
    const {port} = server.gate, own = `http://127.0.0.1:${port}`;
    const status = async (headers: Record<string, string>, options = {}) =>
      (await get(server, '/', headers, options)).status;
    assert.equal(await status({host: `evil.example:${port}`}), 421);
    assert.equal(await status({host: '127.0.0.1'}), 421);
    assert.equal(await status({origin: 'http://evil.example'}), 403);
    assert.equal(await status({origin: 'null'}), 403);
    assert.equal(await status({origin: `http://localhost:${port}`}), 403);
    assert.equal(await status({'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors'}), 403);
    assert.equal(await status({}, {method: 'POST'}), 405);
    assert.equal(await status({}, {method: 'DELETE'}), 405);
    assert.equal(await status({'content-length': '3'}, {body: 'abc'}), 413);
    assert.equal(await status({origin: own, 'sec-fetch-site': 'same-origin'}), 200);
    assert.equal(await status({host: `localhost:${port}`, origin: `http://localhost:${port}`}), 200);
  });

  it('hands out files of the site alone, whatever the path is made of', async function () {
    symlinkSync(join(server.folder, 'secret.txt'), join(server.folder, 'site', 'link.txt'));
    symlinkSync(server.folder, join(server.folder, 'site', 'folder'));
    for (const path of TRICKS) {
      const {status, body} = await get(server, path);
      assert.ok(status >= 400 && status < 500, `${path.slice(0, 60)}: ${status}`);
      assert.doesNotMatch(body, /secret\b(?!\.txt)/, path);
    }
    await alive();
  });

  it('lets live pages load from this server alone, with a style number that nobody can guess', async () => {
    const path = '/notebooks/01-problem.html', first = await get(server, path), next = await get(server, path);
    const policies = [first, next].map(({headers}) => String(headers['content-security-policy']));
    assert.match(policies[0], /default-src 'none'; script-src 'self';.*connect-src 'self' ws:\/\/127\.0\.0\.1:\d+ /);
    assert.notEqual(policies[0], policies[1]);
    assert.doesNotMatch(first.body, /http-equiv/);
    assert.match(first.body, /<meta name="obsnode-page" content="01-problem">/);
    assert.doesNotMatch((await get(server, '/')).body, /obsnode-page/);
  });

  it('refuses sockets without token or origin, from elsewhere, to unknown pages', async () => {
    const tries: readonly [path: string, headers: Record<string, string | undefined>][] = [
      ['/live/01-problem', {cookie: undefined}], ['/live/01-problem', {cookie: `obsnode-${server.gate.port}=x`}],
      ['/live/01-problem', {origin: undefined}], ['/live/01-problem', {origin: 'http://evil.example'}],
      ['/live/01-problem', {host: 'evil.example'}], ['/live/99', {}], ['/live/%ff', {}], ['/', {}],
      ['/live/../live/01-problem', {origin: 'http://evil.example'}],
    ];
    for (const [path, headers] of tries) {
      const {refused} = await openSocket(server, path, headers);
      assert.equal(refused, 403, `${path} ${JSON.stringify(headers)}`);
    }
    const {socket, refused} = await openSocket(server);
    assert.equal(refused, undefined);
    socket.close();
  });

  it('cuts off what is too big', async () => {
    const {socket} = await openSocket(server);
    const closed = new Promise((resolve) => socket.on('close', resolve));
    socket.send('x'.repeat(5 * 2 ** 20));
    assert.equal(await closed, 1009);
    assert.ok([400, 431].includes((await get(server, `/${'a'.repeat(20_000)}`)).status));
    await alive();
  });

  it('survives 10,000 malformed frames and messages, refuses and logs them', async function () {
    const before = server.log.length, key = rng(1);
    for (let k = 0; k < 2000; k += 40) {
      await Promise.all(Array.from({length: 40}, (_, i) => sendBytes(server, randomBytes(fold(key, k + i)))));
    }
    for (let k = 0; k < 8000; k += 400) {
      await Promise.all(Array.from({length: 20}, (_, i) => sendMessages(server, k + 20 * i)));
    }
    await alive();
    assert.ok(server.log.length - before >= 8000, `${server.log.length - before} lines`);
    // eslint-disable-next-line no-control-regex -- a terminal must not be told what to do by strangers
    assert.ok(server.log.every((line) => line.length < 600 && !/[\u0000-\u001f\u007f]/.test(line)));
    const {socket, first} = await openSocket(server);
    assert.equal((await first).type, 'snapshot');
    socket.close();
  });
});

function randomBytes(key: ReturnType<typeof rng>): Buffer {
  const [length] = integers(fold(key, 'length'), 1, {low: 1, high: 300});
  return Buffer.from(integers(fold(key, 'bytes'), length, {high: 256}));
}

/**
 * Opens a socket by hand and sends bytes that are hardly a frame; resolves when the server has closed it, or waits for
 * more.
 */
function sendBytes({gate, cookie}: TestServer, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(gate.port, '127.0.0.1');
    socket.write(['GET /live/01-problem HTTP/1.1', `Host: 127.0.0.1:${gate.port}`, 'Upgrade: websocket',
      'Connection: Upgrade', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      `Origin: http://127.0.0.1:${gate.port}`, `Cookie: ${cookie}`, '', ''].join('\r\n'));
    socket.once('data', () => {
      socket.end(bytes);
      socket.resume();
    });
    socket.on('close', () => resolve()).on('error', () => undefined);
  });
}

const DEEP = `${'['.repeat(5000)}${']'.repeat(5000)}`;

/** Messages that no page sends, in many forms. */
function malformed(k: number): string | Buffer {
  const cases = [
    '', '{', 'null', '[]', '3', '"run"', `{"type":${k}}`, '{"type":"__proto__"}', '{"type":"constructor"}', DEEP,
    '{"type":"run"}', '{"type":"run","cells":[],"edits":{}}', '{"type":"run","cells":["zz"],"edits":{}}',
    '{"type":"run","cells":["a","a","a"],"edits":{}}', '{"type":"run","cells":["a"],"edits":{"zz":"1"}}',
    '{"type":"run","cells":["a"],"edits":{"a":1}}', '{"type":"run","cells":["a"]}', '{"type":"input","value":{}}',
    '{"type":"widget","model":1,"state":{}}', '{"type":"widget","model":"x","state":[]}', '{"type":"click"}',
    '{"type":"ask","what":"shell"}', '{"type":"ask","what":"save","ask":-1}',
    '{"type":"ask","what":"errors","ask":1,"cell":"a","offset":1e99,"edits":{}}', `{"type":"${'x'.repeat(k % 2000)}"}`,
    Buffer.from([k % 256, 0xff, 0xfe]),
  ];
  return cases[k % cases.length];
}

/** Sends 20 malformed messages, after which the server closes. */
async function sendMessages(server: TestServer, from: number): Promise<void> {
  const {socket} = await openSocket(server);
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  for (let k = 0; k < 20; k++) socket.send(malformed(from + k));
  assert.equal(await closed, 1008);
}
