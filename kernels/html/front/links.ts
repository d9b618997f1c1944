import {cellId} from '../ids';
import type {Notebook, Output} from '../../nbformat/notebook';

/** Folder of everything that is made from the committed notebooks. */
export const FULL_FOLDER = 'full';

/** Folders of the pages made from the committed notebooks, and from the reader's own run. */
export const FULL = `${FULL_FOLDER}/notebooks`, OWN = 'notebooks';

/** Address of a page, or of a cell in it, from the front page. */
export function pageLink(folder: string, stem: string, cell?: string): string {
  return `${folder}/${encodeURIComponent(stem)}.html${cell ? `#${encodeURIComponent(cellId(cell))}` : ''}`;
}

/** What a notebook says of its own run. */
export interface Run {
  readonly profile: string;
  /** Whether it stopped at an error. */
  readonly failed: boolean;
}

/** Profile and end of the run whose outputs a notebook holds. */
export function runOf({metadata, cells}: Notebook): Run {
  const {profile} = (metadata.obsnode ?? {}) as {profile?: unknown};
  const all = cells.flatMap(({outputs}) => (Array.isArray(outputs) ? outputs as readonly (Output | null)[] : []));
  return {
    profile: typeof profile === 'string' ? profile : '',
    failed: all.some(output => output?.output_type === 'error'),
  };
}
