import {resolve} from 'node:path';
import {readNotebook} from '../nbformat/notebook';
import {runNotebook} from '../runner/runNotebook';
import type {FigureArguments} from './arguments';
import {neededCells} from './neededCells';
import {shownIn, type NamedShown} from './shipped';

/**
 * The same figure or table from a new run of the cells that it needs, and no others.
 * @throws Error with the cell that failed, or when the figure was not shown
 */
export async function retrained(shown: NamedShown, request: FigureArguments, root: string): Promise<NamedShown> {
  const notebook = readNotebook(shown.notebook), cells = neededCells(notebook.cells, shown.cell);
  const {notebook: done, failed} = await runNotebook(shown.notebook, {...notebook, cells}, {
    root, out: resolve(root, process.env.OBSNODE_OUT || 'out'), profile: request.retrain!, overrides: request.overrides,
    timeout: request.timeout,
    onCell: (k, total) => process.stderr.write(`${shown.name}: cell ${k + 1} of ${total} (${request.retrain})\n`),
  });
  if (failed) {
    const {source, failure} = failed;
    throw new Error(`${shown.name}: a cell that it needs failed.\n${source}\n${failure.traceback.join('\n')}`);
  }
  const again = shownIn(shown.notebook, done).filter(({cell}) => cell === shown.cell);
  const found = again.find(({name}) => name === shown.name) ?? again.find(({place}) => place === shown.place);
  if (!found) throw new Error(`${shown.name}: its cell ran, but showed no such figure with these parameters`);
  return {...found, name: shown.name};
}
