import assert from 'node:assert/strict';
import {readdirSync, readFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import ts from 'typescript';
import {projectOptions} from '../../kernels/checker/options';
import {examplesIn} from '../docs/examples';
import {namesOfStudy, namesShown, namesTaken} from './doorUses';

const root = resolve(__dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const filesOf = (folder: string, name: RegExp) => readdirSync(join(root, folder), {recursive: true, encoding: 'utf8'})
  .filter(path => name.test(path)).map(path => join(folder, path));

/** Most names that the door hands out beside types; a namespace is one. */
const MOST = 210;

/** Why names are handed out that nobody takes yet. */
const REASONS: Readonly<Record<string, readonly string[]>> = {
  'errors that a program may want to catch': ['ClaimError', 'MissingDataError'],
  'records of one\'s own': ['fitPreprocessing', 'noPreprocessing'],
  'references and networks of one\'s own': ['stateSpaceNetwork'],
  'protocols and tables of one\'s own': [
    'compare', 'heatmap', 'intervalScore', 'mae', 'percentOf', 'rmse', 'testSd',
  ],
  'what was trained is kept, and read again': ['exportOnnx', 'unflatten'],
  'the other things that a cell can show': [
    'button', 'display', 'textBox', 'toggle', 'updatable',
  ],
};

/** Code of a reader: notebooks, the documents, examples of doc comments, programs of newcomers and outsiders. */
function readersCode(): string[] {
  const notebooks = [...filesOf('notebooks', /\.ipynb$/), 'test/jupyter/lab.ipynb'].map(path => {
    const {cells} = JSON.parse(read(path)) as {cells: {cell_type: string; source: string | string[]}[]};
    return cells.filter(cell => cell.cell_type === 'code').map(({source}) => [source].flat().join('')).join('\n;\n');
  });
  const documents = ['README.md', 'ARCHITECTURE.md'].flatMap(path =>
    [...read(path).matchAll(/```ts\n([^]*?)```/g)].map(([, code]) => code));
  const examples = filesOf('lib', /(?<!\.d)\.ts$/).flatMap(path => examplesIn(path, read(path)).map(({code}) => code));
  const programs = ['test/newcomer', 'test/outside'].flatMap(folder => filesOf(folder, /\.ts$/)).map(read);
  return [...notebooks, ...documents, ...examples, ...programs];
}

describe('The door of the library', function () {
  this.timeout(120_000);
  const union = (sets: readonly Set<string>[]) => new Set(sets.flatMap(set => [...set]));
  const taken = union([
    ...readersCode().map(code => namesTaken(code)),
    ...filesOf('lib/studies', /\.ts$/).map(path => namesOfStudy(read(path))),
  ]);
  let checker: ts.TypeChecker, names: ts.Symbol[];
  const target = (name: ts.Symbol) => (name.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(name) : name);
  const isValue = (name: ts.Symbol) => Boolean(target(name).flags & ts.SymbolFlags.Value);
  const isSpace = (name: ts.Symbol) => Boolean(target(name).flags & ts.SymbolFlags.Module);

  before(() => {
    const door = join(root, 'lib/index.ts'), program = ts.createProgram([door], projectOptions(root));
    checker = program.getTypeChecker();
    names = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(door)!)!);
  });

  it(`hands out at most ${MOST} names beside types`, () => {
    const count = names.filter(isValue).length;
    assert.ok(count > 100 && count <= MOST, String(count));
  });

  it('hands out nothing twice: what a namespace holds has no name beside it', () => {
    const spaces = names.filter(isSpace).map(target);
    assert.ok(spaces.length > 0);
    const inside = new Map(spaces.flatMap(space => checker.getExportsOfModule(space)).map(s => [s.name, target(s)]));
    assert.deepEqual(names.filter(name => inside.get(name.name) === target(name)).map(name => name.name), []);
  });

  it('hands out only what a reader or a study takes, or says why', () => {
    const idle = names.filter(name => isValue(name) && !taken.has(name.name)).map(({name}) => name).sort();
    assert.deepEqual(idle, Object.values(REASONS).flat().sort());
  });

  it('hands out a type only where somebody takes it, or something that is handed out shows it', () => {
    const shown = union(names.filter(name => !isSpace(name)).flatMap(target).flatMap(symbol =>
      (symbol.declarations ?? []).map(declaration => {
        const found = namesShown(declaration);
        found.delete(symbol.name);
        return found;
      })));
    const types = names.filter(name => !isValue(name)).map(({name}) => name);
    assert.ok(types.length > 50);
    assert.deepEqual(types.filter(name => !taken.has(name) && !shown.has(name)), []);
  });
});

describe('What code takes from the door', () => {
  const found = (code: string) => [...namesTaken(code)].sort();

  it('is what it imports, whatever it calls it, and members of the whole', () => {
    assert.deepEqual(found("import {rng as chance, type Rng} from '../lib/index';"), ['Rng', 'rng']);
    const members = "import * as lib from './lib';\nlib.rng(1); lib['fold'];\nlet x: lib.Rng;";
    assert.deepEqual(found(members), ['Rng', 'fold', 'rng']);
  });

  it('is not what it imports from elsewhere or calls by the same name', () => {
    assert.deepEqual(found("import {rng} from './other';\nconst lib = {fold: 1};\nlib.fold;"), []);
  });
});
