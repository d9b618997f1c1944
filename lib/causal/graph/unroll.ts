import {expect} from '../../errors';
import {makeGraph, type Arrow, type CausalGraph} from './graph';

/**
 * A model over time, written once for all times. Edges look like `'Z[t] -> Z[t+1]'`; `[<t]` stands for every earlier
 * time and `[<=t]` for every time up to now.
 */
export interface TemporalModel {
  readonly edges: readonly string[];
  /** Processes nobody measures, e.g. `['Z', 'ε']`. */
  readonly hidden: readonly string[];
}

/** Options of {@link stateSpaceModel}. */
export interface StateSpaceModelOptions {
  /**
   * `'fixed'`: treatments ignore the past, figure 1(a). `'dynamic'` (default): a dynamic treatment regime that sees all
   * outcomes and treatments so far, figure 1(b).
   */
  readonly regime?: 'fixed' | 'dynamic';
  /**
   * Hidden common cause of treatment and outcome: `'none'`, `'white'` (default; fresh at each time) or `'process'`
   * (with memory).
   */
  readonly confounder?: 'none' | 'white' | 'process';
  /** More edges in the same language, e.g. `'A[t] -> Y[t]'`; default none. */
  readonly extra?: readonly string[];
}

/**
 * The paper's latent state-space model with treatment A, outcome Y, state Z and hidden confounder ε.
 * @paper equation (3) and figure 1
 */
export function stateSpaceModel(
  {regime = 'dynamic', confounder = 'white', extra = []}: StateSpaceModelOptions = {},
): TemporalModel {
  return {
    hidden: confounder === 'none' ? ['Z'] : ['Z', 'ε'],
    edges: [
      'Z[t] -> Z[t+1]', 'A[t] -> Z[t+1]', 'Z[t] -> Y[t]',
      ...(confounder === 'none' ? [] : ['ε[t] -> A[t]', 'ε[t] -> Y[t]']),
      ...(confounder === 'process' ? ['ε[t] -> ε[t+1]'] : []),
      ...(regime === 'dynamic' ? ['Y[<=t] -> A[t]', 'A[<t] -> A[t]'] : []),
      ...extra,
    ],
  };
}

/** Options of {@link unroll}. */
export interface UnrollOptions {
  /** Number of time points, >= 1; they are 0 ... steps - 1. */
  readonly steps: number;
  /**
   * Processes to treat as measured although the model hides them, e.g. `['Z']` for an observable state; default none.
   */
  readonly measured?: readonly string[];
}

/**
 * The time-unrolled DAG of a model: node `Z` at time 2 is `Z2`. A process whose name ends in a digit or an underscore
 * is set off by one more underscore, so that `Z1` at time 0, `Z1_0`, is not `Z` at time 10.
 * @throws ArgumentError for a bad edge or number of steps, or a hidden or measured name that no edge mentions.
 */
export function unroll(model: TemporalModel, {steps, measured = []}: UnrollOptions): CausalGraph {
  expect(Number.isInteger(steps) && steps >= 1, {
    fn: 'unroll', argument: 'steps', expected: 'a whole number >= 1', received: steps,
  });
  const edges = model.edges.map(readTemplate);
  const processes = [...new Set(edges.flatMap(e => [e.from.process, e.to.process]))];
  for (const [argument, names] of [['model.hidden', model.hidden], ['measured', measured]] as const) {
    const stray = names.find(p => !processes.includes(p));
    expect(stray === undefined, {
      fn: 'unroll', argument, expected: `processes of the model (${processes.join(', ')})`, received: stray,
    });
  }
  const times = Array.from({length: steps}, (_, t) => t);
  const nodes = times.flatMap(t => processes.map(p => nodeAt(p, t)));
  const arrows = edges.flatMap(edge => times.flatMap(t => instances(edge, t, steps)));
  const hidden = model.hidden.filter(p => !measured.includes(p));
  return makeGraph(nodes, times.flatMap(t => hidden.map(p => nodeAt(p, t))), arrows);
}

function nodeAt(process: string, time: number): string {
  return `${process}${/[\d_]$/.test(process) ? '_' : ''}${time}`;
}

interface End { readonly process: string; readonly past: '' | '<' | '<='; readonly shift: number }
interface Template { readonly from: End; readonly to: End }

function readTemplate(text: string): Template {
  const match = /^\s*(\S+)\[(<=|<|)t([+-]\d+)?\]\s*->\s*(\S+)\[t([+-]\d+)?\]\s*$/u.exec(text);
  expect(match, {
    fn: 'unroll', argument: 'edges', expected: 'text like \'Z[t] -> Z[t+1]\' or \'Y[<=t] -> A[t]\'', received: text,
  });
  const [, from, past, shift, to, toShift] = match;
  return {
    from: {process: from, past: past as End['past'], shift: Number(shift ?? 0)},
    to: {process: to, past: '', shift: Number(toShift ?? 0)},
  };
}

function instances({from, to}: Template, t: number, steps: number): Arrow[] {
  const target = t + to.shift, last = t + from.shift - (from.past === '<' ? 1 : 0);
  if (target < 0 || target >= steps) return [];
  const first = from.past === '' ? last : 0;
  const sources = Array.from({length: Math.max(0, last - first + 1)}, (_, i) => first + i).filter(s =>
    s >= 0 && s < steps);
  return sources.map((s): Arrow => [nodeAt(from.process, s), nodeAt(to.process, target)]);
}
