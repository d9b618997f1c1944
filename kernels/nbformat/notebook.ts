import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {basename} from 'node:path';
import {writeWhole} from '../../lib/files';

/** Text in a notebook file: one string or a list of lines. */
export type MultilineText = string | readonly string[];

/** An output of a code cell, as nbformat 4 has it. */
export type Output =
  | {readonly output_type: 'stream'; readonly name: 'stdout' | 'stderr'; text: MultilineText}
  | {readonly output_type: 'display_data'; data: Record<string, unknown>; metadata: Record<string, unknown>}
  | {
    readonly output_type: 'execute_result';
    data: Record<string, unknown>;
    metadata: Record<string, unknown>;
    readonly execution_count: number;
  }
  | {
    readonly output_type: 'error';
    readonly ename: string;
    readonly evalue: string;
    readonly traceback: readonly string[];
  };

/** A cell of a notebook file. */
export interface Cell {
  readonly cell_type: 'code' | 'markdown' | 'raw';
  readonly id?: string;
  readonly metadata: {readonly tags?: readonly string[]; readonly [key: string]: unknown};
  readonly source: MultilineText;
  readonly outputs?: readonly Output[];
  readonly execution_count?: number | null;
}

/** A notebook file, nbformat 4. */
export interface Notebook {
  readonly nbformat: 4;
  readonly nbformat_minor: number;
  readonly metadata: Record<string, unknown>;
  readonly cells: readonly Cell[];
}

/** Kernel facts that every executed notebook carries. */
export const KERNEL_METADATA = {
  kernelspec: {display_name: 'TypeScript (obsnode)', language: 'typescript', name: 'obsnode'},
  language_info: {
    file_extension: '.ts', mimetype: 'text/typescript', name: 'typescript',
    codemirror_mode: {name: 'javascript', typescript: true},
  },
} as const;

/** The text of a cell or output as one string. */
export function joined(text: MultilineText): string {
  return typeof text === 'string' ? text : text.join('');
}

/**
 * Reads a notebook and checks the parts that execution needs.
 *
 * @throws Error that names the file when it is not a notebook of format 4
 */
export function readNotebook(path: string): Notebook {
  const value = parse(path) as Partial<Notebook> | null;
  if (typeof value !== 'object' || value === null || value.nbformat !== 4 || !Array.isArray(value.cells)) {
    throw new Error(`${basename(path)} is not a notebook of format 4`);
  }
  const cells = value.cells.map((cell, index) => checkedCell(cell as Partial<Cell>, index, basename(path)));
  return {nbformat: 4, nbformat_minor: value.nbformat_minor ?? 5, metadata: value.metadata ?? {}, cells};
}

function parse(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Error(`${basename(path)} cannot be read as JSON: ${(error as Error).message}`);
  }
}

function checkedCell(cell: Partial<Cell>, index: number, file: string): Cell {
  const isText = typeof cell.source === 'string' || Array.isArray(cell.source);
  if (!isText || !['code', 'markdown', 'raw'].includes(cell.cell_type ?? '')) {
    throw new Error(`${file}: cell ${index + 1} has no type or no source`);
  }
  return {...(cell as Cell), metadata: cell.metadata ?? {}, id: cell.id
    ?? derivedId(index, joined(cell.source as MultilineText))};
}

/** An id that depends on nothing but the cell, for notebooks older than format 4.5. */
function derivedId(index: number, source: string): string {
  return createHash('sha256').update(`${index}\n${source}`).digest('hex').slice(0, 8);
}

/** Writes a notebook as Jupyter does (keys sorted, indent 1), whole or not at all. */
export async function writeNotebook(path: string, notebook: Notebook): Promise<void> {
  writeWhole(path, serialise(notebook));
}

/** The bytes of a notebook file: equal notebooks give equal bytes. */
export function serialise(notebook: Notebook): string {
  const cells = notebook.cells.map((cell) =>
    ({...cell, source: lines(joined(cell.source)), ...(cell.outputs ? {outputs: cell.outputs.map(fileOutput)} : {})}));
  return `${JSON.stringify(sortKeys({...notebook, nbformat_minor: 5, cells}), null, 1)}\n`;
}

function fileOutput(output: Output): unknown {
  if (output.output_type === 'stream') return {...output, text: lines(joined(output.text))};
  if (output.output_type === 'error') return output;
  return {
    ...output,
    data: Object.fromEntries(Object.entries(output.data).map(([type, content]) => [type, fileContent(type, content)])),
  };
}

function fileContent(type: string, content: unknown): unknown {
  return typeof content === 'string' && (type.startsWith('text/') || type === 'image/svg+xml')
    ? lines(content)
    : content;
}

function lines(text: string): string[] {
  return text.split(/(?<=\n)/).filter((line) => line !== '');
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) =>
    [key, sortKeys(item)]));
}
