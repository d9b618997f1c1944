import {expect} from '../errors';
import {ndarray, type NdArray} from '../math/ndarray';
import {timesOfRows} from './times';
import {trajectories, type Trajectories, type TrajectoriesFields} from './trajectories';

/** A row of values at one time; `undefined` or `null` where there is none. */
type Values = readonly (number | null | undefined)[];

/** One unit as it was recorded. */
export interface UnitRecord {
  readonly id: string;
  /** Its own times, strictly increasing, at least one. */
  readonly time: ArrayLike<number>;
  /** One row a time, one value an outcome; empty where it was not measured. */
  readonly outcomes: readonly Values[];
  /** One row a time: what acts from then to the next time; empty where it is unknown. Default: no treatments. */
  readonly treatments?: readonly Values[];
  /** One value a static channel. Default none. */
  readonly statics?: readonly number[];
  /** End of its follow-up. Default: its last time. */
  readonly followed?: number;
}

/**
 * Trajectories of units that were each recorded at times of their own, as they stand in a table in long form.
 * @param about name, unit of time and channels of the data set
 * @throws ArgumentError for no units, rows that do not fit the times or the channels, and as `trajectories`
 */
export function trajectoriesFromUnits(
  units: readonly UnitRecord[], about: Pick<TrajectoriesFields, 'name' | 'timeUnit' | 'channels'>,
): Trajectories {
  expect(units.length > 0, {fn: 'trajectoriesFromUnits', argument: 'units', expected: 'at least one', received: units});
  const {channels} = about, width = Math.max(...units.map(unit => unit.time.length));
  const outcomes = packed(units, width, 'outcomes', channels.outcomes.length);
  const treatments = packed(units, width, 'treatments', channels.treatments.length);
  const statics = units.flatMap((unit, u) =>
    fitting(unit.statics ?? [], channels.statics.length, `units[${u}].statics`) as number[]);
  return trajectories({
    ...about, ...timesOfRows(units.map(unit => unit.time)), ids: units.map(unit => unit.id),
    outcomes: outcomes.values, observed: outcomes.marks(0), treatments: treatments.values, known: treatments.marks(1),
    statics: ndarray([units.length, channels.statics.length], Float64Array.from(statics)),
    followed: units.map(({time, followed}) => followed ?? time[time.length - 1]),
  });
}

/**
 * `[N, width, d]`: values, 0 where there is none, and marks of those that are there; `behind` marks what stands behind
 * a unit's times.
 */
function packed(
  units: readonly UnitRecord[], width: number, kind: 'outcomes' | 'treatments', d: number,
): {values: NdArray; marks: (behind: number) => NdArray} {
  const values = ndarray([units.length, width, d]), given = ndarray([units.length, width, d]);
  const inside = ndarray([units.length, width, d]);
  units.forEach(({time, [kind]: rows = Array.from(time, () => [])}, u) => {
    const argument = `units[${u}].${kind}`;
    fitting(rows, time.length, argument).forEach((row, t) => {
      fitting(row, d, `${argument}[${t}]`).forEach((value, j) => {
        const at = (u * width + t) * d + j, known = value === undefined || value === null ? 0 : 1;
        [values.data[at], given.data[at], inside.data[at]] = [value ?? 0, known, 1];
      });
    });
  });
  return {values, marks: behind => ndarray(given.shape, given.data.map((v, at) => (inside.data[at] ? v : behind)))};
}

function fitting<T>(list: readonly T[], length: number, argument: string): readonly T[] {
  expect(list.length === length, {
    fn: 'trajectoriesFromUnits', argument, expected: `${length} long`, received: list.length,
  });
  return list;
}
