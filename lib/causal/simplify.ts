import {freeSymbols, isOne, one, productOf, quotientOf, sumOver, probability, sameExpression, type Expression, type ProbabilityTerm} from './expression';

/**
 * Shortens an expression by identities that hold for every law: a sum over a variable that one term alone is about
 * disappears, a joint over its own margin becomes a condition, equal factors cancel.
 */
export function simplifyExpression(e: Expression): Expression {
  switch (e.kind) {
    case 'term': return e;
    case 'product': return productOf(e.factors.map(simplifyExpression));
    case 'quotient': return simplifyQuotient(simplifyExpression(e.over), simplifyExpression(e.under));
    case 'sum': return simplifySum(e.over, simplifyExpression(e.body));
  }
}

function simplifySum(over: readonly string[], body: Expression): Expression {
  const inner = sumOver(over, body);
  if (inner.kind !== 'sum') return inner;
  for (const symbol of inner.over) {
    const shorter = dropSymbol(symbol, inner.body);
    if (shorter) return simplifySum(inner.over.filter(s => s !== symbol), simplifyExpression(shorter));
  }
  return pullOut(inner.over, inner.body);
}

/** Sum over `symbol` done by hand: possible when one factor alone mentions it, as what that term is about. */
function dropSymbol(symbol: string, body: Expression): Expression | undefined {
  const factors = body.kind === 'product' ? body.factors : [body];
  const touched = factors.filter(f => freeSymbols(f).has(symbol));
  const [only] = touched;
  if (touched.length !== 1 || only.kind !== 'term' || !only.of.includes(symbol)) return undefined;
  return productOf(factors.flatMap(f => (f === only ? marginalTerm(only, symbol) : [f])));
}

function marginalTerm(t: ProbabilityTerm, symbol: string): ProbabilityTerm[] {
  const of = t.of.filter(s => s !== symbol);
  return of.length > 0 ? [probability(of, t)] : [];
}

/** Factors that do not depend on the summed symbols stand before the sum. */
function pullOut(over: readonly string[], body: Expression): Expression {
  if (body.kind !== 'product') return sumOver(over, body);
  const [free, bound] = [[], []] as [Expression[], Expression[]];
  for (const f of body.factors) (over.some(s => freeSymbols(f).has(s)) ? bound : free).push(f);
  return bound.length === 0 ? sumOver(over, body) : productOf([...free, sumOver(over, productOf(bound))]);
}

function simplifyQuotient(over: Expression, under: Expression): Expression {
  if (isOne(under)) return over;
  const top = over.kind === 'product' ? [...over.factors] : [over];
  const rest = (under.kind === 'product' ? under.factors : [under]).filter(f => {
    const at = top.findIndex(g => sameExpression(g, f));
    if (at >= 0) top.splice(at, 1);
    return at < 0;
  });
  const [a, b] = [productOf(top), productOf(rest)];
  if (a.kind === 'term' && b.kind === 'term') return conditionTerm(a, b) ?? quotientOf(a, b);
  return isOne(a) && isOne(b) ? one : quotientOf(a, b);
}

/** P(A, B | C) / P(B | C) = P(A | B, C). */
function conditionTerm(a: ProbabilityTerm, b: ProbabilityTerm): ProbabilityTerm | undefined {
  const sameSide = (x: readonly string[], y: readonly string[]) => x.length === y.length && x.every(s => y.includes(s));
  const fits = b.of.every(s => a.of.includes(s)) && b.of.length < a.of.length && sameSide(a.given, b.given) && sameSide(a.intervened, b.intervened);
  return fits ? probability(a.of.filter(s => !b.of.includes(s)), {intervened: a.intervened, given: [...b.of, ...a.given]}) : undefined;
}
