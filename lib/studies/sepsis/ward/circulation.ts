import {BEFORE, hoursOf} from './clock';
import {minuteOf, minutesIn, rounded, type Bed} from './bed';
import type {Draws} from './draws';
import {wardLaw} from './law';
import {note, noScores, scoreOf, withinScore, type HourScores} from './organs';

interface Infusion {
  readonly drug: string;
  /** mcg/kg/min; missing where the record has none. */
  readonly rate: number | null;
}

/** Infusions that have exactly 2, 3 and 4 points; rates in mcg/kg/min, edges first. */
const INFUSIONS: Readonly<Record<2 | 3 | 4, readonly ((chance: Draws) => Infusion)[]>> = {
  2: [
    () => ({drug: 'dopamine', rate: 5}), c => ({drug: 'dopamine', rate: rounded(c.between(1, 4.9), 1)}),
    c => ({drug: 'dobutamine', rate: rounded(c.between(1, 12), 1)}),
    c => ({drug: 'dobutamine', rate: rounded(c.between(2, 10), 2)}), () => ({drug: 'dobutamine', rate: null}),
  ],
  3: [
    () => ({drug: 'norepinephrine', rate: 0.1}), () => ({drug: 'epinephrine', rate: 0.1}),
    () => ({drug: 'dopamine', rate: 15}), c => ({drug: 'dopamine', rate: rounded(c.between(5.1, 14.9), 1)}),
    c => ({drug: 'norepinephrine', rate: rounded(c.between(0.01, 0.099), 3)}),
    c => ({drug: 'norepinephrine', rate: rounded(c.between(0.01, 0.099), 3)}),
    c => ({drug: 'epinephrine', rate: rounded(c.between(0.01, 0.099), 3)}),
    () => ({drug: 'norepinephrine', rate: null}),
  ],
  4: [
    () => ({drug: 'norepinephrine', rate: 0.101}), () => ({drug: 'dopamine', rate: 15.1}),
    c => ({drug: 'norepinephrine', rate: rounded(c.between(0.11, 0.6), 3)}),
    c => ({drug: 'norepinephrine', rate: rounded(c.between(0.11, 0.6), 3)}),
    c => ({drug: 'epinephrine', rate: rounded(c.between(0.11, 0.4), 3)}),
    c => ({drug: 'dopamine', rate: rounded(c.between(15.2, 20), 1)}),
  ],
};

/** Vasoactive drugs that SOFA does not score. */
const UNSCORED: readonly ((chance: Draws) => Infusion)[] = [
  c => ({drug: 'phenylephrine', rate: rounded(c.between(0.3, 3), 2)}),
  c => ({drug: 'vasopressin', rate: rounded(c.between(0.01, 0.04), 3)}),
  c => ({drug: 'milrinone', rate: rounded(c.between(0.2, 0.6), 3)}),
];

/**
 * Pulse, blood pressure and vasoactive drugs. The points of an hour are those of the drug that runs when it ends
 * (started before, stopped then or later), else of its lowest mean pressure.
 */
export function circulation(bed: Bed): HourScores {
  const scores = noScores(hoursOf(bed.clock));
  for (let h = 0; h <= bed.clock.last; h++) vitals(bed, h, scores);
  infusions(bed, scores);
  return scores;
}

