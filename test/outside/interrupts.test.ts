import {deepStrictEqual, match, ok, strictEqual} from 'node:assert';
import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {type Answer, JupyterClient} from '../kernels/support/jupyterClient';

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const result = ({published}: Answer): unknown =>
  (published.find(({header}) => header.msg_type === 'execute_result')?.content.data as Record<string, unknown>
    | undefined)?.['text/plain'];
const printed = ({published}: Answer): string =>
  published.filter(({header}) => header.msg_type === 'stream').map(({content}) => String(content.text)).join('');

describe('interrupts', function () {
  this.timeout(120_000);
  let kernel: JupyterClient;
  let folder: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'obsnode-interrupts-'));
    kernel = await JupyterClient.start();
    await kernel.execute('const sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));');
  });
  after(() => {
    kernel.close();
    rmSync(folder, {recursive: true});
  });

  /** Runs a cell and stops it after `wait` ms. @returns its answer, and the ms that it took to come */
  async function stopped(code: string, wait = 1200): Promise<Answer & {ms: number}> {
    const id = await kernel.send('shell', 'execute_request', {
      code, silent: false, store_history: true, user_expressions: {}, allow_stdin: true, stop_on_error: true,
    });
    await pause(wait);
    const start = performance.now();
    await kernel.ask('interrupt_request', {}, 'control');
    const answer = await kernel.answerTo(id);
    deepStrictEqual(
      [answer.reply.content.status, answer.reply.content.ename], ['error', 'Interrupted'],
      JSON.stringify(answer.reply.content),
    );
    return {...answer, ms: performance.now() - start};
  }

  it('are not sticky: a function of a cell that was stopped runs in the next', async () => {
    await stopped('async function step(): Promise<number> { await sleep(5); return 7; }\nwhile (true) await step();');
    strictEqual(result(await kernel.execute('await step()')), '7');
    await stopped('while (true) await step();');
    strictEqual(result(await kernel.execute('[await step(), await step()]')), '[ 7, 7 ]');
  });

  it('stop a loop inside an imported module, in every way of waiting', async () => {
    writeFileSync(join(folder, 'loops.ts'), LOOPS);
    await kernel.execute(
      `import {turns, byTimer, byPromise, byImmediate, byInterval} from '${join(folder, 'loops')}';`,
    );
    for (const loop of ['byTimer', 'byPromise', 'byImmediate', 'byInterval']) {
      await stopped(`await ${loop}();`);
      await pause(700);
      const before = result(await kernel.execute('turns.count'));
      await pause(300);
      strictEqual(result(await kernel.execute('turns.count')), before, loop);
      ok(Number(before) > 0);
    }
  });

  it('run finally blocks at once, also those that wait, and what they print is shown', async () => {
    const answer = await stopped('try { await sleep(20000); } finally { await sleep(20); console.log("tidied"); }');
    strictEqual(printed(answer), 'tidied\n');
    ok(answer.ms < 1000, `${answer.ms} ms`);
  });

  it('end a loop that catches everything', async () => {
    const answer = await stopped('for (;;) { try { await sleep(20); } catch { /* goes on */ } }');
    ok(answer.ms < 1500, `${answer.ms} ms`);
    strictEqual(result(await kernel.execute('1 + 1')), '2');
  });

  it('stop a loop over what comes later', async () => {
    const answer = await stopped(
      'async function* never() { await new Promise(() => undefined); yield 1; }\ntry { for await (const x of never()) console.log(x); } finally { console.log("left"); }',
    );
    strictEqual(printed(answer), 'left\n');
  });

  it('end a child process that a call blocks on, and are not lost', async () => {
    for (const call of [
      "execSync('sleep 12')", "execSync('sleep 12; echo on')", "spawnSync('sleep', ['12'])",
      "execFileSync('sh', ['-c', 'trap \"\" INT; sleep 12'])",
    ]) {
      const answer = await stopped(`import {execSync, spawnSync, execFileSync} from 'node:child_process';\n${call};`);
      ok(answer.ms < 3000, `${call}: ${answer.ms} ms`);
    }
    strictEqual(result(await kernel.execute('execSync("echo on").toString()')), "'on\\n'");
  });

  it('end child processes that are awaited, with what these have started, and none of another cell', async () => {
    const long = `sleep ${1000 + process.pid}`; // told apart from what else runs on this machine
    await kernel.execute(
      `import {exec, spawn} from 'node:child_process'; import {promisify} from 'node:util'; import {once} from 'node:events';\nconst other = spawn('sh', ['-c', '${long}']);`,
    );
    await stopped(`const child = spawn('sh', ['-c', '${long}; true']); await once(child, 'exit');`);
    await stopped(`await promisify(exec)('${long}');`);
    await pause(800);
    strictEqual(result(await kernel.execute('child.exitCode ?? child.signalCode')), "'SIGINT'");
    strictEqual(result(await kernel.execute('other.exitCode ?? other.signalCode')), 'null');
    const running = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(commandOf).filter((command) =>
      command === `${long} `);
    strictEqual(running.length, 1);
    await kernel.execute('other.kill();');
  });

  it('stop a cell that prints without end within a second', async () => {
    for (const code of [
      'for (let i = 0; ; i++) console.log(i);', 'for (;;) { console.log("out"); console.error("err"); }',
      'for (;;) process.stdout.write("x".repeat(10_000));',
    ]) {
      const answer = await stopped(code, 3000);
      ok(answer.ms < 1000, `${code}: ${answer.ms} ms`);
    }
    strictEqual(result(await kernel.execute('1 + 1')), '2');
  });

  it('stop loops that call nothing but Node and libraries', async () => {
    for (const call of [
      'Buffer.alloc(10)', "join('a', 'b')", "readFileSync('/etc/hostname')", "JSON.stringify({a: 1})",
      'new Map([[1, 2]]).get(1)',
    ]) {
      const answer =
        await stopped(`import {join} from 'node:path'; import {readFileSync} from 'node:fs';\nfor (;;) ${call};`);
      ok(answer.ms < 1000, `${call}: ${answer.ms} ms`);
    }
  });

  it('leave no question behind', async () => {
    kernel.onInput = () => undefined;
    await stopped('await input("never answered")');
    kernel.onInput = () => 'Ada';
    strictEqual(result(await kernel.execute('await input("name")')), "'Ada'");
  });

  it('say where a loop was', async () => {
    const {reply} = await stopped('const a = 1;\nfor (;;);');
    match(String(reply.content.evalue), /stopped by the user at cell-\d+\.ts:2:\d+/);
  });
});

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ');
  } catch {
    return ''; // ended meanwhile
  }
}

const LOOPS = `
import {setTimeout as later, setInterval as ticks} from 'node:timers/promises';
export const turns = {count: 0};
export async function byTimer(): Promise<void> {
  for (;;) { turns.count++; await new Promise((done) => setTimeout(done, 5)); }
}
export async function byPromise(): Promise<void> { for (;;) { turns.count++; await later(5); } }
export async function byImmediate(): Promise<void> {
  for (;;) { turns.count++; await new Promise((done) => setImmediate(done)); }
}
export async function byInterval(): Promise<void> { for await (const _ of ticks(5)) turns.count++; }
`;
