import {hoursOf} from './clock';
import {indexOf, type Bed, type Stretch} from './bed';
import type {Draws} from './draws';
import {wardLaw} from './law';
import {note, noScores, scoreOf, type HourScores} from './organs';

/** Eye, verbal and motor response; missing where it was not charted. */
interface Parts {
  readonly eye: number | null;
  readonly verbal: number | null;
  readonly motor: number | null;
}

/** Best responses, which stand for what is not known. */
const BEST = {eye: 4, verbal: 5, motor: 6} as const;
const PART_NAMES = ['eye', 'verbal', 'motor'] as const;

/** Totals that have 0 to 4 points, worst first. @reference Vincent et al. 1996. doi:10.1007/BF01709751 */
const TOTALS: readonly (readonly [number, number])[] = [[15, 15], [13, 14], [10, 12], [6, 9], [3, 5]];

/** How old a record may be to be carried from, in minutes, and one that is too old: about 6 hours. */
const CARRIED = 359, NOT_CARRIED = 361;

/**
 * Glasgow Coma Scale, charted every few hours. A part that was not charted counts as in the record just before, if
 * that is less than 6 hours old and has it, else as normal; who is intubated cannot speak and counts as awake.
 * @param ventilated stretches of ventilation, in which the verbal response is charted as 0
 */
export function consciousness(bed: Bed, ventilated: readonly Stretch[]): HourScores {
  const {clock, chance, record, course} = bed, scores = noScores(hoursOf(clock));
  const has = chance.chance(wardLaw.drawn.gcs);
  let last: {readonly minute: number; readonly parts: Parts} | null = null;
  for (let minute = clock.arrival + chance.whole(0, 60); minute <= clock.leaving && has;) {
    const silent = ventilated.some(([from, to]) => from <= minute && minute <= to);
    const known: Parts | null = last !== null && minute - last.minute <= CARRIED ? last.parts : null;
    const points = silent ? 0 : scoreOf(course.organs.cns[indexOf(minute)]);
    const parts: Parts = silent ? {...drawParts(15 - 3 * chance.whole(0, 3), chance), verbal: 0}
      : charted(points, {known, first: last === null}, chance);
    PART_NAMES.forEach(name => {
      const value = parts[name];
      if (value !== null) record.measure(minute, `gcs_${name}`, value);
    });
    note(scores, indexOf(minute), points);
    last = {minute, parts};
    minute += nextAfter(chance);
  }
  return scores;
}

/** Minutes to the next record: 2 to 6 hours, sometimes less or more; never exactly 6, where readings of the rule part. */
function nextAfter(chance: Draws): number {
  const minutes = [[5, 55], [CARRIED, CARRIED], [NOT_CARRIED, NOT_CARRIED], [370, 600], [110, 300]] as const;
  const [low, high] = minutes[chance.weighted([0.03, 0.05, 0.06, 0.06, 0.8])];
  return chance.whole(low, high);
}

/**
 * Parts with so many points, sometimes without one of them: then its place is taken by the one carried, or by the best
 * response when the last record is too old or lacks it too. After a patient who could not speak for the tube nothing
 * is carried but the tube itself: without a verbal response the patient still counts as awake.
 */
function charted(points: number, last: {readonly known: Parts | null; readonly first: boolean}, chance: Draws): Parts {
  const [low, high] = TOTALS[points], total = chance.whole(low, high), {known, first} = last;
  const any = chance.pick(PART_NAMES), omit = PART_NAMES.find(name => known?.[name] === null) ?? any;
  const complete = drawParts(total, chance), leaves = chance.chance(0.35);
  if (!leaves || first) return complete;
  const silent = known?.verbal === 0, mute = {...complete, verbal: null};
  if (silent && omit === 'verbal') return points === 0 ? mute : complete;
  const stand = silent ? BEST[omit] : known?.[omit] ?? BEST[omit], rest = total - stand;
  const others = PART_NAMES.filter(name => name !== omit), most = others.reduce((sum, name) => sum + BEST[name], 0);
  if (rest < 2 || rest > most) return complete;
  const one = chance.whole(Math.max(1, rest - BEST[others[1]]), Math.min(BEST[others[0]], rest - 1));
  return {eye: null, verbal: null, motor: null, [others[0]]: one, [others[1]]: rest - one};
}

/** Parts, each at least 1, that add up to the total. */
function drawParts(total: number, chance: Draws): {eye: number; verbal: number; motor: number} {
  const eye = chance.whole(Math.max(1, total - 11), Math.min(4, total - 2)), rest = total - eye;
  const verbal = chance.whole(Math.max(1, rest - 6), Math.min(5, rest - 1));
  return {eye, verbal, motor: rest - verbal};
}