function vitals(bed: Bed, h: number, scores: HourScores): void {
  const {clock, course, chance, record} = bed, i = h + BEFORE, minutes = minutesIn(clock, h);
  if (minutes[0] > minutes[1]) return;
  const {heartRate, pulse, pressure} = wardLaw.vitals, severity = course.organs.cardiovascular[i];
  const minute = minuteOf(minutes, chance), rate = heartRate.mean + 8 * (course.severity[i] - 0.5);
  record.measure(minute, 'heart_rate', Math.max(25, Math.round(rate + heartRate.within * chance.normal())));
  if (!chance.chance(wardLaw.pressure)) return;
  const points = Math.min(1, scoreOf(severity)), map = meanPressure(severity, points, chance);
  note(scores, i, points);
  const apart = Math.round(pulse + pressure.within * chance.normal() / 2);
  record.measure(minute, 'dbp', Math.max(15, map - Math.round(apart / 3)));
  record.measure(minute, 'sbp', map - Math.round(apart / 3) + apart);
  if (chance.chance(0.04)) {
    // Arterial line and cuff at once: their mean counts, neither alone.
    const d = chance.whole(4, 20);
    record.measure(minute, 'map', map - d);
    record.measure(minute, 'map', map + d);
  } else record.measure(minute, 'map', map);
  if (chance.chance(0.05)) better(bed, h, minute);
}

/** A second pressure in the hour that is no worse than 70. */
function better({clock, chance, record}: Bed, h: number, minute: number): void {
  const other = minuteOf(minutesIn(clock, h), chance);
  if (other !== minute) record.measure(other, 'map', chance.whole(70, 95));
}

/** mmHg: below 70 with one point; one in ten on the edge. */
function meanPressure(severity: number, points: number, chance: Draws): number {
  if (chance.chance(0.1)) return points === 1 ? 69 : 70;
  if (points === 1) return Math.max(42, Math.round(69 - 7 * withinScore(severity) - 4 * chance.uniform()));
  const {mean, within} = wardLaw.vitals.pressure;
  return Math.max(70, Math.round(mean + 4 * (1 - 2 * withinScore(severity)) + within * chance.normal()));
}

/** Runs of hours with two points or more, each with drugs whose rates have just these. */
function infusions({clock, course, chance, record}: Bed, scores: HourScores): void {
  const ends = Math.floor(clock.leaving / 60), severity = course.organs.cardiovascular;
  const pointsAt = (h: number) => scoreOf(severity[h + BEFORE]);
  for (let h = 0, last = 0; h <= ends; h = last + 1) {
    const points = pointsAt(last = h);
    if (points < 2) unscored(h);
    else {
      while (last < ends && pointsAt(last + 1) === points && chance.chance(0.75)) last++;
      run(h, last, points as 2 | 3 | 4);
    }
  }

  /** One drug at one rate that runs when the hours from `first` to `last` end, and no other. */
  function run(first: number, last: number, points: 2 | 3 | 4): void {
    const from = start(first), over = chance.chance(0.3) ? 0 : chance.whole(1, 59);
    if (from >= 60 * first) return;
    const {drug, rate} = chance.pick(INFUSIONS[points])(chance);
    record.infuse([from, Math.min(clock.leaving, 60 * last + over)], drug, rate);
    for (let k = first; k <= last; k++) note(scores, k + BEFORE, points);
    // A second, slower line of the same drug: the highest rate counts.
    if (rate !== null && chance.chance(0.1)) record.infuse([from, 60 * last], drug, rounded(rate * 0.3, 3));
  }

  /** Within the hour before its end; sometimes at the end of the hour before, which then does not count yet. */
  function start(h: number): number {
    return Math.max(clock.arrival, 60 * (h - 1) + (h % 5 === 0 ? 0 : 7 * h % 59 + 1));
  }

  /** What must not count: drugs without points, a drug that came and went before the hour was over, a rate of 0. */
  function unscored(h: number): void {
    if (h === 0) return;
    if (chance.chance(0.01)) {
      const {drug, rate} = chance.pick(UNSCORED)(chance);
      record.infuse([60 * h - 50, Math.min(clock.leaving, 60 * h + chance.whole(0, 300))], drug, rate);
    }
    if (chance.chance(0.004)) record.infuse([60 * h - 50, 60 * h - 10], 'norepinephrine', 0.2);
    if (chance.chance(0.004)) record.infuse([60 * h - 30, 60 * h], chance.pick(['epinephrine', 'dobutamine']), 0);
  }
}
