import {BEFORE, hoursOf, type StayClock} from './clock';
import {minuteOf, minutesIn, type Bed} from './bed';
import {wardLaw} from './law';
import {noScores, note, scoreOf, type HourScores} from './organs';

/** Hours whose urine is summed, and the first hour with a sum: before, a stay is too young. */
const DAY_HOURS = 24, FIRST_SUM = 23;

/** Below which sum of 24 hours (ml) there are 3 and 4 points. @reference Vincent et al. 1996. doi:10.1007/BF01709751 */
const OLIGURIA = [500, 200] as const;

/**
 * Urine: plenty (never below 720 ml a day), or little from some hour on while kidneys fail. The points of an hour are
 * those of the sum of the 24 hours that end with it, from hour 23 on, where anything was recorded in them.
 */
export function urine(bed: Bed): HourScores {
  const {before, clock, chance, record} = bed, n = clock.last + 1, scores = noScores(hoursOf(clock));
  const has = chance.chance(wardLaw.drawn.urine), plan = recording(bed);
  if (!has) return scores;
  const volumes = volumesOf(bed, plan), recorded = volumes.map(v => v !== null);
  for (let k = 0; k < 4; k++) placeEdge(volumes, bed);
  // Half an hour before hour 23's sum begins, and just when it begins: too early to count.
  if (before && chance.chance(0.2)) record.urine(chance.chance(0.5) ? -60 : -90, 450);
  volumes.forEach((ml, h) => {
    if (ml === null) return;
    const minutes = minutesIn(clock, h), minute = chance.chance(0.5) ? minutes[1] : minuteOf(minutes, chance);
    if (plan.irrigated && chance.chance(0.3)) {
      const into = 10 * chance.whole(10, 40);
      record.urine(minute, ml + into);
      record.urine(minute, -into);
    } else record.urine(minute, ml);
  });
  for (let h = FIRST_SUM; h < n; h++) {
    const day = Array.from({length: DAY_HOURS}, (_, k) => h - k);
    if (!day.some(k => recorded[k])) continue;
    const sum = day.reduce((total, k) => total + (volumes[k] ?? 0), 0);
    note(scores, h + BEFORE, sum < OLIGURIA[1] ? 4 : sum < OLIGURIA[0] ? 3 : 0);
  }
  return scores;
}

interface Recording {
  /** Hours between records. */
  readonly every: number;
  /** Hour after which nothing is recorded any more. */
  readonly until: number;
  readonly irrigated: boolean;
}

function recording({chance, clock}: Bed): Recording {
  const every = chance.pick([1, 1, 1, 2, 4]), stops = chance.chance(0.06), until = chance.whole(2, 30);
  return {every, until: stops ? until : clock.last, irrigated: chance.chance(0.08)};
}

/** Whole ml of each hour from 0 on; missing without a record, whose urine the next record has. */
function volumesOf({clock, course, chance}: Bed, {every, until}: Recording): (number | null)[] {
  let waiting = 0;
  return Array.from({length: clock.last + 1}, (_, h) => {
    const points = scoreOf(course.organs.renal[h + BEFORE]);
    waiting += points === 4 ? chance.whole(0, 7) : points === 3 ? chance.whole(9, 18) : chance.whole(30, 130);
    if (h % every !== 0 || h > until || !lasts(clock, h)) return null;
    const ml = waiting;
    waiting = 0;
    return ml;
  });
}

const lasts = (clock: StayClock, h: number): boolean => {
  const [from, to] = minutesIn(clock, h);
  return from <= to;
};

/** Where a sum comes near to an edge, one record is changed so that the sum lies on it or just below. */
function placeEdge(volumes: (number | null)[], {chance}: Bed): void {
  const h = volumes.length - 1 - chance.whole(0, 20), ml = volumes[h], below = chance.chance(0.5);
  if (h < FIRST_SUM || ml === null || ml === undefined) return;
  const sum = volumes.slice(h - FIRST_SUM, h + 1).reduce<number>((total, v) => total + (v ?? 0), 0);
  const edge = OLIGURIA.find(v => Math.abs(sum - v) < 150), changed = ml + (edge ?? NaN) - sum - (below ? 1 : 0);
  if (edge !== undefined && changed >= 0) volumes[h] = changed;
}
