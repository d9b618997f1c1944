import {deepStrictEqual, match, ok, strictEqual} from 'node:assert';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {type CellEvent, type CellOutcome, Executor, type Failure} from '../../kernels/executor';
import {hostile, hostileError} from './support/hostile';

/** Whether a message between processes, and then to a front end, can carry this unchanged. */
function isPlain(value: unknown): boolean {
  return JSON.stringify(JSON.parse(JSON.stringify(value))) === JSON.stringify(structuredClone(value));
}

describe('hostile values', function () {
  this.timeout(240_000);
  let folder: string;
  let executor: Executor;
  let events: CellEvent[];

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'obsnode-hostile-'));
    executor = new Executor({directory: folder});
    Object.assign(globalThis, {hostile, hostileError});
  });
  beforeEach(() => (events = []));
  after(() => {
    executor.dispose();
    rmSync(folder, {recursive: true});
  });

  const run = (source: string): Promise<CellOutcome> => executor.execute(source, (event) => events.push(event));
  const text = async (source: string): Promise<string> => {
    const outcome = await run(source);
    return outcome.status === 'ok' ? String(outcome.result?.data['text/plain']) : outcome.failure.traceback.join('\n');
  };
  const fail = async (source: string): Promise<Failure> => {
    const outcome = await run(source);
    if (outcome.status === 'ok') throw new Error('the cell was expected to fail');
    return outcome.failure;
  };

  it('whatever 2,000 cells return, throw or display, each ends with something that can be sent, and the '
      + 'next one runs', async () => {
    const ends = {ok: 0, error: 0};
    for (let seed = 0; seed < 2000; seed++) {
      const source = ['hostile(SEED)', 'throw hostile(SEED)', 'throw hostileError(SEED)', DISPLAY][seed % 4];
      const start = performance.now();
      const outcome = await run(source.replace('SEED', String(seed)));
      ends[outcome.status]++;
      ok(isPlain(outcome), `${seed}: ${source}`);
      ok(
        JSON.stringify(outcome).length < 20_000_000,
        `${seed}: ${source} gives a message of ${JSON.stringify(outcome).length} characters`,
      );
      ok(performance.now() - start < 10_000, `${seed}: ${source} took ${performance.now() - start} ms`);
      ok(events.every(isPlain), `${seed}: ${source}`);
      events.length = 0;
    }
    strictEqual(await text('6 * 7'), '42');
    ok(ends.ok > 300 && ends.error > 1000, JSON.stringify(ends));
  });

  it('a proxy that answers to every name is text', async () => {
    strictEqual(await text('new Proxy({}, {get: () => () => "x"})'), '{}');
    strictEqual(await text('new Proxy({}, {get: () => () => "x", has: () => true})'), '{}');
    match(await text('const {proxy, revoke} = Proxy.revocable({}, {}); revoke(); proxy'), /Revoked Proxy/);
  });

  it('a getter that throws leaves the rest of the value visible', async () => {
    strictEqual(await text('({a: 1, get data() { throw new Error("no"); }})'), '{ a: 1, data: [Getter] }');
    // Newer versions of Node describe even this one.
    const shown = /^(<Object that cannot be shown>|\{ Symbol\(Symbol\.toStringTag\): \[Getter\] \})$/;
    match(await text('({get [Symbol.toStringTag]() { throw new Error("no"); }})'), shown);
  });

  it('a class whose inspection fails, or never ends, is shown without it', async () => {
    const custom = 'Symbol.for("nodejs.util.inspect.custom")';
    match(
      await text(`class Odd { kept = 1; [${custom}]() { throw new Error("no"); } } new Odd()`), /^Odd \{ kept: 1 \}$/,
    );
    match(await text(`class Wide { [${custom}]() { return [new Wide(), new Wide()]; } } new Wide()`), /^\[[^]{10,}\]$/);
  });

  it('a bad MIME bundle is an error that names the type, whichever way it comes', async () => {
    const contents = {
      null: 'null', 'a function': '() => 1', 'a BigInt': '1n',
      'a cycle': '(() => { const o: any = {}; o.o = o; return o; })()', undefined: 'undefined',
    };
    for (const [what, content] of Object.entries(contents)) {
      for (const type of ['text/html', 'application/json']) {
        if (what === 'null' && type === 'application/json') continue; // null is JSON
        const made = `({data: {"${type}": ${content}}})`;
        for (const source of [
          made, `(globalThis as any)[Symbol.for("obsnode.display")].display(${made})`,
          `({[Symbol.for("obsnode.mime")]: async () => ${made}})`,
        ]) {
          const {ename, evalue} = await fail(source);
          deepStrictEqual([ename, evalue.startsWith(type)], ['BundleError', true], `${what}: ${evalue}`);
        }
      }
    }
  });

  it('text in a bundle is text, and JSON is copied when it is shown', async () => {
    const outcome = await run(
      '({data: {"text/plain": 5, "text/html": ["<i>", "x"], "application/json": [null, {a: undefined, b: 1}]}})',
    );
    deepStrictEqual(outcome.status === 'ok' && outcome.result?.data, {
      'text/plain': '5', 'text/html': '<i>x', 'application/json': [null, {b: 1}],
    });
  });

  it('an object whose keys only look like a path is not taken for a bundle', async () => {
    strictEqual(await text('({data: {"src/index": {lines: 3}}})'), "{ data: { 'src/index': { lines: 3 } } }");
  });

  it('an error whose message, cause, stack or name throws or recurses is still told', async () => {
    strictEqual((await fail(
      'throw Object.defineProperty(new TypeError("x"), "message", {get() { throw new Error("no"); }})',
    )).ename, 'TypeError');
    deepStrictEqual(
      (await fail('const e = new Error("round"); e.cause = e; throw e')).traceback.at(-1),
      'Caused by: an error told above',
    );
    const endless = await fail(
      'class Endless extends Error { override get cause() { return new Endless("again"); } } throw new Endless("again")',
    );
    ok(endless.traceback.length < 500);
    const {ename, evalue} = await fail('throw Object.assign(new Error("five"), {name: 5})');
    deepStrictEqual([ename, evalue], ['5', 'five']);
    strictEqual((await fail('throw Object.create(null)')).evalue, '[Object: null prototype] {}');
  });

  it('an error is told with the name of its class, its fields, its cause, and the errors that it gathers', async () => {
    const http = await fail(
      'class HttpError extends Error { status = 404; code = "E_GONE"; } throw new HttpError("gone", {cause: new RangeError("why")})',
    );
    strictEqual(http.ename, 'HttpError');
    match(
      http.traceback.join('\n'), /^HttpError: gone\n[^]*\{ status: 404, code: 'E_GONE' \}\nCaused by:\nRangeError: why/,
    );
    const many = (await fail(
      'throw new AggregateError([new TypeError("one"), new RangeError("two")], "both")',
    )).traceback.join('\n');
    match(many, /AggregateError: both[^]*TypeError: one[^]*RangeError: two/);
    match(
      (await fail('(await import("node:fs")).readFileSync("/does/not/exist")')).traceback.join('\n'), /code: 'ENOENT'/,
    );
  });
});

const DISPLAY = '(globalThis as any)[Symbol.for("obsnode.display")].display(hostile(SEED))';
