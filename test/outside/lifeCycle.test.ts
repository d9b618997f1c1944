import {deepStrictEqual, match, ok, strictEqual} from 'node:assert';
import {spawnSync} from 'node:child_process';
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {Dealer} from 'zeromq';
import {buildSnapshot} from '../../kernels/jupyter/snapshot';
import {type Message, Wire} from '../../kernels/jupyter/wire';
import {type Answer, JupyterClient} from '../kernels/support/jupyterClient';

const ROOT = resolve(__dirname, '../..');
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const result = ({published}: Answer): unknown =>
  (published.find(({header}) => header.msg_type === 'execute_result')?.content.data as Record<string, unknown>
    | undefined)?.['text/plain'];
const printed = (messages: readonly Message[]): string =>
  messages.filter(({header}) => header.msg_type === 'stream').map(({content}) => String(content.text)).join('');

describe('life of a kernel', function () {
  this.timeout(120_000);
  let kernel: JupyterClient;
  let folder: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'obsnode-life-'));
  });
  afterEach(() => {
    kernel?.close();
    rmSync(folder, {recursive: true, force: true});
  });

  const isAlive = (pid: number): boolean =>
    existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));

  /** @param started file that the cell writes when it runs; by default it is waited for to the end */
  async function shutDown(code: string, started?: string): Promise<number> {
    kernel = await JupyterClient.start();
    if (started) await kernel.send('shell', 'execute_request', {
      code, silent: false, store_history: true, user_expressions: {},
    });
    else strictEqual((await kernel.execute(code)).reply.content.status, 'ok');
    while (started && !existsSync(started)) await pause(20);
    const start = performance.now();
    await kernel.ask('shutdown_request', {restart: false}, 'control');
    while (!kernel.exited) await pause(10);
    return performance.now() - start;
  }

  it('ends with the exit handlers of cells, whose last words are heard, and with their child processes', async () => {
    const file = join(folder, 'last');
    await shutDown(`import fs from 'node:fs'; import {spawn} from 'node:child_process';
const child = spawn('sh', ['-c', 'sleep 1000; true']);
process.on('exit', (code) => {
  fs.writeFileSync('${file}', String(child.pid) + ' ' + code);
  console.log('farewell');
});`);
    const [pid, code] = readFileSync(file, 'utf8').split(' ').map(Number);
    strictEqual(code, 0);
    await pause(300);
    ok(!isAlive(pid));
    match(printed(kernel.published), /farewell\n/);
  });

  it('ends in time while a cell runs, also one that never comes back, with its exit handlers and '
      + 'child processes', async () => {
    for (const loop of ['await new Promise(() => undefined);', 'for (;;);']) {
      const file = join(folder, 'last');
      const ms = await shutDown(
        `import fs from 'node:fs'; process.on('exit', () => fs.writeFileSync('${file}', 'called')); fs.writeFileSync('${file}-started', ''); ${loop}`,
        `${file}-started`,
      );
      ok(ms < 4000, `${loop} ${ms} ms`);
      strictEqual(readFileSync(file, 'utf8'), 'called', loop);
      for (const path of [file, `${file}-started`]) rmSync(path);
      kernel.close();
    }
  });

  it('goes on under the mocks that a cell puts in place of timers and the clock', async () => {
    kernel = await JupyterClient.start();
    await kernel.execute(
      "import {mock} from 'node:test'; mock.timers.enable({apis: ['setTimeout', 'setInterval', 'setImmediate', 'Date'] as any});",
    );
    strictEqual(result(await kernel.execute('Date.now()')), '0');
    await kernel.execute(
      'const never = (() => { throw new Error("mocked"); }) as any; Object.assign(globalThis, {setTimeout: never, setImmediate: never, clearTimeout: never, queueMicrotask: never, performance: {now: never}});',
    );
    strictEqual(result(await kernel.execute('await Promise.resolve(6) * 7')), '42');
    const id = await kernel.send('shell', 'execute_request', {
      code: 'await new Promise(() => undefined);', silent: false, store_history: true, user_expressions: {},
    });
    await pause(800);
    await kernel.ask('interrupt_request', {}, 'control');
    strictEqual((await kernel.answerTo(id)).reply.content.ename, 'Interrupted');
  });

  it('answers a front end that comes back under its name while its old connection still hangs', async () => {
    kernel = await JupyterClient.start();
    const again = new Dealer({routingId: kernel.session, linger: 0});
    again.connect(`tcp://127.0.0.1:${kernel.connection.shell_port}`);
    const wire = new Wire(kernel.connection.key, kernel.session);
    const message = {
      identities: [], header: wire.header('kernel_info_request'), parent: {}, metadata: {}, content: {}, buffers: [],
    };
    await again.send(wire.encode(message as unknown as Message));
    const frames = await Promise.race([again.receive(), pause(10_000).then(() => null)]);
    ok(frames, 'no answer');
    strictEqual(wire.decode(frames).parent.msg_id, message.header.msg_id);
    again.close();
  });

  it('makes its snapshot although an earlier session ended while making it', async () => {
    const target = join(folder, 'kernel', 'language-test.blob');
    const cache = process.env.OBSNODE_CACHE;
    process.env.OBSNODE_CACHE = folder;
    try {
      const first = buildSnapshot(ROOT, target);
      // Until its number is in the lock: one without is taken for one that is being written.
      while (!existsSync(`${target}.lock`) || readFileSync(`${target}.lock`, 'utf8') === '') await pause(5);
      first.kill('SIGKILL');
      await new Promise((done) => first.once('exit', done));
      ok(existsSync(`${target}.lock`));
      const {status} = spawnSync(process.execPath, [join(ROOT, 'kernels/jupyter/snapshotBuilder.cjs'), target], {
        env: {...process.env, OBSNODE_ROOT: ROOT},
      });
      deepStrictEqual(
        [status, existsSync(target), readdirSync(join(folder, 'kernel')).filter((name) => name.endsWith('.lock'))],
        [0, true, []],
      );
    } finally {
      if (cache === undefined) delete process.env.OBSNODE_CACHE;
      else process.env.OBSNODE_CACHE = cache;
    }
  });
});
