import {expect} from '../errors';
import {ndarray} from '../math/ndarray';
import {historyAt, type CutOptions, type Decision} from './cut';
import type {Plan} from './history';
import {lastTime, timesOfRows} from './times';
import type {Channel, Trajectories} from './trajectories';

/** What is planned, and when its outcome is asked for. */
export interface PlannedOptions extends CutOptions {
  /**
   * Durations after t_c in the data's time unit, increasing from above 0: the outcomes there are forecast, and between
   * two of them treatment stays as it is.
   */
  readonly ahead: ArrayLike<number>;
  /**
   * For every treatment by its name: a value in its unit, which holds throughout, or a function of how long after t_c
   * an interval begins.
   */
  readonly treatments: Readonly<Record<string, number | ((since: number) => number)>>;
}

/**
 * A plan of one's own, the same for every unit from its t_c on, in durations rather than steps. With the history of the
 * same decision and units it is what a forecaster is asked.
 * @param decision as for `historyAt`
 * @throws ArgumentError for a decision that a unit does not have, durations that do not increase from above 0, a
 * treatment that is left out, unknown or not finite
 * @example
 * ```ts
 * import {plannedAt, rng} from './lib';
 * import {confoundedPendulum} from './lib/studies/pendulum';
 * const {trajectories} = confoundedPendulum(rng(1), {units: 2});
 * const [{name}] = trajectories.channels.treatments;
 * const treatments = {[name]: (since: number) => (since < 1 ? 0.5 : 0)};
 * const plan = plannedAt(trajectories, 8, {ahead: [0.5, 1, 2], treatments});
 * console.log(plan.treatments.shape, [...plan.treatments.data.slice(0, 3)]);   // [ 2, 3, 1 ] [ 0.5, 0.5, 0 ]
 * ```
 */
export function plannedAt(
  trajectories: Trajectories, decision: Decision, {ahead, treatments, units}: PlannedOptions,
): Plan {
  const durations = Array.from(ahead), channels = trajectories.channels.treatments;
  expect(durations.length > 0 && durations.every((d, k) => Number.isFinite(d) && d > (durations[k - 1] ?? 0)), {
    fn: 'plannedAt', argument: 'ahead', expected: 'increasing durations from above 0, at least one', received: ahead,
  });
  expectNamed(channels, treatments);
  const begins = [0, ...durations.slice(0, -1)];
  const row = begins.flatMap(since => channels.map(({name}) => {
    const planned = treatments[name] ?? 0, value = typeof planned === 'number' ? planned : planned(since);
    expect(Number.isFinite(value), {
      fn: 'plannedAt', argument: `treatments[${JSON.stringify(name)}]`, expected: 'a finite number', received: value,
    });
    return value;
  }));
  const history = historyAt(trajectories, decision, {units}), [N] = history.outcomes.shape;
  const starts = Array.from({length: N}, (_, i) => lastTime(history, i));
  return Object.freeze({
    ...timesOfRows(starts.map(now => [now, ...durations.map(duration => now + duration)])),
    treatments: ndarray([N, durations.length, channels.length], Float64Array.from(starts.flatMap(() => row))),
  });
}

/** All treatments but the marks of unknown ones, which a plan has none of. */
function expectNamed(channels: readonly Channel[], treatments: PlannedOptions['treatments']): void {
  const names = channels.map(({name}) => name), received = Object.keys(treatments);
  const needed = names.filter(name => !names.some(other => name === `${other} unknown`));
  const right = needed.every(name => received.includes(name)) && received.every(name => names.includes(name));
  expect(right, {
    fn: 'plannedAt', argument: 'treatments', received,
    expected: `for every treatment: ${needed.map(name => JSON.stringify(name)).join(', ')}`,
    remedy: 'Say 0 of a treatment that is not to be given.',
  });
}
