import {readdirSync} from 'node:fs';
import {dirname, resolve} from 'node:path';
import ts from 'typescript';
import {INTERNAL_NAME} from './cellModules';

/** A completion as the protocol wants it; offsets are UTF-16 units of the cell. */
export interface Completions {
  readonly start: number;
  readonly end: number;
  readonly items: readonly {readonly text: string; readonly kind: string; readonly signature: string}[];
}

/** An entry of TypeScript in the coordinates of the cell. */
export interface Proposal {
  readonly name: string;
  readonly kind: string;
  readonly sortText: string;
  /** What is put in place of the text from `start` to the cursor. */
  readonly text: string;
  readonly start: number;
  /** Whether it goes on from what is written. */
  readonly fits: boolean;
}

/** @param head characters of the module before the cell */
export function proposalOf(
  {name, kind, sortText, insertText, replacementSpan}: ts.CompletionEntry, source: string, offset: number, head: number,
): Proposal {
  const start = replacementSpan ? replacementSpan.start - head : wordStart(source, offset);
  const text = insertText ?? name;
  const written = source.slice(start, offset);
  // A member in brackets takes the place of the dot and of what was begun behind it.
  const begun = written.replace(/^\??\./, '');
  const isOffered = kind !== ts.ScriptElementKind.warning && name.search(INTERNAL_NAME) < 0;
  const fits = isOffered && (text.startsWith(written) || (insertText !== undefined && name.startsWith(begun)));
  return {name, kind, sortText, text, start, fits};
}

/** Where the name begins that ends at an offset; names may hold letters of any script. */
export function wordStart(source: string, offset: number): number {
  return offset - (/#?[\p{ID_Continue}$\u200c\u200d]*$/u.exec(source.slice(0, offset))?.[0].length ?? 0);
}

/** Files and folders, for a path that is being written in a string; undefined elsewhere. */
export function completePath(source: string, offset: number, directory: string): Completions | undefined {
  const written = /(["'`])((?:\.{0,2}|~|[\w.-]+)\/[^"'`\n]*)$/.exec(source.slice(0, offset))?.[2];
  if (written === undefined) return undefined;
  const begun = written.slice(written.lastIndexOf('/') + 1);
  const items = entriesOf(resolve(directory, dirname(`${written}.`)))
    .filter(({name}) => name.startsWith(begun) && (begun !== '' || !name.startsWith('.')))
    .map((entry) => ({
      text: entry.isDirectory() ? `${entry.name}/` : entry.name, kind: entry.isDirectory() ? 'directory' : 'file',
      signature: '',
    }));
  return {start: offset - begun.length, end: offset, items};
}

function entriesOf(folder: string): import('node:fs').Dirent[] {
  try {
    return readdirSync(folder, {withFileTypes: true});
  } catch {
    return [];
  }
}
