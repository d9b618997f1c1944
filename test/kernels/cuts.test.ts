import {deepStrictEqual, ok, strictEqual} from 'node:assert';
import {mkdtempSync, realpathSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import fc from 'fast-check';
import ts from 'typescript';
import {projectOptions} from '../../kernels/checker/options';
import {CellLanguage} from '../../kernels/checker/languageService';
import {Executor} from '../../kernels/executor';

const ROOT = resolve(__dirname, '../..');

/**
 * Statements that may follow each other in any number: `~` is the number of the statement, READ and WRITE are earlier
 * variables. Each leaves a value of its own, `v~`.
 */
const STATEMENTS: readonly string[] = [
  'let v~ = READ + 1;',
  'let v~ = READ * 2 - WRITE;',
  'var v~ = READ - 3; { var v~: number; }',
  'let e~; e~ = READ; let v~ = e~; WRITE += 2;',
  'let v~: number; v~ = READ; const inc~ = () => { v~ += WRITE; }; inc~();',
  'const list~ = []; list~.push(READ); list~.push(WRITE, 5); let v~ = list~.length + list~[0];',
  'const {p~, q~: [r~, ...s~]} = {p~: READ, q~: [1, 2, 3]}; let v~ = p~ + r~ + s~.length;',
  'function f~(n: number): number { return n <= 0 ? READ : f~(n - 1) + 1; }\nlet v~ = f~(3);',
  'let v~ = late~(); function late~(): number { return typeof later~ === "undefined" ? 1 : 2; } var later~ = READ;',
  'class C~ { static made = 0; #own = READ; constructor() { C~.made++; } get own() { return this.#own; } }\nlet v~ = new C~().own + C~.made;',
  'class D~ { constructor(readonly k = READ) {} twice(this: D~) { return this.k * 2; } }\nclass E~ extends D~ { override twice() { return super.twice() + 1; } }\nlet v~ = new E~().twice();',
  'enum K~ { a = 2, b, c = a * 4 } let v~ = K~.c + K~.b; log.push(K~[3]);',
  'namespace N~ { export let n = READ; export function up() { n++; return n; } } let v~ = N~.up() + N~.n;',
  'interface T~ { readonly a: number } const T~ = (a: number): T~ => ({a}); let v~ = T~(READ).a;',
  'type G~<X> = {x: X}; const g~: G~<number> = {x: READ}; let v~ = g~.x;',
  'let v~ = 0; for (let i = 0; i < 3; i++) { const w = i * READ; if (i === 1) continue; v~ += w; }',
  'let v~ = 0; outer~: for (const a of [1, 2, 3]) for (const b in {x: 1, y: 2}) { if (a === 2) continue outer~; v~ += a + b.length; }',
  'for (var i~ = 0, j~: number; i~ < 2; i~++) { j~ = i~; } let v~ = i~ + j~!;',
  'let v~ = 1; try { if (READ > 0) throw new RangeError("over"); v~ = 2; } catch (error) { log.push((error as Error).name); v~ = 3; } finally { WRITE += 1; }',
  'let v~ = ((v: number) => { const log = v + 1; return log; })(READ);',
  'let v~ = await Promise.resolve(READ); log.push(`at ${v~}`);',
  'const gen~ = function* () { yield READ; yield* [WRITE, 3]; }; let v~ = [...gen~()].reduce((a, b) => a + b, 0);',
  'let a~ = READ, b~ = WRITE; [a~, b~] = [b~, a~]; ({a~, z: b~ = 7} = {a~: b~, z: undefined as number | undefined}); let v~ = a~ - b~;',
  'let v~ = 0; for await (const x of [Promise.resolve(READ), 2]) v~ += x;',
  'using u~ = {n: READ, [Symbol.dispose]() { }}; let v~ = u~.n;',
  'let v~ = (eval("1 + 1") as number) + READ; WRITE = eval("v~ * 2");',
  'let o~ = {v0, get d() { return READ; }, ["k" + ~]: WRITE}; let v~ = o~.d + o~.v0;',
  'abstract class A~ { abstract n(): number; static of(n: number): A~ { return new (class extends A~ { n() { return n; } })(); } } let v~ = A~.of(READ).n();',
  'function over~(x: number): number; function over~(x: string): string; function over~(x: unknown): unknown { return x; } let v~ = over~(READ);',
  'let w~ = {n: READ as number | undefined}; let v~ = w~?.n ?? 4; w~.n &&= 5; v~ += w~.n ?? 0;',
  'switch (READ % 3) { case 0: { var s~ = 1; break; } case 1: s~ = 2; break; default: s~ = 3; } let v~ = s~;',
  'const tag~ = (parts: TemplateStringsArray, ...xs: number[]) => parts.length * 10 + xs[0]; let v~ = tag~`a${READ}b${WRITE}`;',
  'let v~ = (function (this: unknown) { return this === undefined ? READ : -1; })(); log.push(String((() => typeof this)()));',
  'const name~ = () => 1, cls~ = class {}; let v~ = name~.name.length + cls~.name.length;',
  'const call~ = () => behind~; const behind~ = READ; let v~ = call~();',
  'export const x~ = READ; export let v~ = x~ + 1;',
];

/** A program as a list of statements. */
const program = fc.array(fc.tuple(fc.nat(STATEMENTS.length - 1), fc.nat(), fc.nat()), {
  minLength: 2, maxLength: 9,
}).map((picks) => [
  'const log: string[] = []; let v0 = 1;',
  ...picks.map(([kind, read, write], index) => STATEMENTS[kind].replaceAll('~', String(index + 1))
    .replaceAll('READ', `v${read % (index + 1)}`).replaceAll('WRITE', `v${write % (index + 1)}`)),
]);

/** Where it is cut: after a statement or not. */
const cuts = fc.array(fc.boolean(), {minLength: 12, maxLength: 12});

function cellsOf(statements: readonly string[], cut: readonly boolean[]): string[] {
  const cells = [''];
  for (const [index, statement] of statements.entries()) {
    cells[cells.length - 1] += `${statement}\n`;
    if (cut[index] && index < statements.length - 1) cells.push('');
  }
  return cells;
}

describe('programs cut into cells', function () {
  this.timeout(600_000);
  const registry = ts.createDocumentRegistry();
  let folder: string;
  let loaded = 0;

  before(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'obsnode-cuts-')));
  });
  after(() => rmSync(folder, {recursive: true}));

  const observed = (count: number): string =>
    `JSON.stringify([${Array.from({length: count}, (_, i) => `v${i}`).join(', ')}, log])`;

  /** The whole program, as TypeScript compiles it and Node runs it. */
  async function whole(statements: readonly string[]): Promise<string> {
    const source = `${statements.join('\n')}\nexport default ${observed(statements.length)};\n`;
    const {outputText} = ts.transpileModule(source, {
      compilerOptions: {target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext},
    });
    return ((await import(`data:text/javascript,${encodeURIComponent(outputText)}//${loaded++}`)) as {
      default: string
    }).default;
  }

  async function inCells(
    cells: readonly string[], count: number, check: ((index: number, source: string) => void) | null,
  ): Promise<string> {
    const executor = new Executor({directory: folder});
    try {
      for (const [index, source] of [...cells, `const seen = ${observed(count)};`].entries()) {
        check?.(index + 1, source);
        const outcome = await executor.execute(source, () => undefined);
        if (outcome.status === 'error') throw new Error(`${source}\n${outcome.failure.traceback.join('\n')}`);
      }
      return String(executor.namespace.seen);
    } finally {
      executor.dispose();
    }
  }

  it('give the values of the whole program, whatever the cuts: 300 programs of 36 kinds of statements', async () => {
    let cellCount = 0;
    await fc.assert(
      fc.asyncProperty(program, cuts, async (statements, cut) => {
        const cells = cellsOf(statements, cut);
        cellCount += cells.length;
        strictEqual(await inCells(cells, statements.length, null), await whole(statements), cells.join('--- cell\n'));
      }),
      {numRuns: 300, seed: 5},
    );
    ok(cellCount > 600);
  });

  it('pass the check of each cell where the whole program passes it: 60 programs', async () => {
    await fc.assert(
      fc.asyncProperty(program, cuts, async (statements, cut) => {
        const cells = cellsOf(statements, cut);
        const language = new CellLanguage(ROOT, folder, registry);
        await inCells(cells, statements.length, (index, source) =>
          deepStrictEqual(language.check(index, source).errors, [], cells.join('--- cell\n')));
      }),
      {numRuns: 60, seed: 6},
    );
  });

  it('the whole programs are well typed, so that the check has something to agree with', () => {
    const options = projectOptions(ROOT);
    const statements = fc.sample(program, {numRuns: 40, seed: 6});
    const texts = new Map(statements.map((list, index) =>
      [join(folder, `typed-${index}.ts`), `${list.join('\n')}\nexport {};\n`]));
    const host = ts.createCompilerHost(options);
    const read = host.getSourceFile.bind(host);
    host.getSourceFile = (path, ...rest) => (texts.has(path)
      ? ts.createSourceFile(path, texts.get(path)!, ts.ScriptTarget.ES2023, true)
      : read(path, ...rest));
    const built = ts.createProgram([...texts.keys()], options, host);
    for (const path of texts.keys()) {
      const found = [
        ...built.getSyntacticDiagnostics(built.getSourceFile(path)),
        ...built.getSemanticDiagnostics(built.getSourceFile(path)),
      ];
      deepStrictEqual(
        found.map(({messageText}) => ts.flattenDiagnosticMessageText(messageText, '\n')), [], texts.get(path),
      );
    }
  });

  /** An error in the last statement, about names of the others. */
  const WRONG = [
    'v0 = "text"', 'v1.nope', 'log = []', 'log.push(v0)', 'nope + v0', 'const t: string = v1', 'v1()', 'new v0()',
    'v0 = log', 'log[0].nope.x', 'type Z = Nope', 'for (const x of v0) {}',
  ];

  it('no message speaks of an internal name: 60 programs with an error', async () => {
    await fc.assert(
      fc.property(program, cuts, fc.nat(WRONG.length - 1), (statements, cut, kind) => {
        const language = new CellLanguage(ROOT, folder, registry);
        const cells = [...cellsOf(statements, cut), WRONG[kind]];
        const messages = cells.flatMap((source, index) =>
          language.check(index + 1, source).errors.map(({message}) => message));
        ok(messages.length > 0, cells.join('--- cell\n'));
        for (const message of messages) ok(!/\$\w|__\w|_cell_|import\(/.test(message), message);
      }),
      {numRuns: 60, seed: 7},
    );
  });
});
