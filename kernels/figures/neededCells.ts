import {declarationsOf} from '../checker/declarations';
import {joined, type Cell} from '../nbformat/notebook';

/** Calls that change what they are called on, and assignments. */
const CHANGES = String.raw`(?:\.[\w$]+|\[[^\]]*\])*(?:`
  + String.raw`\s*(?:[-+*/%&|^]|\*\*|\?\?|\|\||&&|<<|>>>?)?=(?![=>])|\s*(?:\+\+|--)`
  + String.raw`|\.(?:push|unshift|pop|shift|splice|sort|reverse|fill|set|add|delete|clear|copyWithin)\s*\()`;

/**
 * The code cells that the one with this id depends on, itself included, in their order: those that declare a name it
 * mentions, or change it, and so on backwards; and those tagged `parameters`.
 */
export function neededCells(cells: readonly Cell[], id: string): Cell[] {
  const last = cells.findIndex(cell => cell.id === id), needed = new Set([last]), names = new Set<string>();
  const code = cells.slice(0, last + 1).map(cell => (cell.cell_type === 'code' ? joined(cell.source) : ''));
  const said = code.map(source => declarationsOf(source));
  said[last].mentioned.forEach(name => names.add(name));
  for (let before = -1; before !== needed.size + names.size;) {
    before = needed.size + names.size;
    for (let k = last - 1; k >= 0; k--) {
      const declares = [...said[k].names.keys()].some(name => names.has(name));
      const isNeeded = declares || changesAny(code[k], said[k].mentioned, names)
        || cells[k].metadata.tags?.includes('parameters');
      if (!isNeeded) continue;
      needed.add(k);
      said[k].mentioned.forEach(name => names.add(name));
    }
  }
  return [...needed].sort((a, b) => a - b).map(k => cells[k]);
}

function changesAny(source: string, mentioned: ReadonlySet<string>, names: ReadonlySet<string>): boolean {
  return [...mentioned].some(name => names.has(name)
    && new RegExp(`(?<![\\w$.])${name.replace(/\$/g, '\\$')}${CHANGES}`).test(source));
}
