import {declarationsOf} from '../checker/declarations';

/** A cell in the text that JupyterLab makes of all cells of a notebook. */
export interface PlacedCell {
  readonly source: string;
  /** Line of the whole text on which it begins, from 0. */
  readonly line: number;
}

/**
 * The cells of a text in which two blank lines or more stand between them. Where no name is declared twice the text is
 * one cell: it means the same, and is judged at once.
 */
export function placedCells(text: string): readonly PlacedCell[] {
  const cells: PlacedCell[] = [];
  let line = 0;
  for (const part of text.split(/(\n{3,})/)) {
    if (part.trim() !== '') cells.push({source: part, line});
    line += part.split('\n').length - 1;
  }
  const names = cells.flatMap(({source}) => [...declarationsOf(source).names.keys()]);
  return new Set(names).size === names.length ? [{source: text, line: 0}] : cells;
}
