import type {Expression} from './expression';

/**
 * Writes a symbol in LaTeX as the paper does: a single capital as a small letter, digits as an index, primes kept; `Z0`
 * gives `z_{0}`, `ε1` gives `\epsilon_{1}`. Any other name stands upright as it is, so that two names never look alike:
 * `x` is `\mathrm{x}`.
 */
export function symbolLatex(symbol: string): string {
  const [, name, primes] = /^(.*?)('*)$/u.exec(symbol)!;
  const [, letters, index] = /^(.*?\D)(\d*)$/u.exec(name) ?? ['', name, ''];
  return letterLatex(letters) + primes + (index ? `_{${index}}` : '');
}

/** Writes an expression in LaTeX, values in small letters as the paper does. */
export function expressionLatex(e: Expression): string {
  switch (e.kind) {
    case 'term': {
      const right =
        [...(e.intervened.length > 0 ? [`\\mathrm{do}(${list(e.intervened)})`] : []), ...e.given.map(symbolLatex)];
      return `p(${list(e.of)}${right.length > 0 ? ` \\mid ${right.join(', ')}` : ''})`;
    }
    case 'product':
      return e.factors.length === 0 ? '1' : e.factors.map((f, i) => group(f, i === e.factors.length - 1)).join('\\, ');
    case 'quotient': return `\\frac{${expressionLatex(e.over)}}{${expressionLatex(e.under)}}`;
    case 'sum': return `\\sum_{${list(e.over)}} ${expressionLatex(e.body)}`;
  }
}

const GREEK: ReadonlyMap<string, string> = new Map([['ε', '\\epsilon'], ['α', '\\alpha'], ['β', '\\beta']]);

function letterLatex(letters: string): string {
  if (/^[A-Z]$/.test(letters)) return letters.toLowerCase();
  if (/^[γδζ-ρστ-ωΓΔΘΛΞΠΣΦΨΩ]$/u.test(letters)) return letters;
  return GREEK.get(letters) ?? (/^[A-Za-z]+$/.test(letters) ? `\\mathrm{${letters}}` : `\\text{${escaped(letters)}}`);
}

const SPECIAL: ReadonlyMap<string, string> = new Map([
  ...[...'_%&#${}'].map(c => [c, `\\${c}`] as const), ['\\', '\\textbackslash{}'], ['^', '\\textasciicircum{}'],
  ['~', '\\textasciitilde{}'],
  // These have a meaning outside mathematics, in tables and pages.
  ['|', '\\textbar{}'], ['<', '\\textless{}'], ['>', '\\textgreater{}'], ['`', '\\textquoteleft{}'],
]);

function escaped(text: string): string {
  return Array.from(text, c => SPECIAL.get(c) ?? c).join('');
}

const list = (symbols: readonly string[]) => symbols.map(symbolLatex).join(', ');

/** A sum reaches to the end of the line, so only a last factor may stand without brackets. */
function group(e: Expression, last: boolean): string {
  return e.kind === 'sum' && !last ? `\\Bigl[${expressionLatex(e)}\\Bigr]` : expressionLatex(e);
}
