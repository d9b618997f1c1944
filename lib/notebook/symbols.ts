import type {PaperSymbol} from '../data/symbols';
import {markdown} from './display';

/** Shows names of the code beside the paper's symbols, one row each. @param rows e.g. `paperSymbols` */
export function symbolTable(rows: readonly PaperSymbol[]): void {
  markdown(symbolMarkdown(rows));
}

/** The same as Markdown, for pages that are made elsewhere. */
export function symbolMarkdown(rows: readonly PaperSymbol[]): string {
  const cells = rows.map(({symbol, code, meaning, shape, unit, paper}) => [
    `$${symbol.replaceAll('|', '\\mid ')}$`, `\`${code}\``, meaning, shape ? `\`${shape}\`` : '', unit ?? '', paper,
  ]);
  const heads = ['paper', 'code', 'meaning', 'shape', 'unit', 'defined in'];
  return [heads, heads.map(() => '---'), ...cells].map(row => `| ${row.join(' | ')} |`).join('\n');
}
