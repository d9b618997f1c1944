import assert from 'node:assert/strict';
import {resolve} from 'node:path';
import katex from 'katex';
import ts from 'typescript';
import {projectOptions} from '../../kernels/checker/options';
import {paperSymbols} from '../../lib/data/symbols';
import {symbolMarkdown} from '../../lib/notebook/symbols';
import {cancerSymbols} from '../../lib/studies/cancer/symbols';

const root = resolve(__dirname, '../..');
const doors = {lib: resolve(root, 'lib/index.ts'), cancer: resolve(root, 'lib/studies/cancer/index.ts')};

/** Whether a door hands out what `code` names, e.g. `Trajectories.outcomes`: an export, then members. */
function isHandedOut(program: ts.Program, door: string, code: string): boolean {
  const checker = program.getTypeChecker();
  const target = (s: ts.Symbol) => (s.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(s) : s);
  const [name, ...members] = code.split('.');
  const exports = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(door)!)!);
  const found = exports.find(one => one.name === name);
  const member = (symbol: ts.Symbol | undefined, key: string): ts.Symbol | undefined => {
    if (!symbol) return undefined;
    const known = target(symbol);
    if (known.flags & ts.SymbolFlags.Module) return checker.getExportsOfModule(known).find(one => one.name === key);
    return checker.getDeclaredTypeOfSymbol(known).getProperty(key);
  };
  return members.reduce(member, found) !== undefined;
}

describe('The table of symbols', function () {
  this.timeout(120_000);
  let program: ts.Program;
  before(() => { program = ts.createProgram(Object.values(doors), projectOptions(root)); });

  const tables = [['every study', doors.lib, paperSymbols], ['the cancer study', doors.cancer, cancerSymbols]] as const;
  for (const [name, door, rows] of tables) {
    it(`of ${name}: every code name is an export of its door, or a member of one`, () => {
      assert.deepEqual(rows.map(({code}) => code).filter(code => !isHandedOut(program, door, code)), []);
    });

    it(`of ${name}: every symbol is LaTeX that can be set, and no code name stands twice`, () => {
      const set = (symbol: string) => katex.renderToString(symbol, {throwOnError: true});
      for (const {symbol} of rows) assert.doesNotThrow(() => set(symbol), symbol);
      assert.equal(new Set(rows.map(({code}) => code)).size, rows.length);
    });
  }

  it('a name that is none is found', () => {
    const names = [
      'Trajectories.outcome', 'trajectory', 'CancerCohort', 'Trajectories.outcomes.data.x', 'ControlSystem',
      'causal.ControlSystem',
    ];
    assert.deepEqual(names.filter(code => isHandedOut(program, doors.lib, code)), []);
  });

  it('is a Markdown table of six columns, in which no symbol opens another', () => {
    const lines = symbolMarkdown([...paperSymbols, ...cancerSymbols]).split('\n');
    assert.equal(lines.length, 2 + paperSymbols.length + cancerSymbols.length);
    for (const line of lines) assert.equal(line.split('|').length, 8, line);
  });
});
