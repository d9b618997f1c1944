import {joined, type Notebook, serialise} from '../nbformat/notebook';
import type {Session} from './session';
import type {Edits} from './protocol';

/** The page as a notebook file: texts as the reader has them, outputs as they are shown. */
export function savedNotebook(notebook: Notebook, session: Session, edits: Edits): string {
  return serialise({
    ...notebook,
    cells: notebook.cells.map((cell) => {
      if (cell.cell_type !== 'code') return cell;
      const source = edits[cell.id!] ?? joined(cell.source), live = session.shown(cell.id!);
      return live ? {...cell, source, execution_count: live.count, outputs: live.outputs} : {...cell, source};
    }),
  });
}
