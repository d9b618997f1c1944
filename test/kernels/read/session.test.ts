import assert from 'node:assert/strict';
import type {ServerMessage} from '../../../kernels/read/protocol';
import type {Session} from '../../../kernels/read/session';
import {OpenPage, type ScriptedKernel, scriptedSession} from './support';

const turn = (ms = 0): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** The outputs of a cell as a page has them after everything it was told. */
function shown(page: OpenPage, cell: string): unknown[] {
  const outputs: unknown[] = [];
  const take = ({length, changed}: {length: number; changed: readonly (readonly [number, string])[]}): void => {
    outputs.length = length;
    for (const [k, html] of changed) outputs[k] = JSON.parse(html);
  };
  for (const message of page.told) {
    if (message.type === 'snapshot') message.outputs.filter((each) => each.cell === cell).forEach(take);
    if (message.type === 'outputs' && message.cell === cell) take(message);
  }
  return outputs;
}

const texts = (page: OpenPage, cell: string): unknown[] =>
  shown(page, cell).map((output) => (output as {text?: unknown}).text);

/** What was told last of a cell. */
function view(page: OpenPage, cell: string) {
  const views = page.told.flatMap((message) =>
    (message.type === 'cells' || message.type === 'snapshot' ? message.cells : []));
  return views.filter((each) => each.cell === cell).at(-1);
}

const stream = (text: string): [string, object] => ['stream', {name: 'stdout', text}];

/** Runs cells one after the other, without a word. */
async function runAll(session: Session, kernels: readonly ScriptedKernel[], cells: readonly string[]): Promise<void> {
  for (const cell of cells) {
    session.handle({type: 'run', cells: [cell], edits: {}}, new OpenPage(session));
    await turn();
    kernels.at(-1)!.run(kernels.at(-1)!.sent.at(-1)!.id);
  }
  await turn();
}

