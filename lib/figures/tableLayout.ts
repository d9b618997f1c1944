/** A cell as shown. `text` has ± between mean and sd; `best` marks the winner of the column within its group. */
export interface TableCell {
  readonly text: string;
  readonly best: boolean;
}

/** The table ready for printing: headings, lines of cells, notes. */
export interface TableLayout {
  readonly title: string;
  readonly head: readonly string[];
  /** How many of the first columns are text. */
  readonly labels: number;
  readonly lines: readonly {readonly group?: string; readonly cells: readonly TableCell[]}[];
  readonly notes: readonly string[];
}

/** The lines of a table as texts, with a heading before the first of each group. */
export function grouped(
  lines: TableLayout['lines'], heading: (group: string) => string, line: (cells: readonly TableCell[]) => string,
): string[] {
  return lines.flatMap(({group, cells}, i) =>
    [...(group !== undefined && group !== lines[i - 1]?.group ? [heading(group)] : []), line(cells)]);
}
