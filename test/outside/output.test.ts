import {deepStrictEqual, doesNotMatch, match, ok, strictEqual} from 'node:assert';
import type {Message} from '../../kernels/jupyter/wire';
import {type Answer, JupyterClient} from '../kernels/support/jupyterClient';

const streams = ({published}: Answer): Message[] => published.filter(({header}) => header.msg_type === 'stream');
const printed = (answer: Answer, name = 'stdout'): string =>
  streams(answer).filter(({content}) => content.name === name).map(({content}) => String(content.text)).join('');
const all = (answer: Answer): string => streams(answer).map(({content}) => String(content.text)).join('');
const result = ({published}: Answer): unknown =>
  (published.find(({header}) => header.msg_type === 'execute_result')?.content.data as Record<string, unknown>
    | undefined)?.['text/plain'];

describe('output of cells', function () {
  this.timeout(120_000);
  let kernel: JupyterClient;

  before(async () => {
    kernel = await JupyterClient.start();
  });
  after(() => kernel.close());

  it('is gathered into few messages and loses nothing, whatever the rate', async () => {
    const many = await kernel.execute('for (let i = 0; i < 20_000; i++) console.log(i);');
    strictEqual(printed(many), Array.from({length: 20_000}, (_, i) => `${i}\n`).join(''));
    const both = await kernel.execute('for (let i = 0; i < 5_000; i++) { console.log(i); console.error(i); }');
    for (const name of ['stdout', 'stderr'])
      strictEqual(printed(both, name), Array.from({length: 5_000}, (_, i) => `${i}\n`).join(''));
    const start = performance.now();
    const slow = await kernel.execute(
      'for (let i = 0; i < 600; i++) { console.log(i); await new Promise((done) => setTimeout(done, 1)); }',
    );
    const perSecond = (streams(slow).length / (performance.now() - start)) * 1000;
    ok(perSecond < 100, `${perSecond} messages a second`);
  });

  it('of one long line arrives whole', async () => {
    strictEqual(printed(await kernel.execute('console.log("x".repeat(30_000_000));')).length, 30_000_001);
  });

  it('is decoded as it was encoded, also where characters are split over writes', async () => {
    strictEqual(all(await kernel.execute("process.stdout.write('48656c6c6f', 'hex')\nvoid 0;")), 'Hello');
    strictEqual(all(await kernel.execute("process.stdout.write('SGk=', 'base64', () => undefined); "
      + "process.stdout.write(new Uint16Array([0x6948]) as any); void 0;")), 'HiHi');
    strictEqual(
      all(await kernel.execute('for (const byte of Buffer.from("é€😀")) process.stdout.write(Uint8Array.of(byte));')),
      'é€😀',
    );
    strictEqual(all(await kernel.execute('process.stdout.write(Buffer.from("é").subarray(0, 1)); void 0;')), '\ufffd');
    match(String((await kernel.execute('(process.stdout as any).write(5)')).reply.content.evalue), /chunk/);
  });

  it('keeps the order of console.log and writes to the descriptors', async () => {
    const code = `import fs, {writeSync} from 'node:fs';
for (let i = 0; i < 50; i++) {
  console.log('a' + i);
  writeSync(1, 'b' + i + '\\n');
  fs.writeFileSync(1, Buffer.from('c' + i + '\\n'));
  fs.writeSync(1, Buffer.from('xd' + i + '\\n'), 1);
}
fs.writeSync(2, 'e\\n');`;
    const answer = await kernel.execute(code);
    strictEqual(printed(answer), Array.from({length: 50}, (_, i) => `a${i}\nb${i}\nc${i}\nd${i}\n`).join(''));
    strictEqual(printed(answer, 'stderr'), 'e\n');
    strictEqual(result(await kernel.execute("fs.writeSync(1, '48', null, 'hex')")), '1');
  });

  it('shows promises and timers without the bookkeeping of the kernel', async () => {
    strictEqual(result(await kernel.execute('[Promise.resolve(1)]')), '[ Promise { 1 } ]');
    strictEqual(
      all(await kernel.execute('console.log(new Promise(() => undefined), {a: Promise.resolve("x")});')),
      "Promise { <pending> } { a: Promise { 'x' } }\n",
    );
    doesNotMatch(
      String(result(await kernel.execute('const timer = setTimeout(() => undefined, 1); timer'))), /kResourceStore/,
    );
    strictEqual(result(await kernel.execute('Promise.resolve(3)')), '3');
  });

  it('of stack traces names the lines that were written', async () => {
    const code =
      'interface Gone {\n  a: number;\n}\nfunction where(_?: Gone): string {\n  return new Error("here").stack!;\n}\nconsole.log(where());\nconsole.trace("t");';
    const answer = await kernel.execute(code);
    match(printed(answer), /^Error: here\n {4}at where \(cell-\d+\.ts:5:\d+\)\n[^\n]*cell-\d+\.ts:7:\d+/);
    match(printed(answer, 'stderr'), /^Trace: t\n[^\n]*cell-\d+\.ts:8:/);
  });

  it('is cleared when a cell asks for it', async () => {
    const answer = await kernel.execute(
      "import {clearOutput} from '../../lib/notebook';\nconsole.log('one'); clearOutput({wait: true}); console.log('two'); clearOutput();",
    );
    const told = answer.published.filter(({header}) =>
      ['stream', 'clear_output'].includes(header.msg_type)).map(({content}) => content.text ?? content.wait);
    deepStrictEqual(told, ['one\n', true, 'two\n', false]);
  });

  it('is not indented by the groups of a cell that failed', async () => {
    await kernel.execute('console.group("outer"); console.group("inner"); throw new Error("stop");');
    strictEqual(all(await kernel.execute('console.log("flush left");')), 'flush left\n');
  });

  it('of an error has only texts, whatever the error', async () => {
    const {content} = (await kernel.execute('throw Object.assign(new Error("five"), {name: 5, message: 6});')).reply;
    deepStrictEqual([content.ename, content.evalue], ['5', '6']);
    strictEqual(result(await kernel.execute('({data: {"text/plain": 5}})')), '5');
  });
});
