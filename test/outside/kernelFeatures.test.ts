import assert from 'node:assert/strict';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {curveKeyPair, Dealer} from 'zeromq';
import {readConnection} from '../../kernels/jupyter/connection';
import {type Answer, JupyterClient} from '../kernels/support/jupyterClient';

const printed = ({published}: Answer) =>
  published.filter(({header}) => header.msg_type === 'stream').map(({content}) => content.text).join('');
const result = ({published}: Answer) => published.find(({header}) => header.msg_type === 'execute_result')
  ?.content.data as Record<string, string> | undefined;

describe('Subshells of the kernel', function () {
  this.timeout(240_000);
  let client: JupyterClient, subshell: string;
  const control = async (type: string, content = {}) => (await client.ask(type, content, 'control')).reply.content;
  const said = (text: string) =>
    client.until(() => client.published.some(({content}) => String(content.text).includes(text)) || undefined);
  before(async () => {
    client = await JupyterClient.start();
    subshell = String((await control('create_subshell_request')).subshell_id);
  });
  after(() => client.close());

  it('are announced, made, listed and deleted', async () => {
    const {reply} = await client.ask('kernel_info_request', {});
    assert.deepEqual(reply.content.supported_features, ['kernel subshells']);
    const {status, subshell_id: other} = await control('create_subshell_request');
    assert.equal(status, 'ok');
    assert.deepEqual((await control('list_subshell_request')).subshell_id, [subshell, other]);
    assert.equal((await control('delete_subshell_request', {subshell_id: other})).status, 'ok');
    assert.deepEqual((await control('list_subshell_request')).subshell_id, [subshell]);
  });

  it('refuse what is for a subshell that is not there', async () => {
    assert.equal((await control('delete_subshell_request', {subshell_id: 'none'})).status, 'error');
    const {reply} = await client.execute('1', {}, 'none');
    assert.deepEqual([reply.header.msg_type, reply.content.status, reply.content.ename],
      ['execute_reply', 'error', 'UnknownSubshell']);
  });

  it('run cells while a cell of the main shell awaits, over the same names, each with its own output', async () => {
    await client.execute('let open: () => void = () => undefined; const shared = [1];');
    const main = client.execute(
      "console.log('main begins'); await new Promise<void>(done => { open = done; }); console.log('main ends'); shared");
    await said('main begins\n');
    const beside = await client.execute("shared.push(2); console.log('beside'); shared.length", {}, subshell);
    assert.deepEqual([printed(beside), result(beside)!['text/plain']], ['beside\n', '2']);
    assert.equal(client.replies.filter(({content}) => content.status === 'ok').at(-1), beside.reply);
    await client.execute('open()', {}, subshell);
    const answer = await main;
    assert.deepEqual([printed(answer), result(answer)!['text/plain']], ['main begins\nmain ends\n', '[ 1, 2 ]']);
  });

  it('count on in one history, and run their own cells one after the other', async () => {
    const order = await Promise.all([
      client.execute('await new Promise(done => setTimeout(done, 200)); Date.now()', {}, subshell),
      client.execute('Date.now()', {}, subshell),
    ]);
    const [first, second] = order.map(({reply}) => Number(reply.content.execution_count));
    assert.equal(second, first + 1);
    const [before, after] = order.map(answer => Number(result(answer)!['text/plain']));
    assert.ok(before <= after, `${before} ${after}`);
  });

  it('serve comm messages while a cell of the main shell awaits', async () => {
    await client.execute('let leave: () => void = () => undefined;');
    const main = client.execute("console.log('main listens'); await new Promise<void>(done => { leave = done; });");
    await said('main listens\n');
    const id = await client.send('shell', 'comm_open', {comm_id: 'c1', target_name: 'none', data: {}}, {subshell});
    await client.until(() => client.published.find(({header, parent, content}) =>
      header.msg_type === 'comm_close' && parent.msg_id === id && content.comm_id === 'c1'));
    await client.execute('leave()', {}, subshell);
    assert.equal((await main).reply.content.status, 'ok');
  });

  it('are stopped by an interrupt as the main shell is', async () => {
    const cells = [undefined, subshell].map((id, k) =>
      client.execute(`console.log('waits ${k}'); await new Promise(() => undefined)`, {}, id));
    for (const k of [0, 1]) await said(`waits ${k}\n`);
    await client.ask('interrupt_request', {}, 'control');
    const names = (await Promise.all(cells)).map(({reply}) => reply.content.ename);
    assert.deepEqual(names, ['Interrupted', 'Interrupted']);
    assert.equal((await client.execute('1 + 1', {}, subshell)).reply.content.status, 'ok');
  });

  it('that are deleted tell what waited in them that it will not run', async () => {
    const {subshell_id: gone} = await control('create_subshell_request');
    const cells = ["console.log('goes on'); await new Promise<void>(done => { open = done; })", '2'].map(code =>
      client.execute(code, {}, String(gone)));
    await said('goes on\n');
    await control('delete_subshell_request', {subshell_id: gone});
    await client.execute('open()');
    const states = (await Promise.all(cells)).map(({reply}) => reply.content.status);
    assert.deepEqual(states, ['ok', 'aborted']);
  });
});

