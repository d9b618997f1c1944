import {expect} from '../../errors';
import {plainText, probability, variableOf, type ProbabilityTerm} from './expression';
import {ancestors, mutilate, type CausalGraph, type Surgery} from '../graph/graph';
import {formatPath, mSeparation, type Separation, type SeparationClaim} from '../graph/separation';

/** Number of a rule: 1 drops or adds observations, 2 swaps doing and seeing, 3 drops or adds actions. */
export type DoRule = 1 | 2 | 3;

/**
 * What to do to a term: the rule, the symbols it acts on, and for rules that work both ways whether to go backwards.
 */
export interface RuleUse {
  readonly rule: DoRule;
  readonly symbols: readonly string[];
  /**
   * `'drop'` (default): rule 1 drops seen symbols, rule 2 turns `do` into seeing, rule 3 drops `do`.
   * `'add'`: the other way round; the symbols are then not in the term yet (rules 1 and 3) or are seen (rule 2).
   */
  readonly direction?: 'drop' | 'add';
}

/** One checked application of a rule: everything a sceptic needs to repeat it by hand. */
export interface RuleCheck {
  readonly rule: DoRule;
  readonly before: ProbabilityTerm;
  /** The right-hand side the rule would give; believe it only if `verdict.separated`. */
  readonly after: ProbabilityTerm;
  /** Edges cut before the separation is tested. */
  readonly surgery: {readonly into: readonly string[]; readonly outOf: readonly string[]};
  /** The separation claimed in the cut graph: `xs` from `ys` given `zs`. */
  readonly claim: SeparationClaim;
  readonly verdict: Separation;
}

/**
 * Checks one use of a rule of do-calculus on `P(of | do(intervened), given)`.
 * @throws ArgumentError when the symbols do not stand where the rule needs them.
 * @reference Pearl 1995, Causal diagrams for empirical research. doi:10.1093/biomet/82.4.669 (theorem 3)
 */
export function checkRule(
  graph: CausalGraph, before: ProbabilityTerm, {rule, symbols, direction = 'drop'}: RuleUse,
): RuleCheck {
  const add = direction === 'add';
  expectPlace(before, rule, symbols, add);
  const others = (all: readonly string[]) => all.filter(s => !symbols.includes(s));
  const rest = {intervened: others(before.intervened), given: others(before.given)};
  const after = rewritten(before, rest, {rule, symbols, direction});
  const x = rest.intervened.map(variableOf), w = rest.given.map(variableOf), z = symbols.map(variableOf);
  const surgery = surgeryOf(graph, rule, {x, z, w});
  const claim = {xs: before.of.map(variableOf), ys: z, zs: [...x, ...w]};
  return {
    rule, before, after, surgery, claim, verdict: mSeparation(mutilate(graph, surgery), claim.xs, claim.ys, claim.zs),
  };
}

/** Applies a rule. @throws ArgumentError naming the open path when the rule does not hold on this graph. */
export function applyRule(graph: CausalGraph, before: ProbabilityTerm, use: RuleUse): ProbabilityTerm {
  const check = checkRule(graph, before, use);
  const {verdict} = check;
  expect(verdict.separated, {
    fn: 'applyRule', argument: 'use', expected: `a valid use of rule ${use.rule}: ${claimText(check)}`,
    received: verdict.separated ? '' : `open path ${formatPath(verdict.path)}`,
    remedy: `${plainText(before)} is not ${plainText(check.after)} on this graph.`,
  });
  return check.after;
}

/** The claim as text, e.g. `M ⊥ X | W in G with edges out of X cut`. */
export function claimText({claim, surgery}: Pick<RuleCheck, 'claim' | 'surgery'>): string {
  const cuts = [
    ...(surgery.into.length > 0 ? [`into ${surgery.into.join(', ')}`] : []),
    ...(surgery.outOf.length > 0 ? [`out of ${surgery.outOf.join(', ')}`] : []),
  ];
  const given = claim.zs.length > 0 ? ` | ${claim.zs.join(', ')}` : '';
  return `${claim.xs.join(', ')} ⊥ ${claim.ys.join(', ')}${given} in `
    + `G${cuts.length > 0 ? ` with edges ${cuts.join(' and ')} cut` : ''}`;
}

/** Edges that a rule cuts: x is done, z is acted on, w is seen. */
function surgeryOf(
  graph: CausalGraph, rule: DoRule, {x, z, w}: Readonly<Record<'x' | 'z' | 'w', readonly string[]>>,
): Required<{[K in keyof Surgery]: readonly string[]}> {
  if (rule === 1) return {into: x, outOf: []};
  if (rule === 2) return {into: x, outOf: z};
  // Rule 3 cuts only those actions that are no ancestors of a condition once arrows into x are gone.
  const above = ancestors(mutilate(graph, {into: x}), w);
  return {into: [...x, ...z.filter(n => !above.has(n))], outOf: []};
}

function rewritten(
  before: ProbabilityTerm, rest: Pick<ProbabilityTerm, 'intervened' | 'given'>, {rule, symbols, direction}: RuleUse,
): ProbabilityTerm {
  const add = direction === 'add';
  const gains = {seen: (rule === 1 && add) || (rule === 2 && !add), done: (rule === 2 || rule === 3) && add};
  return probability(before.of, {
    intervened: gains.done ? [...rest.intervened, ...symbols] : rest.intervened,
    given: gains.seen ? [...symbols, ...rest.given] : rest.given,
  });
}

function expectPlace(t: ProbabilityTerm, rule: DoRule, symbols: readonly string[], add: boolean): void {
  const place = rule === 2 ? (add ? t.given : t.intervened) : add ? null : rule === 1 ? t.given : t.intervened;
  const fits = place ? symbols.every(s => place.includes(s)) : symbols.every(s =>
    ![...t.of, ...t.given, ...t.intervened].map(variableOf).includes(variableOf(s)));
  expect(symbols.length > 0 && fits, {
    fn: 'checkRule', argument: 'symbols',
    expected: place ? `among (${place.join(', ')}) of ${plainText(t)}` : `absent from ${plainText(t)}`,
    received: symbols,
  });
}
