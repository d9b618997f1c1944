import {expect} from '../../errors';
import {productOf, sumOver, probability, type Expression} from '../derive/expression';
import {adjacency, descendants, expectSets, mutilate, type CausalGraph} from '../graph/graph';
import {mSeparation, type CausalPath, type SeparationClaim} from '../graph/separation';
import {countSubsets, expectFew, subsets} from '../graph/subsets';

/** One condition of a graphical criterion, its verdict, and the path that breaks it where there is one. */
export interface Condition {
  readonly text: string;
  readonly holds: boolean;
  readonly path?: CausalPath;
}

/** Verdict on a criterion: it holds when every condition does. */
export interface CriterionCheck {
  readonly holds: boolean;
  readonly conditions: readonly Condition[];
}

/** Treatment, outcome and the sets a criterion speaks of. */
export interface CriterionSets {
  readonly x: readonly string[];
  readonly y: readonly string[];
  /** Mediators; front-door criteria only. */
  readonly m?: readonly string[];
  /** Adjustment or conditioning set; default none. */
  readonly w?: readonly string[];
}

/**
 * Back-door criterion: `w` holds no descendant of x and blocks every path into x.
 * @throws ArgumentError for an empty x or y, unknown or repeated names, or sets that overlap.
 * @reference Pearl 1993, doi:10.1214/ss/1177010894
 */
export function checkBackDoor(graph: CausalGraph, {x, y, w = []}: CriterionSets): CriterionCheck {
  expectQuestion(graph, {x, y, w}, 'checkBackDoor');
  return verdict([noDescendants(graph, x, w, 'the treatment'), blocked(
    graph, {xs: x, ys: y, zs: w}, 'every back-door path from treatment to outcome is blocked',
  )]);
}

/** `P(y | do(x)) = sum_w P(y | x, w) P(w)` for a back-door set `w`. */
export function backDoorEstimand({x, y, w = []}: CriterionSets): Expression {
  return w.length === 0
    ? probability(y, {given: x})
    : sumOver(w, productOf([probability(y, {given: [...x, ...w]}), probability(w)]));
}

/**
 * Front-door criterion.
 * @reference Pearl 1995, doi:10.1093/biomet/82.4.669
 * @throws ArgumentError as {@link checkBackDoor}
 */
export function checkFrontDoor(graph: CausalGraph, sets: CriterionSets): CriterionCheck {
  return checkConditionalFrontDoor(graph, {...sets, w: []});
}

/** Options of {@link checkConditionalFrontDoor}. */
export interface ConditionalFrontDoorOptions {
  /**
   * Ask only for the conditions (i) to (iii) as the paper's theorem 3.2 prints them, without (iv); default false. Not
   * sound: see notebook 02.
   */
  readonly asPrinted?: boolean;
}

/**
 * Conditional front-door criterion: (i) m catches every directed path from x to y, (ii) w blocks every back-door path
 * from x to m, (iii) x and w block every back-door path from m to y, and (iv) w holds no descendant of x or m, which
 * theorem 3.2 leaves unsaid.
 * @throws ArgumentError for an empty x or y, unknown or repeated names, or sets that overlap.
 * @paper theorem 3.2
 */
export function checkConditionalFrontDoor(
  graph: CausalGraph, {x, y, m = [], w = []}: CriterionSets, {asPrinted = false}: ConditionalFrontDoorOptions = {},
): CriterionCheck {
  expectQuestion(graph, {x, y, m, w}, 'checkConditionalFrontDoor');
  const conditions = [
    caught(graph, x, y, m),
    blocked(graph, {xs: x, ys: m, zs: w}, '(ii) every back-door path from treatment to mediator is blocked'),
    blocked(graph, {xs: m, ys: y, zs: [...x, ...w]}, '(iii) every back-door path from mediator to outcome is blocked'),
  ];
  return verdict(
    asPrinted ? conditions : [...conditions, noDescendants(graph, [...x, ...m], w, '(iv) treatment or mediator')],
  );
}

/** `P(y | do(x), w) = sum_m P(m | x, w) sum_x' P(y | x', m, w) P(x' | w)`. @paper equation (2), within a level of w */
export function conditionalFrontDoorEstimand({x, y, m = [], w = []}: CriterionSets): Expression {
  const other = x.map(s => `${s}'`);
  const inner =
    sumOver(other, productOf([probability(y, {given: [...m, ...other, ...w]}), probability(other, {given: w})]));
  return sumOver(m, productOf([probability(m, {given: [...x, ...w]}), inner]));
}

/** `P(y | do(x))`: the same, averaged over the law of w. @paper equation (2) */
export function averagedFrontDoorEstimand(sets: CriterionSets): Expression {
  const w = sets.w ?? [];
  return w.length === 0
    ? conditionalFrontDoorEstimand(sets)
    : sumOver(w, productOf([conditionalFrontDoorEstimand(sets), probability(w)]));
}

/** Options of the set finders. */
export interface FindOptions {
  /** Largest set tried, a whole number >= 0; default all candidates. Only sets up to this size are ever made. */
  readonly largest?: number;
}

/**
 * Every back-door set of measured nodes, smallest first.
 * @throws ArgumentError for a bad question or size, or when more than a million sets would have to be looked at.
 */
