import {simulatedCohort, trajectories, type Cohort, type GridTrajectories, type Simulated} from '../../data';
import {expectWhole} from '../../errors';
import {fold, ndarray, normal, type NdArray, type Rng} from '../../math';
import type {HiddenWorld} from './world';

/** Units seen once a step. */
export interface HiddenRun extends Simulated {
  /** `hidden` `[units, T]`: u. */
  readonly truth: {readonly hidden: NdArray};
}

/** Simulated units with what is true of them. */
export type HiddenCohort = Cohort<HiddenRun>;

/**
 * Units of a world of hidden confounding. The same `rng` gives the same units and chance under every plan.
 * @param units N, >= 1
 * @throws ArgumentError unless `units` is a whole number >= 1
 * @paper equation (3)
 */
export function hiddenCohort(
  world: HiddenWorld, {units, rng}: {readonly units: number; readonly rng: Rng},
): HiddenCohort {
  expectWhole('hiddenCohort', {units});
  const {decision, horizon, kept, confounding, level, doseSd, effects, decay, push, noise} = world;
  const steps = decision + horizon, draw = (what: string, n = units) => Array.from({length: steps + 1}, (_, t) =>
    normal(fold(fold(rng, what), t), n));
  const [moved, chosen, pushed] = [draw('hidden'), draw('doses', 2 * units), draw('outcome')];
  const name = `hidden process, ${world.kind}, confounding ${confounding}`, fresh = Math.sqrt(1 - kept ** 2);
  return simulatedCohort(({treatment, times, quietFrom}) => {
    const outcomes = ndarray([units, times, 1]), treatments = ndarray([units, times, 2]);
    const hidden = ndarray([units, times]);
    for (let i = 0; i < units; i++) {
      // The first numbers of each list are where a unit starts.
      let u = moved[0][i], y = pushed[0][i];
      for (let t = 0, at = i * times; t < times; t++, at++) {
        const chance = t < quietFrom ? 1 : 0, own = [0, 1].map(j =>
          (world.treats(t) ? level + confounding * u + doseSd * chosen[t][2 * i + j] : 0));
        const doses = treatment(i, t) ?? own;
        outcomes.data[at] = y;
        hidden.data[at] = u;
        treatments.data.set(doses, 2 * at);
        if (t + 1 === times) break;
        y = decay * y + effects[0] * doses[0] + effects[1] * doses[1] + world.window(t, doses) * push * u
          + chance * noise * pushed[t + 1][i];
        u = kept * u + chance * fresh * moved[t + 1][i];
      }
    }
    return {trajectories: recorded(name, outcomes, treatments), truth: {hidden}};
  }, steps + 1);
}

function recorded(name: string, outcomes: NdArray, treatments: NdArray): GridTrajectories {
  const {shape} = outcomes;
  return trajectories({
    name, time: Float64Array.from({length: shape[1]}, (_, t) => t), timeUnit: 'step', outcomes, treatments,
    observed: ndarray(shape, new Float64Array(outcomes.data.length).fill(1)), statics: ndarray([shape[0], 0]),
    channels: {
      outcomes: [{name: 'outcome', unit: '1'}], statics: [],
      treatments: [{name: 'first dose', unit: '1'}, {name: 'second dose', unit: '1'}],
    },
  });
}

/**
 * Doses drawn at random around the policy's mean, whatever the unit: a plan of the world's whole horizon for each,
 * `[units, horizon, 2]`.
 */
export function randomPlan({level, doseSd, horizon}: HiddenWorld, units: number, rng: Rng): NdArray {
  return ndarray([units, horizon, 2], normal(rng, units * horizon * 2, {mean: level, sd: doseSd}));
}