describe('Variables of the kernel', function () {
  this.timeout(240_000);
  let client: JupyterClient;
  const debug = async (command: string, given: object = {}) =>
    (await client.ask('debug_request', {type: 'request', seq: 7, command, arguments: given}, 'control')).reply;
  type Variable = {name: string; value: string; type: string; variablesReference: number};
  const variables = async (command: string, given: object = {}) =>
    ((await debug(command, given)).content.body as {variables: Variable[]}).variables;
  before(async () => {
    client = await JupyterClient.start();
    await client.execute([
      "const n = 3; const text = 'abc'; const list = [1, {deep: true}]; const table = new Map([['a', 1]]);",
      "const trap = new Proxy({}, {get: () => { throw new Error('ran'); }, ownKeys: () => { throw new Error('ran'); }});",
      "let ran = 0; const lazy = {get cost() { ran++; return 1; }, [Symbol.for('nodejs.util.inspect.custom')]: () => ran++};",
    ].join('\n'));
  });
  after(() => client.close());

  it('are listed with value and type, as a panel asks, and no code of theirs runs', async () => {
    const reply = await debug('inspectVariables');
    assert.equal(reply.header.msg_type, 'debug_reply');
    const {type, request_seq, success, command, body} = reply.content;
    assert.deepEqual([type, request_seq, success, command], ['response', 7, true, 'inspectVariables']);
    const found = new Map((body as {variables: Variable[]}).variables.map(one => [one.name, one]));
    assert.deepEqual([found.get('n')!.value, found.get('n')!.type], ['3', 'number']);
    assert.deepEqual([found.get('text')!.value, found.get('list')!.type], ["'abc'", 'Array']);
    assert.equal(found.get('trap')!.type, 'Proxy');
    assert.equal(found.get('trap')!.variablesReference, 0);
    assert.equal(result(await client.execute('ran'))!['text/plain'], '0');
  });

  it('can be opened part by part', async () => {
    const [list] = (await variables('inspectVariables')).filter(({name}) => name === 'list');
    const parts = await variables('variables', {variablesReference: list.variablesReference});
    assert.deepEqual(parts.map(({name, value}) => [name, value]), [['0', '1'], ['1', '{ deep: true }']]);
    const inner = await variables('variables', {variablesReference: parts[1].variablesReference});
    assert.deepEqual(inner.map(({name, value}) => [name, value]), [['deep', 'true']]);
    const [table] = (await variables('inspectVariables')).filter(({name}) => name === 'table');
    assert.deepEqual((await variables('variables', table))[0].value, '1');
    assert.deepEqual(await variables('variables', {variablesReference: 9999}), []);
  });

  it('are shown one by one', async () => {
    const {content} = await debug('richInspectVariables', {variableName: 'list'});
    assert.deepEqual(content.body, {data: {'text/plain': '[ 1, { deep: true } ]'}, metadata: {}});
    const none = await debug('richInspectVariables', {variableName: 'nothing'});
    assert.deepEqual(none.content.body, {data: {}, metadata: {}});
  });

  it('are told while a cell awaits; while one computes the panel hears that, and what needs a debugger is refused',
    async () => {
      const began = (text: string) =>
        client.until(() => client.published.some(({content}) => String(content.text).includes(text)) || undefined);
      const waiting = client.execute("console.log('waits'); await new Promise(done => setTimeout(done, 2500))");
      await began('waits');
      assert.ok((await variables('inspectVariables')).length >= 6);
      await waiting;
      const busy = client.execute("console.log('computes'); for (const end = Date.now() + 8000; Date.now() < end;);");
      await began('computes');
      const {success, message} = (await debug('inspectVariables')).content;
      assert.deepEqual([success, message], [false, 'the cells are busy computing']);
      await busy;
      assert.equal(((await debug('debugInfo')).content.body as {isStarted: boolean}).isStarted, false);
      const refused = (await debug('initialize')).content;
      assert.deepEqual([refused.success, refused.message], [false, 'no debugger: initialize']);
      assert.equal((await debug('')).content.success, false);
    });
});

