/** An entry of the history: session, line number, input, or input with the text of its result. */
export type HistoryEntry =
  readonly [session: number, line: number, input: string | readonly [input: string, output: string | null]];

type Line = readonly [session: number, line: number, input: string];

/** What a front end can ask of the history. */
export interface HistoryRequest {
  /** Whether results are wanted as well. */
  readonly output?: boolean;
  readonly hist_access_type?: string;
  readonly n?: number;
  readonly start?: number;
  readonly stop?: number | null;
  readonly pattern?: string;
  readonly unique?: boolean;
}

/** Inputs of this session. */
export class History {
  private readonly entries: Line[] = [];
  private readonly outputs = new Map<number, string>();

  add(line: number, input: string): void {
    this.entries.push([0, line, input]);
  }

  /** Notes the result of a line, as text. */
  addOutput(line: number, output: string): void {
    this.outputs.set(line, output);
  }

  /** Entries by range, from the end, or matching a pattern with `*` and `?`. */
  find(request: HistoryRequest): readonly HistoryEntry[] {
    const found = this.select(request);
    return request.output
      ? found.map(([session, line, input]) => [session, line, [input, this.outputs.get(line) ?? null]])
      : found;
  }

  private select(
    {hist_access_type: type = 'tail', n, start = 0, stop, pattern = '*', unique = false}: HistoryRequest,
  ): readonly Line[] {
    if (type === 'range') return this.entries.filter(([, line]) => line >= start && (stop == null || line < stop));
    const matching = type === 'search' ? this.matching(pattern, unique) : this.entries;
    return n === undefined || n === null ? matching : matching.slice(-n);
  }

  private matching(pattern: string, unique: boolean): readonly Line[] {
    const literal = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.');
    const found = this.entries.filter(([, , input]) => new RegExp(`^${literal}$`, 's').test(input));
    return unique
      ? found.filter(([, , input], index) => found.findLastIndex(([, , other]) => other === input) === index)
      : found;
  }
}
