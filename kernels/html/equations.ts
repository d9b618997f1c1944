/** The number that a formula carries, `'4'` for `\tag{4}`. */
export function tagOf(latex: string): string | undefined {
  return /\\tag\{(\d+[a-z]?)\}/.exec(latex)?.[1];
}

/** `equation (4)`, `Equations (6), (7)`, `eq. (5)`, `equations 8 and 9` are told by the words before the numbers. */
export const EQUATIONS = /\b(?:equations?|eqs?\.|forms?)\s+(?:\(\d+[a-z]?\)(?:\s*(?:,|and|to|or|, and)\s*(?=\())?)+/gi;

/** Numbers of the equations that the words in front of a quoted claim name: `**Equation (5), idea.**`. */
export function equationsIn(quote: string): string[] {
  const lead = /^\*\*[^*]+\*\*/.exec(quote)?.[0] ?? '';
  return [...lead.matchAll(EQUATIONS)].flatMap(([words]) => [...words.matchAll(/\((\d+[a-z]?)\)/g)].map(([, n]) => n));
}

/** An equation of the paper as a notebook shows it. */
export interface Equation {
  readonly number: string;
  readonly kind: 'formula' | 'quote';
  /** Markdown of the formula or the quoted claim. */
  readonly text: string;
}

/** Equations of a text, first formulas with a number, then quoted claims that name one. */
export function equationsOf(markdown: string): Equation[] {
  const formulas = [...markdown.matchAll(/\$\$([\s\S]+?)\$\$/g)].flatMap(([text, latex]) => {
    const number = tagOf(latex);
    return number ? [{number, kind: 'formula' as const, text}] : [];
  });
  const quotes = [...markdown.matchAll(/^> ?(.+(?:\n>.*)*)/gm)].flatMap(([, first]) => {
    const text = first.replace(/\n> ?/g, '\n');
    return equationsIn(text).map(number => ({number, kind: 'quote' as const, text}));
  });
  return [...formulas, ...quotes];
}