describe('A connection file with keys', function () {
  this.timeout(240_000);

  it('encrypts all channels: who knows the keys is answered, who does not hears nothing', async () => {
    const client = await JupyterClient.start(undefined, undefined, curveKeyPair());
    try {
      assert.equal(result(await client.execute('6 * 7'))!['text/plain'], '42');
      assert.equal(await client.heartbeat(), 'ping');
      const {ip, shell_port: port} = client.connection, message = client.wire.encode({
        identities: [], header: client.wire.header('kernel_info_request'), parent: {}, metadata: {}, content: {},
        buffers: [],
      });
      const stranger = curveKeyPair();
      for (const keys of [{}, {
        curveServerKey: stranger.publicKey, curvePublicKey: stranger.publicKey, curveSecretKey: stranger.secretKey,
      }]) {
        const socket = new Dealer({linger: 0, receiveTimeout: 1500, sendTimeout: 1500, ...keys});
        socket.connect(`tcp://${ip}:${port}`);
        await socket.send(message).catch(() => undefined);
        await assert.rejects(socket.receive(), {code: 'EAGAIN'});
        socket.close();
      }
      assert.equal((await client.execute('1')).reply.content.status, 'ok');
    } finally {
      client.close();
    }
  });

  it('is refused by name where a key is no key or alone', () => {
    const folder = mkdtempSync(join(tmpdir(), 'obsnode-keys-')), path = join(folder, 'connection.json');
    const {publicKey, secretKey} = curveKeyPair(), ports = Object.fromEntries(
      ['shell', 'control', 'stdin', 'iopub', 'hb'].map((channel, k) => [`${channel}_port`, 5000 + k]));
    const read = (keys: object) => {
      const plain = {transport: 'tcp', ip: '127.0.0.1', key: '', signature_scheme: 'hmac-sha256', ...ports};
      writeFileSync(path, JSON.stringify({...plain, ...keys}));
      return () => readConnection(path);
    };
    try {
      assert.equal(read({curve_publickey: publicKey, curve_secretkey: secretKey})().curve_secretkey, secretKey);
      assert.throws(read({curve_publickey: publicKey}), /curve_secretkey must be 40 characters of Z85/);
      assert.throws(read({curve_secretkey: secretKey}), /curve_publickey must be/);
      assert.throws(read({curve_publickey: publicKey, curve_secretkey: 'short'}), /curve_secretkey must be/);
      assert.throws(read({curve_publickey: 5, curve_secretkey: secretKey}), /curve_publickey must be/);
    } finally {
      rmSync(folder, {recursive: true});
    }
  });
});
