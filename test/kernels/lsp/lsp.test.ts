import assert from 'node:assert/strict';
import {type ChildProcess, spawn} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {PassThrough} from 'node:stream';
import {pathToFileURL} from 'node:url';
import {placedCells} from '../../../kernels/lsp/cells';
import {readFrames, type RpcMessage, writeFrame} from '../../../kernels/lsp/frames';
import {writeLanguageServer} from '../../../kernels/jupyter/lspSpecification';

const ROOT = resolve(__dirname, '../../..');

describe('Messages of the language server protocol', () => {
  it('are heard whole, however they are cut, in any letters', () => {
    const stream = new PassThrough(), heard: RpcMessage[] = [], bytes: Buffer[] = [];
    readFrames(stream, (message) => heard.push(message), (why) => assert.fail(why));
    const sink = new PassThrough().on('data', (part: Buffer) => bytes.push(part)) as PassThrough;
    const said: RpcMessage[] = [{id: 1, method: 'a'}, {id: 2, params: {text: 'ŷ ∈ ℝ 😀'}}];
    for (const each of said) writeFrame(sink, each);
    for (const byte of Buffer.concat(bytes)) stream.emit('data', Buffer.of(byte));
    assert.deepEqual(heard, said.map((each) => ({jsonrpc: '2.0', ...each})));
  });

  for (const bad of ['no length\r\n\r\n', 'Content-Length: 99999999999\r\n\r\n', 'Content-Length: 2\r\n\r\nno']) {
    it(`end where the stream keeps to nothing: ${JSON.stringify(bad)}`, () => {
      const stream = new PassThrough(), refused: string[] = [];
      readFrames(stream, () => assert.fail(), (why) => refused.push(why));
      stream.emit('data', Buffer.from(bad));
      stream.emit('data', Buffer.from('Content-Length: 2\r\n\r\n{}'));
      assert.equal(refused.length, 1);
    });
  }
});

describe('The text that JupyterLab makes of a notebook', () => {
  it('is judged at once where every name is declared once', () => {
    const text = 'const a = 1;\n\n\nconst b = a;\n';
    assert.deepEqual(placedCells(text), [{source: text, line: 0}]);
  });

  it('is taken apart where a later cell declares a name anew', () => {
    assert.deepEqual(placedCells('const a = 1;\nlet b = 2;\n\n\n\nconst a = "x";\n\n\na'), [
      {source: 'const a = 1;\nlet b = 2;', line: 0}, {source: 'const a = "x";', line: 5}, {source: 'a', line: 8},
    ]);
  });
});

describe('The language server, as JupyterLab starts it', function () {
  this.timeout(240_000);
  let server: ChildProcess, folder: string;
  const heard: RpcMessage[] = [];
  const waiting = new Set<() => void>();
  const say = (message: RpcMessage): void => writeFrame(server.stdin!, message);

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'obsnode-lab-'));
    writeLanguageServer(ROOT, folder);
    const path = join(folder, 'jupyter_server_config.d', 'obsnode.json');
    const told = JSON.parse(readFileSync(path, 'utf8')) as {
      LanguageServerManager: {language_servers: {obsnode: {argv: string[]; mime_types: string[]; version: number}}};
    };
    const {argv, mime_types: types, version} = told.LanguageServerManager.language_servers.obsnode;
    assert.equal(version, 2);
    assert.ok(types.includes('text/typescript'), 'as the kernel calls its language');
    server = spawn(argv[0], argv.slice(1), {stdio: ['pipe', 'pipe', 'inherit']});
    readFrames(server.stdout!, (message) => {
      heard.push(message);
      waiting.forEach((look) => look());
    }, assert.fail);
  });

  after(() => {
    server.kill();
    rmSync(folder, {recursive: true});
  });

  function until(isIt: (message: RpcMessage) => boolean): Promise<RpcMessage> {
    return new Promise((found) => {
      const look = (): void => {
        const at = heard.findIndex(isIt);
        if (at < 0) return;
        waiting.delete(look);
        found(heard.splice(at, 1)[0]);
      };
      waiting.add(look);
      look();
    });
  }

  const ask = (id: number, method: string, params: object = {}): Promise<RpcMessage> => {
    say({id, method, params});
    return until((message) => message.id === id);
  };

  /** What is wrong, as `line:column code`. */
  async function wrong(): Promise<string[]> {
    const {params} = await until(({method}) => method === 'textDocument/publishDiagnostics');
    type Found = {code: number; range: {start: {line: number; character: number}}};
    return (params as {diagnostics: Found[]}).diagnostics.map(({code, range: {start}}) =>
      `${start.line}:${start.character} ${code}`);
  }

  const uri = pathToFileURL(join(ROOT, 'notebooks/.virtual_documents/05-obsnode-trained.ipynb.ts')).href;
  const change = (text: string): void =>
    say({method: 'textDocument/didChange', params: {textDocument: {uri, version: 2}, contentChanges: [{text}]}});

  it('says what it can', async () => {
    const {result} = await ask(1, 'initialize', {rootUri: pathToFileURL(ROOT).href, capabilities: {}});
    assert.deepEqual((result as {capabilities: object}).capabilities, {textDocumentSync: 1, hoverProvider: true});
    say({method: 'initialized', params: {}});
    assert.equal((await ask(2, 'textDocument/rename')).error?.code, -32601);
  });

  it('finds what is wrong in cells that have not run, with the imports of the notebook\'s folder', async () => {
    const text =
      "import * as lib from '../lib/index';\n\n\nconst n: number = lib.rng(1);\nawait 0;\n\n\nlib.nothing(n)\n";
    say({method: 'textDocument/didOpen', params: {textDocument: {uri, languageId: 'typescript', version: 1, text}}});
    assert.deepEqual(await wrong(), ['3:6 2322', '7:4 2339']);
    change(text.replace('const n: number', 'const n').replace('.nothing(n)', '.uniform(n, 3)'));
    assert.deepEqual(await wrong(), []);
  });

  it('lets a later cell declare a name anew, as the kernel does', async () => {
    change('const a = 1;\n\n\nconst a = "x";\n\n\na.toFixed()\n');
    assert.deepEqual(await wrong(), ['6:2 2551']);
  });

  it('says what a name stands for', async () => {
    const {result} = await ask(3, 'textDocument/hover', {textDocument: {uri}, position: {line: 6, character: 0}});
    assert.match(JSON.stringify(result), /const a: \\"x\\"/);
    const nothing = {textDocument: {uri}, position: {line: 1, character: 0}};
    assert.equal((await ask(4, 'textDocument/hover', nothing)).result, null);
  });

  it('ends when it is told to', async () => {
    assert.equal((await ask(5, 'shutdown')).result, null);
    const ended = new Promise((done) => server.once('exit', done));
    say({method: 'exit'});
    assert.equal(await ended, 0);
  });
});
