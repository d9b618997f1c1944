import {expect} from '../../errors';
import type {CausalGraph} from '../graph/graph';

/**
 * A probability expression as plain data. Symbols are variable names; primes mark another value of the same variable,
 * so `X'` is a second value of `X`, summed over on its own.
 */
export type Expression =
  | ProbabilityTerm
  | {readonly kind: 'sum'; readonly over: readonly string[]; readonly body: Expression}
  | {readonly kind: 'product'; readonly factors: readonly Expression[]}
  | {readonly kind: 'quotient'; readonly over: Expression; readonly under: Expression};

/** `P(of | do(intervened), given)`. */
export interface ProbabilityTerm {
  readonly kind: 'term';
  readonly of: readonly string[];
  readonly intervened: readonly string[];
  readonly given: readonly string[];
}

/** What a term conditions on; both default to nothing. */
export interface ProbabilityOptions {
  readonly intervened?: readonly string[];
  readonly given?: readonly string[];
}

/** `P(of | do(intervened), given)`. @throws ArgumentError when a variable stands on two sides. */
export function probability(
  of: readonly string[], {intervened = [], given = []}: ProbabilityOptions = {},
): ProbabilityTerm {
  const all = [...of, ...intervened, ...given].map(variableOf);
  expect(of.length > 0 && new Set(all).size === all.length, {
    fn: 'probability', argument: 'of, intervened, given',
    expected: 'disjoint, without repeats and with at least one variable in `of`', received: all,
  });
  return Object.freeze({kind: 'term', of, intervened, given});
}

/** The number one. */
export const one: Expression = Object.freeze({kind: 'product', factors: []});

/**
 * Sum of `body` over all values of the symbols `over`; nested sums are merged.
 * @throws ArgumentError for a repeated symbol.
 */
export function sumOver(over: readonly string[], body: Expression): Expression {
  expect(new Set(over).size === over.length, {
    fn: 'sumOver', argument: 'over', expected: 'free of repeats', received: over,
  });
  if (over.length === 0) return body;
  const inner = body.kind === 'sum' && !body.over.some(s => over.includes(s)) ? body : undefined;
  return Object.freeze({kind: 'sum', over: [...over, ...(inner?.over ?? [])], body: inner?.body ?? body});
}

/** Product; nested products are flattened and a product of one factor is that factor. */
export function productOf(factors: readonly Expression[]): Expression {
  const flat = factors.flatMap(f => (f.kind === 'product' ? f.factors : [f]));
  return flat.length === 1 ? flat[0] : Object.freeze({kind: 'product', factors: flat});
}

/** `over / under`. */
export function quotientOf(over: Expression, under: Expression): Expression {
  return isOne(under) ? over : Object.freeze({kind: 'quotient', over, under});
}

/** True for the empty product. */
export function isOne(e: Expression): boolean {
  return e.kind === 'product' && e.factors.length === 0;
}

/** The variable a symbol is a value of: `X''` belongs to `X`. */
export function variableOf(symbol: string): string {
  return symbol.replace(/'+$/, '');
}

/** Symbols whose values the expression depends on. */
export function freeSymbols(e: Expression): Set<string> {
  switch (e.kind) {
    case 'term': return new Set([...e.of, ...e.intervened, ...e.given]);
    case 'product': return new Set(e.factors.flatMap(f => [...freeSymbols(f)]));
    case 'quotient': return new Set([...freeSymbols(e.over), ...freeSymbols(e.under)]);
    case 'sum': return new Set([...freeSymbols(e.body)].filter(s => !e.over.includes(s)));
  }
}

/** Every symbol that occurs, summed over or not. */
export function symbolsOf(e: Expression): string[] {
  switch (e.kind) {
    case 'term': return [...e.of, ...e.intervened, ...e.given];
    case 'product': return e.factors.flatMap(symbolsOf);
    case 'quotient': return [...symbolsOf(e.over), ...symbolsOf(e.under)];
    case 'sum': return [...e.over, ...symbolsOf(e.body)];
  }
}

/** Every term inside. */
export function termsOf(e: Expression): ProbabilityTerm[] {
  switch (e.kind) {
    case 'term': return [e];
    case 'product': return e.factors.flatMap(termsOf);
    case 'quotient': return [...termsOf(e.over), ...termsOf(e.under)];
    case 'sum': return termsOf(e.body);
  }
}

/**
 * True when no term holds a `do` or a hidden node of `graph`: the expression can be read off the law of what is
 * measured.
 */
export function isObservational(e: Expression, graph: Pick<CausalGraph, 'hidden'>): boolean {
  return termsOf(e).every(t =>
    t.intervened.length === 0 && ![...t.of, ...t.given].some(s => graph.hidden.has(variableOf(s))));
}

/** Equality as written. */
export function sameExpression(a: Expression, b: Expression): boolean {
  return JSON.stringify(a, KEYS) === JSON.stringify(b, KEYS);
}

const KEYS = ['kind', 'of', 'intervened', 'given', 'over', 'body', 'factors', 'under'];

/** Equality of terms up to the order of variables. */
export function sameTerm(a: ProbabilityTerm, b: ProbabilityTerm): boolean {
  const same = (x: readonly string[], y: readonly string[]) => x.length === y.length && x.every(s => y.includes(s));
  return same(a.of, b.of) && same(a.intervened, b.intervened) && same(a.given, b.given);
}

/** `e` with every occurrence of the term `from` replaced. @throws ArgumentError when it does not occur. */
export function replaceTerm(e: Expression, from: ProbabilityTerm, to: Expression): Expression {
  expect(termsOf(e).some(t => sameTerm(t, from)), {
    fn: 'replaceTerm', argument: 'from', expected: 'a term of the expression', received: plainText(from),
  });
  const walk = (part: Expression): Expression => {
    switch (part.kind) {
      case 'term': return sameTerm(part, from) ? to : part;
      case 'product': return productOf(part.factors.map(walk));
      case 'quotient': return quotientOf(walk(part.over), walk(part.under));
      case 'sum': return sumOver(part.over, walk(part.body));
    }
  };
  return walk(e);
}

/** The expression as plain text, e.g. `Σ_M P(M | X) P(Y | M)`. */
export function plainText(e: Expression): string {
  switch (e.kind) {
    case 'term': {
      const right = [...(e.intervened.length > 0 ? [`do(${e.intervened.join(', ')})`] : []), ...e.given];
      return `P(${e.of.join(', ')}${right.length > 0 ? ` | ${right.join(', ')}` : ''})`;
    }
    case 'product': return isOne(e)
      ? '1'
      : e.factors.map(f => (f.kind === 'sum' || f.kind === 'quotient' ? `[${plainText(f)}]` : plainText(f))).join(' ');
    case 'quotient': return `(${plainText(e.over)}) / (${plainText(e.under)})`;
    case 'sum': return `Σ_{${e.over.join(',')}} ${plainText(e.body)}`;
  }
}
