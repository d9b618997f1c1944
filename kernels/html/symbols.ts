/** A symbol of the paper as a table of a notebook explains it: Markdown. */
export interface SymbolRow {
  readonly symbol: string;
  readonly meaning: string;
  /** The other columns, `['code', '`History`']`. */
  readonly more: readonly (readonly [head: string, text: string])[];
}

/** Rows of the tables of symbols in a text: tables with the heads `paper` and `meaning`. */
export function symbolsIn(markdown: string): SymbolRow[] {
  const rows: SymbolRow[] = [];
  let heads: string[] | undefined;
  for (const line of markdown.split('\n')) {
    const cells = cellsOf(line);
    if (cells.length === 0) heads = undefined;
    else if (cells[0] === 'paper' && cells.includes('meaning')) heads = cells;
    else if (heads && cells[0].startsWith('$')) rows.push(rowOf(heads, cells));
  }
  return rows;
}

function cellsOf(line: string): string[] {
  return /^\s*\|.*\|\s*$/.test(line) ? line.trim().slice(1, -1).split(/(?<!\\)\|/).map(cell => cell.trim()) : [];
}

function rowOf(heads: readonly string[], cells: readonly string[]): SymbolRow {
  const at = heads.indexOf('meaning');
  const more = heads.flatMap((head, k) =>
    (k > 0 && k !== at && cells[k] ? [[head, cells[k]] as const] : []));
  return {symbol: cells[0], meaning: cells[at] ?? '', more};
}

/** The symbols that a cell names, each in the form in which formulas are compared. */
export function names({symbol}: SymbolRow): string[] {
  return [...symbol.matchAll(/\$([^$]+)\$/g)].flatMap(([, latex]) => latex.split(/,\s+(?![^[({]*[\])}])/)).map(normal);
}

/** LaTeX without what changes only how it looks. */
export function normal(latex: string): string {
  return latex.replace(/\\(?:boldsymbol|mathbf|left|right|bigl|bigr)(?![A-Za-z])|\\[,;!: ]|\s+/g, '')
    .replace(/\{([A-Za-z0-9])\}/g, '$1');
}