export function backDoorSets(
  graph: CausalGraph, {x, y}: CriterionSets, {largest = Infinity}: FindOptions = {},
): string[][] {
  expectQuestion(graph, {x, y}, 'backDoorSets');
  expectSize(largest, 'backDoorSets');
  const free = candidates(graph, [...descendants(graph, x), ...y]);
  expectFew(countSubsets(free.length, largest), free.length, 'backDoorSets');
  return [...subsets(free, largest)].filter(w => checkBackDoor(graph, {x, y, w}).holds);
}

/** Every front-door set of measured nodes, smallest first. @throws ArgumentError as {@link backDoorSets} */
export function frontDoorSets(
  graph: CausalGraph, {x, y}: CriterionSets, {largest = Infinity}: FindOptions = {},
): string[][] {
  return mediators(graph, {x, y}, largest, 'frontDoorSets').filter(m => checkFrontDoor(graph, {x, y, m}).holds);
}

/**
 * Every pair (m, w) of disjoint measured sets that fulfils the conditional front-door criterion, smallest first;
 * `largest` bounds each of the two.
 * @throws ArgumentError as {@link backDoorSets}
 */
export function conditionalFrontDoorSets(
  graph: CausalGraph, {x, y}: CriterionSets, {largest = Infinity}: FindOptions = {},
): {m: string[]; w: string[]}[] {
  const fn = 'conditionalFrontDoorSets', found: {m: string[]; w: string[]}[] = [];
  let tried = 0;
  for (const m of mediators(graph, {x, y}, largest, fn)) {
    const free = candidates(graph, [...descendants(graph, [...x, ...m]), ...y]);
    tried += countSubsets(free.length, largest);
    expectFew(tried, free.length, fn);
    for (const w of subsets(free, largest)) {
      if (checkConditionalFrontDoor(graph, {x, y, m, w}).holds) found.push({m, w});
    }
  }
  return found.sort((a, b) => a.m.length + a.w.length - b.m.length - b.w.length);
}

/** Sets that catch every directed path from x to y. */
function mediators(
  graph: CausalGraph, {x, y}: Pick<CriterionSets, 'x' | 'y'>, largest: number, fn: string,
): string[][] {
  expectQuestion(graph, {x, y}, fn);
  expectSize(largest, fn);
  const free = candidates(graph, [...x, ...y]);
  expectFew(countSubsets(free.length, largest), free.length, fn);
  return [...subsets(free, largest)].filter(m => m.length > 0 && caught(graph, x, y, m).holds);
}

function expectQuestion(graph: CausalGraph, sets: Readonly<Record<'x' | 'y', readonly string[]>
  & Record<string, readonly string[]>>, fn: string): void {
  expect(sets.x.length > 0 && sets.y.length > 0, {
    fn, argument: 'x, y', expected: 'at least one treatment and one outcome', received: [sets.x.length, sets.y.length],
  });
  expectSets(graph, sets, fn);
}

function expectSize(largest: number, fn: string): void {
  expect(largest >= 0 && (Number.isInteger(largest) || largest === Infinity), {
    fn, argument: 'largest', expected: 'a whole number >= 0', received: largest,
  });
}

const verdict = (conditions: readonly Condition[]): CriterionCheck =>
  ({holds: conditions.every(c => c.holds), conditions});

/** Separation in the graph without the edges out of `xs`: what is left are the back-door paths. */
function blocked(graph: CausalGraph, {xs, ys, zs}: SeparationClaim, text: string): Condition {
  const answer = mSeparation(withoutEdgesOutOf(graph, xs), xs, ys, zs);
  return answer.separated ? {text, holds: true} : {text, holds: false, path: answer.path};
}

const cuts = new WeakMap<CausalGraph, Map<string, CausalGraph>>();

/** A finder asks for the same few cut graphs again and again; the latest are kept. */
function withoutEdgesOutOf(graph: CausalGraph, from: readonly string[]): CausalGraph {
  const kept = cuts.get(graph) ?? new Map<string, CausalGraph>(), key = JSON.stringify(from);
  const found = kept.get(key) ?? mutilate(graph, {outOf: from});
  if (kept.size >= 8) kept.clear();
  cuts.set(graph, kept.set(key, found));
  return found;
}

/** Every directed path from x to y meets m. */
function caught(graph: CausalGraph, x: readonly string[], y: readonly string[], m: readonly string[]): Condition {
  const text = '(i) the mediator catches every directed path from treatment to outcome';
  const stop = new Set(m), from = new Map<string, string>(), queue = x.filter(n => !stop.has(n));
  for (let i = 0; i < queue.length; i++) {
    for (const child of adjacency(graph).children.get(queue[i])!) {
      if (stop.has(child) || from.has(child)) continue;
      from.set(child, queue[i]);
      if (y.includes(child)) return {text, holds: false, path: walkBack(from, child, x)};
      queue.push(child);
    }
  }
  return {text, holds: true};
}

function walkBack(from: ReadonlyMap<string, string>, end: string, x: readonly string[]): CausalPath {
  const nodes = [end];
  while (!x.includes(nodes[0])) nodes.unshift(from.get(nodes[0])!);
  return {nodes, links: nodes.slice(1).map(() => '->' as const)};
}

function noDescendants(graph: CausalGraph, of: readonly string[], w: readonly string[], whose: string): Condition {
  const below = descendants(graph, of);
  return {text: `${whose}: no descendant in the conditioning set`, holds: !w.some(n => below.has(n))};
}

/** Measured nodes that may stand in a set. */
function candidates(graph: CausalGraph, without: readonly string[]): string[] {
  return graph.nodes.filter(n => !graph.hidden.has(n) && !without.includes(n));
}
