import {ok, strictEqual} from 'node:assert';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {fold, rng, uniform} from '../../lib/math';
import {type Answer, JupyterClient} from '../kernels/support/jupyterClient';

const MESSAGES = 10_000;
const VALUES = 2_000;

/** Values of one cell: the last is its result, or is thrown; the others are displayed. */
const BATCH = 20;

const result = ({published}: Answer): unknown =>
  (published.find(({header}) => header.msg_type === 'execute_result')?.content.data as Record<string, unknown>
    | undefined)?.['text/plain'];

/** Resident memory in MiB of a process. */
function memory(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;
}

describe('one kernel', function () {
  this.timeout(400_000);
  let kernel: JupyterClient;

  before(async () => {
    kernel = await JupyterClient.start();
  });
  after(() => kernel.close());

  /** Milliseconds that a simple cell takes; the fastest of three, for a machine that does other work too. */
  async function answerTime(): Promise<number> {
    let least = Infinity;
    for (let i = 0; i < 3; i++) {
      const start = performance.now();
      strictEqual(result(await kernel.execute('6 * 7')), '42');
      least = Math.min(least, performance.now() - start);
    }
    return least;
  }

  it('takes 10,000 odd messages and 2,000 hostile values; the next cell answers within a second, and '
      + 'memory is level', async () => {
    const module = join(__dirname, 'support/hostile');
    const code =
      `import {hostile, hostileError} from ${JSON.stringify(module)};\nimport {display} from '../../lib/notebook';`;
    const {reply} = await kernel.execute(code);
    strictEqual(reply.content.status, 'ok', JSON.stringify(reply.content));
    const pid = Number(result(await kernel.execute('process.pid')));
    await hostileValues(0, VALUES / 2);
    const before = [kernel.process.pid!, pid].map(memory);
    await oddMessages();
    await hostileValues(VALUES / 2, VALUES);
    const time = await answerTime();
    ok(!kernel.log.includes('TypeError'), kernel.log.slice(-2000));
    const grown = [kernel.process.pid!, pid].map((each, i) => memory(each) - before[i]);
    ok(time < 1000, `the next cell took ${time} ms`);
    ok(
      grown[0] < 150 && grown[1] < 300,
      `the kernel grew by ${grown[0]} MiB, the process of the cells by ${grown[1]} MiB`,
    );
    strictEqual(Number(result(await kernel.execute('process.pid'))), pid, 'the process of the cells was replaced');
  });

  async function hostileValues(from: number, to: number): Promise<void> {
    for (let seed = from; seed < to; seed += BATCH) {
      const last = seed + BATCH - 1;
      const ending = [`hostile(${last})`, `throw hostile(${last})`, `throw hostileError(${last})`][(seed / BATCH) % 3];
      const shown =
        `for (let i = ${seed}; i < ${last}; i++) try { await display(hostile(i)); } catch { /* a bad bundle */ }\n`;
      const {reply} = await kernel.execute(shown + ending);
      ok(
        ['ok', 'error'].includes(String(reply.content.status)) && reply.content.ename !== 'DeadKernel',
        `${seed}: ${JSON.stringify(reply.content).slice(0, 200)}`,
      );
      kernel.published.length = 0;
      kernel.replies.length = 0;
    }
  }

  /** Requests of every kind, well signed, with contents of the wrong kind; each that asks for an answer gets one. */
  async function oddMessages(): Promise<void> {
    const asked: string[] = [];
    for (let i = 0; i < MESSAGES; i++) {
      const draws = Array.from(uniform(fold(rng(14), i), FIELDS.length + 2));
      const type = KINDS[Math.floor(draws[0] * KINDS.length)];
      const content = Object.fromEntries(FIELDS.map((field, j) => [field, ODD[Math.floor(draws[j + 2] * ODD.length)]]));
      const channel = draws[1] < 0.8 ? 'shell' : 'control';
      const id = await kernel.send(channel, type, content, {
        parent: draws[1] < 0.1 ? {msg_id: 5} : {}, buffers: draws[1] < 0.2 ? [Buffer.from('x')] : [],
      });
      if (ANSWERED.has(type)) asked.push(id);
      if (i % 100 === 0) await kernel.ask('kernel_info_request', {}, 'control');
    }
    const answered = (): Set<unknown> => new Set(kernel.replies.map(({parent}) => parent.msg_id));
    await kernel.until(() => (asked.every((id) => answered().has(id)) ? true : undefined));
    kernel.published.length = 0;
    kernel.replies.length = 0;
  }
});

const ODD: readonly unknown[] = [
  5, null, 'x', [], {}, -1, 1e308, true, {a: null}, '😀'.repeat(50), '\ud800', '__proto__', {comm_id: {}}, [[[]]],
];
const FIELDS = [
  'code', 'cursor_pos', 'detail_level', 'hist_access_type', 'pattern', 'n', 'target_name', 'comm_id', 'data', 'value',
  'output',
];
const ANSWERED = new Set(['kernel_info_request', 'history_request', 'comm_info_request', 'is_complete_request']);
const KINDS = [
  ...ANSWERED, ...ANSWERED, 'comm_open', 'comm_msg', 'comm_close', 'input_reply', 'no_such_request', '__proto__',
  'constructor',
];
