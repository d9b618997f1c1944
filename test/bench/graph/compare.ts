import {setTimeout} from 'node:timers/promises';
import {quantile} from 'simple-statistics';
import type {Engine, Timing} from './engine';

/** What an engine took for one step, in milliseconds. */
export interface Row {
  readonly engine: string;
  readonly median: number;
  readonly quartiles: readonly [number, number];
  readonly min: number;
  /** Median and quartiles of how many times as long it took as the first engine in the same round: what a slow spell of the machine, which hits both, changes least. */
  readonly timesFirst: {readonly median: number; readonly quartiles: readonly [number, number]};
  /** Median processor time a step. */
  readonly processor: number;
  readonly rounds: number;
  readonly note: string;
}

/** Relative difference of losses that counts as the same computation in single precision. */
const TOLERANCE = 1e-4;

/**
 * Makes sure that engines compute the same thing: their first losses, and with them gradients and optimisers, equal
 * those of the first engine.
 * @param steps how many of the first losses must agree
 * @throws Error when one does not
 */
export function expectSameLosses(
  engines: readonly Pick<Engine, 'name' | 'losses' | 'tolerance'>[], steps: number,
): void {
  const [oracle, ...others] = engines.flatMap(({name, losses, tolerance = TOLERANCE}) =>
    (losses ? [{name, losses, tolerance}] : []));
  for (const {name, losses, tolerance} of others) {
    const pairs = losses.slice(0, steps).map((loss, i) => [loss, oracle.losses[i]] as const);
    const same = pairs.length > 0 && pairs.every(([a, b]) => Math.abs(a - b) <= tolerance * Math.abs(b));
    if (!same) throw new Error(
      `${name} computes something else than ${oracle.name}: losses ${losses.join(', ')} against ${oracle.losses.join(', ')}`,
    );
  }
}

/** Pause before a round, ms. */
const SETTLE = 60;
/** Least duration of one engine in one round, ms. */
const ROUND = 300;
/** Engines with longer steps than this, ms, take part in the first {@link SLOW_ROUNDS} rounds only. */
const SLOW = 2000, SLOW_ROUNDS = 3;

/**
 * Rounds over all engines in turn, so that a slow spell of the machine hits them all; closes them at the end.
 * @param compared how many of the first losses must agree
 * @throws Error when an engine computes something else than the first
 */
export async function compare(engines: readonly Engine[], rounds: number, compared = 3): Promise<Row[]> {
  try {
    expectSameLosses(engines, compared);
    const plans: {engine: Engine; steps: number; rounds: number; times: Timing[]}[] = [];
    for (const engine of engines) {
      const {elapsed} = await engine.time(1);
      plans.push({
        engine, steps: Math.max(1, Math.ceil(ROUND / elapsed)),
        rounds: elapsed > SLOW ? Math.min(rounds, SLOW_ROUNDS) : rounds, times: [],
      });
    }
    for (let r = 0; r < rounds; r++) {
      for (const plan of plans.filter(p => r < p.rounds)) {
        // Threads of the one before come to rest. Garbage is not cleared by force: that throws compiled code away,
        // which is then made again beside the step.
        await setTimeout(SETTLE);
        const {elapsed, processor} = await plan.engine.time(plan.steps);
        plan.times.push({elapsed: elapsed / plan.steps, processor: processor / plan.steps});
      }
    }
    return plans.map(({engine, times}) => row(engine, times, plans[0].times));
  } finally {
    for (const engine of engines) await engine.close();
  }
}

function row({name, note}: Engine, times: readonly Timing[], first: readonly Timing[]): Row {
  // An engine whose steps are long takes part in the first rounds only, and so may the first engine.
  const rounds = Math.min(times.length, first.length);
  const ratios = times.slice(0, rounds).map((t, r) => t.elapsed / first[r].elapsed);
  const spread = (values: readonly number[]) => ({
    median: quantile([...values], 0.5), quartiles: [quantile([...values], 0.25), quantile([...values], 0.75)] as const,
  });
  const elapsed = times.map(t => t.elapsed), processor = times.map(t => t.processor);
  return {
    engine: name, ...spread(elapsed), min: Math.min(...elapsed), processor: quantile(processor, 0.5),
    timesFirst: spread(ratios), rounds: times.length, note,
  };
}
