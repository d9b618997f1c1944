import {expect} from '../../../errors';

/** What is given when. */
export interface Dosing {
  /** `[n]`, increasing [min]. */
  readonly time: ArrayLike<number>;
  /** `[n]`: infusion from `time[k]` to `time[k + 1]`, the last one for ever [mg/min], >= 0. */
  readonly rate: ArrayLike<number>;
  /** `[n]`: given at once at `time[k]` [mg], >= 0. */
  readonly bolus: ArrayLike<number>;
}

/** A bolus at time 0 [mg] and nothing else. */
export const bolusOf = (dose: number): Dosing => ({time: [0], rate: [0], bolus: [dose]});

/**
 * @throws ArgumentError naming `fn` for times that do not increase, doses that are negative, or samples whose times go
 * back
 */
export function expectDosing(fn: string, {time, rate, bolus}: Dosing, samples: ArrayLike<number>): void {
  const n = time.length, back = Array.from(time).findIndex((t, k) =>
    !Number.isFinite(t) || (k > 0 && t <= time[k - 1]));
  expect(n > 0 && back < 0, {
    fn, argument: `dosing.time[${back}]`, expected: `finite and after the time before it${back > 0
      ? `, ${time[back - 1]}` : ''}`, received: time[back], remedy: 'Sort the events and join those of one time.',
  });
  for (const [name, values] of Object.entries({rate, bolus})) {
    const bad = Array.from({length: n}, (_, k) => values[k]).findIndex(v => !(v >= 0 && v < Infinity));
    expect(values.length === n && bad < 0, {
      fn, argument: `dosing.${name}`, expected: `${n} numbers >= 0, one an event`,
      received: bad < 0 ? values.length : values[bad], remedy: 'A drug cannot be taken back.',
    });
  }
  const wrong = Array.from(samples).findIndex((t, k) => !Number.isFinite(t) || (k > 0 && t < samples[k - 1]));
  expect(wrong < 0, {
    fn, argument: `times[${wrong}]`, expected: 'finite and not before the time before it', received: samples[wrong],
    remedy: 'Sort the samples by time.',
  });
}
