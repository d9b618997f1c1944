import {productOf, sumOver, probability, type Expression} from './expression';
import {adjacency, descendants, mutilate, type CausalGraph} from './graph';
import {mSeparation, type CausalPath} from './separation';

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

/** Back-door criterion: `w` holds no descendant of x and blocks every path into x. @reference Pearl 1993, doi:10.1214/ss/1177010894 */
export function checkBackDoor(graph: CausalGraph, {x, y, w = []}: CriterionSets): CriterionCheck {
  return verdict([noDescendants(graph, x, w, 'the treatment'), blocked(graph, x, y, w, 'every back-door path from treatment to outcome is blocked')]);
}

/** `P(y | do(x)) = sum_w P(y | x, w) P(w)` for a back-door set `w`. */
export function backDoorEstimand({x, y, w = []}: CriterionSets): Expression {
  return w.length === 0 ? probability(y, {given: x}) : sumOver(w, productOf([probability(y, {given: [...x, ...w]}), probability(w)]));
}

/** Front-door criterion. @reference Pearl 1995, doi:10.1093/biomet/82.4.669 */
export function checkFrontDoor(graph: CausalGraph, sets: CriterionSets): CriterionCheck {
  return checkConditionalFrontDoor(graph, {...sets, w: []});
}

/** Options of {@link checkConditionalFrontDoor}. */
export interface ConditionalFrontDoorOptions {
  /** Ask only for the conditions (i) to (iii) as the paper's theorem 3.2 prints them, without (iv); default false. Not sound: see notebook 02. */
  readonly asPrinted?: boolean;
}

/**
 * Conditional front-door criterion: (i) m catches every directed path from x to y, (ii) w blocks every back-door path from
 * x to m, (iii) x and w block every back-door path from m to y, and (iv) w holds no descendant of x or m, which theorem 3.2 leaves unsaid.
 * @paper theorem 3.2
 */
export function checkConditionalFrontDoor(graph: CausalGraph, {x, y, m = [], w = []}: CriterionSets, {asPrinted = false}: ConditionalFrontDoorOptions = {}): CriterionCheck {
  const conditions = [
    caught(graph, x, y, m),
    blocked(graph, x, m, w, '(ii) every back-door path from treatment to mediator is blocked'),
    blocked(graph, m, y, [...x, ...w], '(iii) every back-door path from mediator to outcome is blocked'),
  ];
  return verdict(asPrinted ? conditions : [...conditions, noDescendants(graph, [...x, ...m], w, '(iv) treatment or mediator')]);
}

/** `P(y | do(x), w) = sum_m P(m | x, w) sum_x' P(y | x', m, w) P(x' | w)`. @paper equation (2), within a level of w */
export function conditionalFrontDoorEstimand({x, y, m = [], w = []}: CriterionSets): Expression {
  const other = x.map(s => `${s}'`);
  const inner = sumOver(other, productOf([probability(y, {given: [...m, ...other, ...w]}), probability(other, {given: w})]));
  return sumOver(m, productOf([probability(m, {given: [...x, ...w]}), inner]));
}

/** `P(y | do(x))`: the same, averaged over the law of w. @paper equation (2) */
export function averagedFrontDoorEstimand(sets: CriterionSets): Expression {
  const w = sets.w ?? [];
  return w.length === 0 ? conditionalFrontDoorEstimand(sets) : sumOver(w, productOf([conditionalFrontDoorEstimand(sets), probability(w)]));
}

/** Options of the set finders. */
export interface FindOptions {
  /** Largest set tried, >= 0; default all measured nodes. */
  readonly largest?: number;
}

/** Every back-door set of measured nodes, smallest first. */
export function backDoorSets(graph: CausalGraph, {x, y}: CriterionSets, {largest = Infinity}: FindOptions = {}): string[][] {
  return subsets(candidates(graph, [...x, ...y]), largest).filter(w => checkBackDoor(graph, {x, y, w}).holds);
}

/** Every front-door set of measured nodes, smallest first. */
export function frontDoorSets(graph: CausalGraph, sets: CriterionSets, options: FindOptions = {}): string[][] {
  return conditionalFrontDoorSets(graph, sets, options).filter(found => found.w.length === 0).map(found => found.m);
}

/** Every pair (m, w) of disjoint measured sets that fulfils the conditional front-door criterion, smallest first. */
export function conditionalFrontDoorSets(graph: CausalGraph, {x, y}: CriterionSets, {largest = Infinity}: FindOptions = {}): {m: string[]; w: string[]}[] {
  const free = candidates(graph, [...x, ...y]);
  const mediators = subsets(free, largest).filter(m => m.length > 0 && caught(graph, x, y, m).holds);
  const found = mediators.flatMap(m => subsets(free.filter(n => !m.includes(n)), largest).map(w => ({m, w})));
  return found.filter(({m, w}) => checkConditionalFrontDoor(graph, {x, y, m, w}).holds).sort((a, b) => a.m.length + a.w.length - b.m.length - b.w.length);
}

const verdict = (conditions: readonly Condition[]): CriterionCheck => ({holds: conditions.every(c => c.holds), conditions});

/** Separation in the graph without the edges out of `from`: what is left are the back-door paths. */
function blocked(graph: CausalGraph, from: readonly string[], to: readonly string[], given: readonly string[], text: string): Condition {
  const answer = mSeparation(mutilate(graph, {outOf: from}), from, to, given);
  return answer.separated ? {text, holds: true} : {text, holds: false, path: answer.path};
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

function subsets(items: readonly string[], largest: number): string[][] {
  const all = Array.from({length: 2 ** items.length}, (_, bits) => items.filter((_item, i) => (bits >> i) & 1));
  return all.filter(s => s.length <= largest).sort((a, b) => a.length - b.length);
}
