import type {Expression} from './expression';

/** Writes a symbol in LaTeX: small letter, digits as an index, primes kept; `Z0` gives `z_{0}`, `ε1` gives `\epsilon_{1}`. */
export function symbolLatex(symbol: string): string {
  const [, letters, index, primes] = /^(.*?)_?(\d*)('*)$/u.exec(symbol)!;
  const name = GREEK[letters] ?? (letters.length === 1 ? letters.toLowerCase() : `\\mathrm{${letters.toLowerCase()}}`);
  return name + primes + (index ? `_{${index}}` : '');
}

/** Writes an expression in LaTeX, values in small letters as the paper does. */
export function expressionLatex(e: Expression): string {
  switch (e.kind) {
    case 'term': {
      const right = [...(e.intervened.length > 0 ? [`\\mathrm{do}(${list(e.intervened)})`] : []), ...e.given.map(symbolLatex)];
      return `p(${list(e.of)}${right.length > 0 ? ` \\mid ${right.join(', ')}` : ''})`;
    }
    case 'product': return e.factors.length === 0 ? '1' : e.factors.map((f, i) => group(f, i === e.factors.length - 1)).join('\\, ');
    case 'quotient': return `\\frac{${expressionLatex(e.over)}}{${expressionLatex(e.under)}}`;
    case 'sum': return `\\sum_{${list(e.over)}} ${expressionLatex(e.body)}`;
  }
}

const GREEK: Readonly<Record<string, string>> = {ε: '\\epsilon', α: '\\alpha', β: '\\beta'};

const list = (symbols: readonly string[]) => symbols.map(symbolLatex).join(', ');

/** A sum reaches to the end of the line, so only a last factor may stand without brackets. */
function group(e: Expression, last: boolean): string {
  return e.kind === 'sum' && !last ? `\\Bigl[${expressionLatex(e)}\\Bigr]` : expressionLatex(e);
}
