import type {Compartments} from './compartments';
import {expectDosing, type Dosing} from './dosing';
import {modesOf, type Modes} from './modes';

/**
 * Concentrations in blood [mg/L, the same as µg/mL] at the times of samples, exactly: each exponential of the three is
 * carried from event to event. A bolus counts from its own time on.
 * @param times `[m]` [min], none before the one before it; before the first event there is no drug
 * @returns `[m]`
 * @throws ArgumentError for times that go back, negative doses, or compartments that cannot be
 */
export function plasma(compartments: Compartments, dosing: Dosing, times: ArrayLike<number>): Float64Array {
  expectDosing('plasma', dosing, times);
  return plasmaOf(modesOf(compartments), dosing, times);
}

/** {@link plasma} without its checks of the dosing, for use in a loop. @internal */
export function plasmaOf({rates, weights}: Modes, dosing: Dosing, times: ArrayLike<number>): Float64Array {
  const [a, b, c] = rates, [wa, wb, wc] = weights, {time, rate, bolus} = dosing;
  const out = new Float64Array(times.length), ra = 1 / a, rb = 1 / b, rc = 1 / c, n = time.length;
  let xa = 0, xb = 0, xc = 0, at = 0;
  while (at < times.length && times[at] < time[0]) at++;
  for (let k = 0; k < n && at < times.length; k++) {
    xa += bolus[k];
    xb += bolus[k];
    xc += bolus[k];
    const end = k + 1 < n ? time[k + 1] : Infinity, u = rate[k], [ua, ub, uc] = [u * ra, u * rb, u * rc];
    for (; at < times.length && times[at] < end; at++) {
      const dt = times[at] - time[k];
      out[at] = wa * (ua + (xa - ua) * Math.exp(-a * dt)) + wb * (ub + (xb - ub) * Math.exp(-b * dt))
        + wc * (uc + (xc - uc) * Math.exp(-c * dt));
    }
    const dt = end - time[k];
    xa = ua + (xa - ua) * Math.exp(-a * dt);
    xb = ub + (xb - ub) * Math.exp(-b * dt);
    xc = uc + (xc - uc) * Math.exp(-c * dt);
  }
  return out;
}
