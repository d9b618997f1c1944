import {
  freeSymbols, isOne, one, productOf, quotientOf, sumOver, probability, sameExpression, type Expression,
  type ProbabilityTerm,
} from './expression';

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
  const factors = new Set(inner.body.kind === 'product' ? inner.body.factors : [inner.body]), users = usersOf(factors);
  const left = new Set(inner.over), queue = [...left];
  for (const symbol of queue) {
    const only = left.has(symbol) ? soleTerm(symbol, users) : undefined;
    if (!only) continue;
    left.delete(symbol);
    replace(only, marginalTerm(only, symbol), factors, users);
    // What the shorter term still mentions may now be alone somewhere.
    queue.push(...freeSymbols(only));
  }
  return pullOut([...left], productOf([...factors]));
}

type Users = Map<string, Set<Expression>>;

function usersOf(factors: Iterable<Expression>): Users {
  const users: Users = new Map();
  for (const f of factors) for (const s of freeSymbols(f)) users.set(s, (users.get(s) ?? new Set()).add(f));
  return users;
}

/** The one factor that mentions `symbol`, if it is a term about it: the sum over `symbol` can then be done by hand. */
function soleTerm(symbol: string, users: Users): ProbabilityTerm | undefined {
  const [only, another] = users.get(symbol) ?? [];
  return only?.kind === 'term' && another === undefined && only.of.includes(symbol) ? only : undefined;
}

function replace(from: Expression, to: readonly Expression[], factors: Set<Expression>, users: Users): void {
  factors.delete(from);
  for (const s of freeSymbols(from)) users.get(s)!.delete(from);
  for (const f of to) { factors.add(f); for (const s of freeSymbols(f)) users.get(s)!.add(f); }
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
  const fits = b.of.every(s => a.of.includes(s)) && b.of.length < a.of.length && sameSide(a.given, b.given)
    && sameSide(a.intervened, b.intervened);
  return fits
    ? probability(a.of.filter(s => !b.of.includes(s)), {intervened: a.intervened, given: [...b.of, ...a.given]})
    : undefined;
}
