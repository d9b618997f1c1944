import {deepStrictEqual, ok, throws} from 'node:assert';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {Executor, EXPRESSION} from '../../kernels/executor';
import {cellRecord} from '../../kernels/runner/recordCells';
import {claim, parameters, projectRoot} from '../../lib/notebook';
import {CELL_RECORD, noteCell} from '../../lib/notebook/cells';
import {DISPLAY_SINK} from '../../lib/notebook/sink';
import type {MimeBundle} from '../../lib/notebook/mime';

describe('claims', () => {
  const holder = globalThis as Record<symbol, unknown>, CELLS = Symbol.for('obsnode.cells');
  const committed = 'const P = parameters({quick: {draws: 4}, full: {draws: 4}});';
  const sink = {display: ({data}: MimeBundle) => void said.push(String(data['text/markdown'])), wait: () => undefined};
  let said: string[];

  beforeEach(() => {
    said = [];
    holder[DISPLAY_SINK] = sink;
    delete holder[CELLS];
    given();
  });

  afterEach(() => {
    delete holder[DISPLAY_SINK];
    delete holder[CELLS];
    given();
  });

  async function run(source: string, name?: string): Promise<void> {
    const executor = new Executor({directory: join(projectRoot(), 'notebooks')});
    try {
      await executor.execute(source, () => undefined, name);
    } finally {
      executor.dispose();
      holder[DISPLAY_SINK] = sink;
    }
  }

  function given(set?: object): void {
    if (set) process.env.OBSNODE_SET = JSON.stringify(set);
    else delete process.env.OBSNODE_SET;
    parameters({quick: {epochs: 20, seeds: [1, 2]}, full: {epochs: 200, seeds: [1, 2]}});
  }

  it('say that they hold, with the numbers that decided', () => {
    claim(true, 'the error falls', {before: 0.123456, after: 'none'});
    deepStrictEqual(said, ['✓ the error falls (before: 0.1235, after: none)']);
  });

  it('stop the run when they fail at the parameters of a profile', () => {
    throws(
      () => claim(false, 'the error falls', {gap: 0.03421}), /^ClaimError: not so: the error falls \(gap: 0.03421\)$/,
    );
    given({epochs: '20', seeds: '[1, 2]'});
    throws(() => claim(false, 'the error falls'), /not so/);
    deepStrictEqual(said, []);
  });

  it('warn and go on when they fail at other parameters', () => {
    given({epochs: '5'});
    claim(false, 'the error falls', {gap: 0.5});
    deepStrictEqual(said, ['⚠ **does not hold here:** the error falls (gap: 0.5)']);
  });

  it('know the cells of the project from cells that a reader has edited or added', () => {
    noteCell(`${committed}\n`);
    throws(() => claim(false, 'committed cells are held to their claims'), /not so/);
    noteCell(committed.replace('draws: 4}', 'draws: 5}'));
    claim(false, 'edited ones are not');
    deepStrictEqual(said, ['⚠ **does not hold here:** edited ones are not']);
  });

  it('hear from the kernel which cells have run, and not of what a front end asks beside them', async () => {
    await run('1 + 1', EXPRESSION);
    throws(() => claim(false, 'no cell has run'), /not so/);
    await run('const mine = 1;');
    claim(false, 'a cell of the reader has run');
    deepStrictEqual(said, ['⚠ **does not hold here:** a cell of the reader has run']);
  });

  it('are held against the cells that the notebooks have now', () => {
    const recorded = JSON.parse(readFileSync(join(projectRoot(), CELL_RECORD), 'utf8')) as unknown;
    deepStrictEqual(
      recorded, cellRecord(projectRoot()), `write ${CELL_RECORD} anew: npx tsx kernels/runner/recordCells.ts`,
    );
    ok(Object.keys(recorded as object).length >= 9);
  });
});
