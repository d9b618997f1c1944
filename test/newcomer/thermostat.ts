import {simulatedCohort, trajectories, type Cohort} from '../../lib/data';
import {fold, ndarray, normal, type Rng} from '../../lib/math';

/** Rooms that lose heat at rates of their own, heated by thermostats that misread: every hour for half a day. */
export function heatedRooms(rng: Rng, rooms = 100): Cohort {
  const T = 12, start = normal(fold(rng, 'start'), rooms, {mean: 15, sd: 2});
  const loss = normal(fold(rng, 'loss'), rooms, {mean: 0.1, sd: 0.02});
  const draught = normal(fold(rng, 'draught'), rooms * T, {sd: 0.3}), misread = normal(fold(rng, 'misread'), rooms * T);
  return simulatedCohort(({treatment, times, quietFrom}) => {
    const shape = [rooms, times, 1], warm = ndarray(shape), heat = ndarray(shape);
    for (let i = 0; i < rooms; i++) {
      for (let t = 0, y = start[i]; t < times; t++) {
        const k = i * times + t, chance = t < quietFrom ? draught[i * T + t] : 0;
        warm.data[k] = y;
        heat.data[k] = treatment(i, t)?.[0] ?? Math.max(0, 20 - y + misread[i * T + t]) / 4;
        y += heat.data[k] - loss[i] * (y - 5) + chance;
      }
    }
    const series = trajectories({
      name: 'rooms', time: Float64Array.from({length: times}, (_, t) => t), timeUnit: 'h',
      observed: ndarray(shape, new Float64Array(rooms * times).fill(1)), statics: ndarray([rooms, 0]),
      outcomes: warm, treatments: heat,
      channels: {outcomes: [{name: 'warmth', unit: '°C'}], treatments: [{name: 'heat', unit: 'K/h'}], statics: []},
    });
    return {trajectories: series, truth: {loss: ndarray([rooms], loss)}};
  }, T);
}
