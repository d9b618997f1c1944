import type {Output} from '../nbformat/notebook';

/** An output and, when it can be replaced, the name of its place. */
export interface Shown {
  readonly output: Output;
  readonly display?: string;
}

/** What a cell has shown so far. */
export interface CellOutputs {
  readonly items: readonly Shown[];
  /** Whether the next output takes the place of all. */
  readonly clearing: boolean;
}

/** What a message of a kernel adds. */
export interface Published {
  readonly type: string;
  readonly content: Readonly<Record<string, unknown>>;
}

/**
 * Most characters of one printed text, and most outputs of one cell: a loop that never ends must not fill the memory.
 */
const MOST_TEXT = 200_000, MOST_OUTPUTS = 1000;

const CUT = '\n[... left out ...]\n';

export const NO_OUTPUTS: CellOutputs = Object.freeze({items: [], clearing: false});

/** The outputs after a message; the same object when it says nothing to them. */
export function withMessage(before: CellOutputs, message: Published): CellOutputs {
  if (message.type === 'clear_output') return message.content.wait ? {...before, clearing: true} : NO_OUTPUTS;
  const shown = shownBy(message);
  if (!shown) return before;
  const items = before.clearing ? [] : before.items;
  const last = items.at(-1)?.output;
  if (shown.output.output_type === 'stream' && last?.output_type === 'stream' && last.name === shown.output.name) {
    const text = cut(String(last.text) + String(shown.output.text));
    return {items: [...items.slice(0, -1), {output: {...last, text}}], clearing: false};
  }
  if (items.length >= MOST_OUTPUTS) return items.length > MOST_OUTPUTS ? before : {items: [...items, {
    output: {output_type: 'stream', name: 'stderr', text: `Only ${MOST_OUTPUTS} outputs of a cell are shown.\n`},
  }], clearing: false};
  return {items: [...items, shown], clearing: false};
}

/** The outputs with new content in the place of that name; the same object when there is no such place. */
export function withDisplay(before: CellOutputs, display: string, content: Published['content']): CellOutputs {
  if (!before.items.some((item) => item.display === display)) return before;
  const output = rich('display_data', content);
  return {...before, items: before.items.map((item) => (item.display === display ? {output, display} : item))};
}

/** The name of the place that a message fills. */
export function displayOf({transient}: Published['content']): string | undefined {
  const id = (transient as {display_id?: unknown} | undefined)?.display_id;
  return typeof id === 'string' ? id : undefined;
}

function shownBy({type, content}: Published): Shown | null {
  if (type === 'stream') {
    const name = content.name === 'stderr' ? 'stderr' : 'stdout';
    return {output: {output_type: 'stream', name, text: cut(String(content.text ?? ''))}};
  }
  if (type === 'error') {
    const traceback = Array.isArray(content.traceback) ? content.traceback.map(String) : [];
    return {output: {
      output_type: 'error', ename: String(content.ename), evalue: String(content.evalue), traceback,
    }};
  }
  if (type === 'execute_result') return {output: rich('execute_result', content)};
  if (type === 'display_data') return {output: rich('display_data', content), display: displayOf(content)};
  return null;
}

function rich(type: 'display_data' | 'execute_result', content: Published['content']): Output {
  const data = content.data as Record<string, unknown>, metadata = (content.metadata ?? {}) as Record<string, unknown>;
  return type === 'display_data'
    ? {output_type: type, data, metadata}
    : {output_type: type, data, metadata, execution_count: Number(content.execution_count)};
}

/** Beginning and end of a long text. */
function cut(text: string): string {
  return text.length > MOST_TEXT ? text.slice(0, MOST_TEXT / 2) + CUT + text.slice(-MOST_TEXT / 2) : text;
}
