import {
  freeSymbols, probability, productOf, quotientOf, sumOver, variableOf, type Expression, type ProbabilityTerm,
} from './expression';
import type {CausalGraph} from '../graph/graph';
import {mSeparation} from '../graph/separation';

/**
 * Does sums by hand that hold on every model of `graph`: where a symbol s stands in just two terms,
 * `sum_s P(s | a) P(t | s, b) = P(t | a, b)` if t is separated from a given s and b, and s from b given a. A chain thus
 * loses its links.
 */
export function mergeTerms(graph: CausalGraph, e: Expression): Expression {
  switch (e.kind) {
    case 'term': return e;
    case 'product': return productOf(e.factors.map(f => mergeTerms(graph, f)));
    case 'quotient': return quotientOf(mergeTerms(graph, e.over), mergeTerms(graph, e.under));
    case 'sum': return mergeSum(graph, e.over, mergeTerms(graph, e.body));
  }
}

function mergeSum(graph: CausalGraph, over: readonly string[], body: Expression): Expression {
  let factors: readonly Expression[] = body.kind === 'product' ? body.factors : [body];
  const kept = over.filter(s => {
    const users = factors.filter(f => freeSymbols(f).has(s));
    const merged = users.length === 2 ? mergeOver(graph, s, users) : undefined;
    if (merged) factors = factors.flatMap(f => (f === users[0] ? [merged] : f === users[1] ? [] : [f]));
    return !merged;
  });
  return sumOver(kept, productOf(factors));
}

function mergeOver(graph: CausalGraph, s: string, [f, g]: readonly Expression[]): ProbabilityTerm | undefined {
  if (f.kind !== 'term' || g.kind !== 'term') return undefined;
  const [cause, effect] = f.of.includes(s) ? [f, g] : [g, f];
  if (cause.of.length !== 1 || cause.of[0] !== s || cause.intervened.length + effect.intervened.length > 0
      || !effect.given.includes(s)) return undefined;
  const a = cause.given, b = effect.given.filter(v => v !== s), more = a.filter(v => !b.includes(v));
  const all = [...effect.of, s, ...b, ...more].map(variableOf);
  if (new Set(all).size !== all.length) return undefined;
  const apart = (xs: readonly string[], ys: readonly string[], zs: readonly string[]) =>
    mSeparation(graph, xs.map(variableOf), ys.map(variableOf), zs.map(variableOf)).separated;
  const fits = apart(effect.of, more, [s, ...b]) && apart([s], b.filter(v => !a.includes(v)), a);
  return fits ? probability(effect.of, {given: [...more, ...b]}) : undefined;
}
