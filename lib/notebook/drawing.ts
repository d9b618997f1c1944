import {stringify} from 'csv-stringify/sync';
import {renderSvg, type FigureSpec} from '../figures/render';
import {columnsOf} from '../figures/save';

/**
 * Draws a specification that a notebook has stored, as SVG.
 * @throws Error with what Vega says where it cannot be drawn
 */
export const drawStored = (spec: object): Promise<string> => renderSvg(spec as FigureSpec);

/** The rows that a specification holds, as CSV; undefined where it holds none of its own. */
export function storedCsv(spec: object): string | undefined {
  const rows = (spec as {readonly data?: {readonly values?: unknown}}).data?.values;
  if (!Array.isArray(rows) || rows.length === 0 || !rows.every(row => typeof row === 'object' && row !== null)) {
    return undefined;
  }
  const columns = columnsOf(rows as Record<string, unknown>[]);
  return csvLines([columns, ...(rows as Record<string, unknown>[]).map(row => columns.map(column => row[column]))]);
}

/** Lines of cells as CSV. */
export const csvLines = (lines: readonly (readonly unknown[])[]): string =>
  stringify(lines.map(line => [...line]), {cast: {boolean: String}});