describe('a live page', () => {
  it('starts its kernel with the first cell, not before, and runs the text that the reader has', async () => {
    const {session, kernels} = scriptedSession('1', '2'), page = new OpenPage(session);
    assert.equal(kernels.length, 0);
    session.handle({type: 'run', cells: ['a', 'b'], edits: {b: 'edited'}}, page);
    await turn();
    assert.deepEqual(kernels[0].sent.map(({type, content}) => [type, content.code]),
      [['execute_request', '1'], ['execute_request', 'edited']]);
    assert.deepEqual(page.of('kernel').map(({kernel}) => kernel), ['starting', 'idle', 'busy']);
  });

  it('that reloads in mid-run is told everything, also what came while nobody listened', async () => {
    const {session, kernels} = scriptedSession('1'), before = new OpenPage(session);
    session.handle({type: 'run', cells: ['a'], edits: {}}, before);
    await turn();
    const [kernel] = kernels, {id} = kernel.sent[0];
    kernel.say(id, 'execute_input', {execution_count: 1});
    kernel.say(id, ...stream('one '));
    before.close();
    kernel.say(id, ...stream('two '));
    const after = new OpenPage(session);
    assert.deepEqual(texts(after, 'a'), ['one two ']);
    assert.equal(view(after, 'a')?.phase, 'running');
    kernel.say(id, ...stream('three'));
    kernel.say(id, 'execute_reply', {status: 'ok'});
    kernel.say(id, 'status', {execution_state: 'idle'});
    assert.deepEqual(texts(after, 'a'), ['one two three']);
    assert.equal(view(after, 'a')?.phase, 'done');
  });

  it('open in two windows shows the same in both', async () => {
    const {session, kernels} = scriptedSession('1'), pages = [new OpenPage(session), new OpenPage(session)];
    session.handle({type: 'run', cells: ['a'], edits: {}}, pages[0]);
    await turn();
    kernels[0].run(kernels[0].sent[0].id, [stream('x'), ['display_data', {data: {'text/plain': 'y'}, metadata: {}}]]);
    const [first, second] = pages.map(({told}) => told.filter(({type}) => type !== 'snapshot'));
    assert.deepEqual(first, second);
    assert.equal(shown(pages[1], 'a').length, 2);
  });

  it('keeps old outputs until there are new ones, and shows none when a cell has none', async () => {
    const {session, kernels} = scriptedSession('1'), page = new OpenPage(session);
    const run = async () => {
      session.handle({type: 'run', cells: ['a'], edits: {}}, page);
      await turn();
      return kernels[0].sent.at(-1)!.id;
    };
    let id = await run();
    kernels[0].run(id, [stream('old')]);
    id = await run();
    kernels[0].say(id, 'execute_input', {execution_count: 2});
    await turn(60);
    assert.deepEqual(texts(page, 'a'), ['old']);
    kernels[0].run(id, []);
    assert.deepEqual(shown(page, 'a'), []);
  });

  it('says when the kernel was ended from outside, and starts another on request', async () => {
    const {session, kernels} = scriptedSession('1'), page = new OpenPage(session);
    session.handle({type: 'run', cells: ['a'], edits: {}}, page);
    await turn();
    kernels[0].say(kernels[0].sent[0].id, 'execute_input', {execution_count: 1});
    kernels[0].die();
    assert.deepEqual(page.of('kernel').at(-1), {type: 'kernel', kernel: 'dead', how: 'was ended by SIGKILL'});
    assert.equal(view(page, 'a')?.phase, 'lost');
    session.handle({type: 'restart'}, page);
    await turn();
    assert.equal(kernels.length, 2);
    assert.equal(page.of('kernel').at(-1)?.kernel, 'idle');
  });

  it('marks a cell as out of date when one that it uses has run again, and those that use it in turn', async () => {
    const {session, kernels} = scriptedSession('const x = 1;', 'const y = x + 1;', 'y', 'const z = 3;');
    const page = new OpenPage(session), stale = () => ['a', 'b', 'c', 'd'].filter((cell) => view(page, cell)?.stale);
    await runAll(session, kernels, ['a', 'b', 'c', 'd']);
    assert.deepEqual(stale(), []);
    await runAll(session, kernels, ['a']);
    assert.deepEqual(stale(), ['b', 'c']);
    await runAll(session, kernels, ['b']);
    assert.deepEqual(stale(), ['c']);
    await runAll(session, kernels, ['c']);
    assert.deepEqual(stale(), []);
  });

  it('puts a cell that was not reached after an error back where it was', async () => {
    const {session, kernels} = scriptedSession('1', '2'), page = new OpenPage(session);
    session.handle({type: 'run', cells: ['a', 'b'], edits: {}}, page);
    await turn();
    const [kernel] = kernels, [first, second] = kernel.sent;
    kernel.run(first.id, [['error', {ename: 'E', evalue: 'v', traceback: ['t']}]], 'error');
    kernel.say(second.id, 'execute_reply', {status: 'aborted'});
    kernel.say(second.id, 'status', {execution_state: 'idle'});
    assert.deepEqual([view(page, 'a')?.phase, view(page, 'b')?.phase], ['failed', 'fresh']);
  });

  it('sends a control the last of many moves once the cell is done with the first', async () => {
    const {session, kernels} = scriptedSession('1'), pages = [new OpenPage(session), new OpenPage(session)];
    session.handle({type: 'run', cells: ['a'], edits: {}}, pages[0]);
    await turn();
    const [kernel] = kernels, model = (state: object) => ({comm_id: 'w', target_name: 'jupyter.widget', data: {state}});
    kernel.run(kernel.sent[0].id, [['comm_open', model({value: 0})]]);
    for (const value of [1, 2, 3]) session.handle({type: 'widget', model: 'w', state: {value}}, pages[0]);
    const moves = () => kernel.sent.filter(({type}) => type === 'comm_msg')
      .map(({content}) => (content.data as {state: {value: number}}).state.value);
    assert.deepEqual(moves(), [1]);
    kernel.say(kernel.sent.at(-1)!.id, 'status', {execution_state: 'idle'});
    assert.deepEqual(moves(), [1, 3]);
    const heard = (page: OpenPage): ServerMessage[] => page.of('model').slice(1);
    assert.deepEqual([heard(pages[0]).length, heard(pages[1]).length], [0, 3], 'the other window follows');
    assert.deepEqual(new OpenPage(session).of('snapshot')[0].models, {w: {value: 3}});
  });

  it('puts the question of a cell to every window, and passes the first answer on', async () => {
    const {session, kernels} = scriptedSession('1'), page = new OpenPage(session);
    session.handle({type: 'run', cells: ['a'], edits: {}}, page);
    await turn();
    const {id} = kernels[0].sent[0];
    kernels[0].say(id, 'execute_input', {execution_count: 1});
    kernels[0].say(id, 'input_request', {prompt: 'Name?', password: false});
    assert.deepEqual(new OpenPage(session).of('snapshot')[0].question, {cell: 'a', prompt: 'Name?', password: false});
    session.handle({type: 'input', value: 'Ada'}, page);
    assert.deepEqual([kernels[0].sent.at(-1)!.channel, kernels[0].sent.at(-1)!.content], ['stdin', {value: 'Ada'}]);
    assert.equal(page.of('question').at(-1)!.question, null);
  });

  it('does not let a cell that prints for ever fill the memory', async () => {
    const {session, kernels} = scriptedSession('1'), page = new OpenPage(session);
    session.handle({type: 'run', cells: ['a'], edits: {}}, page);
    await turn();
    const {id} = kernels[0].sent[0];
    kernels[0].say(id, 'execute_input', {execution_count: 1});
    for (let k = 0; k < 100; k++) kernels[0].say(id, ...stream(`${k}${'x'.repeat(50_000)}`));
    for (let k = 0; k < 3000; k++) kernels[0].say(id, 'display_data', {data: {'text/plain': 'x'}, metadata: {}});
    const {outputs} = session.shown('a')!;
    assert.ok(String((outputs[0] as {text: string}).text).length < 210_000);
    assert.match(String((outputs[0] as {text: string}).text), /^0x[^]*left out[^]*x$/);
    assert.ok(outputs.length <= 1001, String(outputs.length));
  });
});
