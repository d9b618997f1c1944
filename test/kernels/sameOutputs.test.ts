import assert from 'node:assert/strict';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import type {Message} from '../../kernels/jupyter/wire';
import {joined, type Notebook, type Output} from '../../kernels/nbformat/notebook';
import {KernelProcess} from '../../kernels/read/kernelProcess';
import {Session} from '../../kernels/read/session';
import {runNotebook} from '../../kernels/runner/runNotebook';
import {JupyterClient} from './support/jupyterClient';

const ROOT = resolve(__dirname, '../..'), directory = join(ROOT, 'notebooks');

const CODES: readonly string[] = [
  "import * as lib from '../lib/index';",
  'const P = lib.parameters({quick: {n: 4}, full: {n: 9}});\nP.n',
  "console.log('one'); console.error('two'); await new Promise(done => setTimeout(done, 20)); console.log('three');",
  "const line = Array.from({length: P.n}, (_, k) => k ** 2);\n"
    + "lib.linesFigure([{name: 'squares', x: line.map((_, k) => k), y: line}], {title: 'Squares', x: 'k', y: 'k²'})",
  "lib.table(line.map((square, k) => ({k, square})), {title: 'Squares'});",
  "lib.claim(line[2] === 4, 'two times two is four', {square: line[2]});\n"
    + "lib.markdown('A *word*, $x^2$, <b>no tag</b>.');",
  '({map: new Map([[1, {deep: [1, 2]}]]), text: "<script>"})',
  "new Error('a value, not thrown')",
];

const FAILS = "throw new RangeError('on purpose');";

const notebook: Notebook = {
  nbformat: 4, nbformat_minor: 5, metadata: {},
  cells: [...CODES, FAILS].map((source, k) =>
    ({cell_type: 'code', id: `cell-${k}`, metadata: {}, source, outputs: [], execution_count: null})),
};

/** An output as it stands in a notebook, its text in one piece and without what tells one run from another. */
function plain(output: Output): unknown {
  const told: Record<string, unknown> = {...output};
  delete told.execution_count;
  delete told.transient;
  if ('text' in output) return {...told, text: joined(output.text)};
  delete told.traceback;
  return told;
}

/** Streams that follow each other are one text: how a text is cut into messages is nobody's business. */
function together(outputs: readonly Output[]): unknown[] {
  const merged: {name?: string; text?: string}[] = [];
  for (const output of outputs.map(plain) as {output_type: string; name?: string; text?: string}[]) {
    const before = merged.at(-1);
    if (output.output_type === 'stream' && before?.name === output.name) before!.text += output.text!;
    else merged.push({...output});
  }
  return JSON.parse(JSON.stringify(merged)) as unknown[];
}

/** What a client of Jupyter's protocol writes into its notebook. */
const shown = (published: readonly Message[]): Output[] => published
  .filter(({header}) => ['stream', 'display_data', 'execute_result', 'error'].includes(header.msg_type))
  .map(({header, content}) => ({output_type: header.msg_type, ...content}) as unknown as Output);

/** By a client of the protocol: what it asks before, with each cell, and beside it. */
async function byProtocol(client: {
  before: (kernel: JupyterClient) => Promise<unknown>;
  content: object;
  beside: (kernel: JupyterClient, code: string) => Promise<unknown>;
}): Promise<unknown[][]> {
  const kernel = await JupyterClient.start(undefined, directory);
  try {
    await client.before(kernel);
    const all: unknown[][] = [];
    for (const code of [...CODES, FAILS]) {
      await client.beside(kernel, code);
      const {published} = await kernel.ask('execute_request', {
        code, silent: false, store_history: true, user_expressions: {}, allow_stdin: true, ...client.content,
      });
      all.push(together(shown(published)));
    }
    return all;
  } finally {
    kernel.close();
  }
}

/** In a live page. */
async function inPage(): Promise<unknown[][]> {
  const options = {root: ROOT, directory, env: {OBSNODE_PROFILE: 'quick'}, log: () => undefined};
  const session = new Session({
    notebook, profile: 'quick', log: () => undefined, render: output => JSON.stringify(output),
    kernel: () => KernelProcess.start(options),
  });
  const outputs = new Map<string, string[]>(), ended = new Set<string>();
  let over = (): void => undefined;
  const all = new Promise<void>(done => (over = done));
  const close = session.open({
    send: message => {
      if (message.type === 'outputs') {
        const own = outputs.get(message.cell) ?? [];
        own.length = message.length;
        for (const [k, html] of message.changed) own[k] = html;
        outputs.set(message.cell, own);
      }
      if (message.type === 'cells') for (const {cell, phase} of message.cells)
        if (phase === 'done' || phase === 'failed') ended.add(cell);
      if (ended.size === notebook.cells.length) setTimeout(over, 500);
    },
  });
  session.handle({type: 'run', cells: notebook.cells.map(({id}) => id!), edits: {}}, {send: () => undefined});
  await all;
  close();
  await session.close();
  return notebook.cells.map(({id}) => together((outputs.get(id!) ?? []).map(text => JSON.parse(text) as Output)));
}

describe('The same notebook', function () {
  this.timeout(240_000);
  let run: unknown[][], out: string;

  before(async () => {
    out = mkdtempSync(join(tmpdir(), 'obsnode-same-'));
    const done = await runNotebook(join(directory, 'same.ipynb'), notebook, {
      root: ROOT, out, profile: 'quick', overrides: {}, timeout: 200,
    });
    run = done.notebook.cells.map(({outputs}) => together(outputs ?? []));
  });
  after(() => rmSync(out, {recursive: true, force: true}));

  it('has outputs of every kind when the runner runs it', () => {
    const kinds = run.map(outputs => outputs.map(output => (output as Output).output_type).join());
    assert.deepEqual(kinds, [
      '', 'execute_result', 'stream,stream,stream', 'execute_result', 'display_data', 'display_data,display_data',
      'execute_result', 'execute_result', 'error',
    ]);
  });

  it('has the same in a live page', async () => assert.deepEqual(await inPage(), run));

  it('has the same in JupyterLab, which asks for completions and comms on the way', async () => {
    assert.deepEqual(await byProtocol({
      before: kernel => kernel.ask('comm_info_request', {target_name: 'jupyter.widget'}),
      content: {stop_on_error: true},
      beside: (kernel, code) => kernel.ask('complete_request', {code, cursor_pos: code.length}),
    }), run);
  });

  it('has the same in VS Code, which looks at the kernel twice and stops at no error', async () => {
    assert.deepEqual(await byProtocol({
      before: async kernel => {
        await kernel.ask('kernel_info_request', {});
        await kernel.ask('comm_info_request', {});
        await kernel.execute('', {silent: true, store_history: false, stop_on_error: false});
      },
      content: {stop_on_error: false, allow_stdin: true},
      beside: async (kernel, code) => {
        await kernel.ask('inspect_request', {code, cursor_pos: 1, detail_level: 0});
        await kernel.ask('is_complete_request', {code});
      },
    }), run);
  });
});
