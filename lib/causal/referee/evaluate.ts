import {expect} from '../../errors';
import {scmMarginal, type Assignment, type DiscreteScm} from './discreteScm';
import {plainText, symbolsOf, variableOf, type Expression, type ProbabilityTerm} from '../derive/expression';
import {
  divideFactors, eliminate, emptyTable, factor, multiplyFactors, renameFactor, scalarFactor, sliceFactor, sumOut,
  type Factor,
} from './factor';
import {expectNodes} from '../graph/graph';
import {own} from '../graph/own';

/**
 * Computes expressions on one model; remembers the marginals it has summed, so many expressions on one model are cheap.
 */
export interface Evaluator {
  readonly scm: DiscreteScm;
  /**
   * Table of `expression` over its free symbols that `values` leaves open. Symbols are `X`, `X'`; each has its own
   * value.
   */
  evaluate(expression: Expression, values?: Assignment): Factor;
}

/**
 * Evaluator for `scm`. Terms with `do` are computed by surgery on the model, all others from the law of the measured
 * and hidden variables as they are; an estimand that names measured variables only is thus computed from what can be
 * observed. A condition of probability zero leaves a term undefined; where nothing multiplies it by zero, positivity
 * fails.
 * @throws ArgumentError (on evaluation) when the value is undefined for lack of positivity.
 */
export function evaluator(scm: DiscreteScm): Evaluator {
  const memo = new Map<string, Factor>();
  const visit = (e: Expression, values: Assignment): Factor => {
    switch (e.kind) {
      case 'term': return termTable(scm, e, values, memo);
      case 'product': return e.factors.map(f => visit(f, values)).reduce(multiplyFactors, scalarFactor(1));
      case 'quotient': return divideFactors(visit(e.over, values), visit(e.under, values));
      case 'sum': return sumFactor(scm, factorsOf(e.body).map(f => visit(f, without(values, e.over))), e.over);
    }
  };
  return {scm, evaluate: (e, values = {}) => {
    expectNodes(scm.graph, [...symbolsOf(e), ...Object.keys(values)].map(variableOf), 'evaluate', 'expression, values');
    return defined(visit(e, values), e);
  }};
}

const factorsOf = (e: Expression): readonly Expression[] => (e.kind === 'product' ? e.factors : [e]);

/** P(of | do, given) as a table over the open symbols. */
function termTable(scm: DiscreteScm, t: ProbabilityTerm, values: Assignment, memo: Map<string, Factor>): Factor {
  const key = JSON.stringify([t.of, t.given, t.intervened].map(side => side.map(s => [s, own(values, s)])));
  const found = memo.get(key);
  if (found) return found;
  const open = t.intervened.filter(s => own(values, s) === undefined);
  const slices = assignments(scm, open).map(extra => conditional(scm, t, {...values, ...extra}));
  const table = stack(slices, open, open.map(s => scm.sizes[variableOf(s)]));
  memo.set(key, table);
  return table;
}

/** The same with every `do` value known. */
function conditional(scm: DiscreteScm, t: ProbabilityTerm, values: Assignment): Factor {
  const symbols = new Map([...t.of, ...t.given].map(s => [variableOf(s), s]));
  const intervened = Object.fromEntries(t.intervened.map(s => [variableOf(s), values[s]]));
  const evidence =
    Object.fromEntries(t.given.filter(s => own(values, s) !== undefined).map(s => [variableOf(s), values[s]]));
  const joint = scmMarginal(scm, [...t.of, ...t.given].map(variableOf), {intervened, evidence});
  const given = sumOut(joint, t.of.map(variableOf));
  const fixed = Object.fromEntries(t.of.filter(s => own(values, s) !== undefined).map(s => [variableOf(s), values[s]]));
  return renameFactor(divideFactors(sliceFactor(joint, fixed), given), name => symbols.get(name)!);
}

/** Summing over a symbol no table depends on counts its values. */
function sumFactor(scm: DiscreteScm, body: readonly Factor[], over: readonly string[]): Factor {
  const used = new Set(body.flatMap(f => f.names));
  const absent = over.filter(s => !used.has(s)).reduce((n, s) => n * scm.sizes[variableOf(s)], 1);
  return eliminate(body, over).reduce(multiplyFactors, scalarFactor(absent));
}

function assignments(scm: DiscreteScm, symbols: readonly string[]): Assignment[] {
  return symbols.reduce<Assignment[]>((list, s) =>
    list.flatMap(a => Array.from({length: scm.sizes[variableOf(s)]}, (_, v) => ({...a, [s]: v}))), [{}]);
}

function stack(slices: readonly Factor[], names: readonly string[], sizes: readonly number[]): Factor {
  if (names.length === 0) return slices[0];
  const data = emptyTable([slices.length, slices[0].data.length]);
  slices.forEach((s, i) => data.set(s.data, i * s.data.length));
  return factor([...names, ...slices[0].names], [...sizes, ...slices[0].sizes], data);
}

function without(values: Assignment, names: readonly string[]): Assignment {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)));
}

function defined(f: Factor, e: Expression): Factor {
  expect(f.data.every(Number.isFinite), {
    fn: 'evaluate', argument: 'expression', expected: 'defined: every condition must have positive probability',
    received: plainText(e), remedy: 'Positivity fails on this model; the estimand has no value there.',
  });
  return f;
}
