import {BEFORE, hoursOf} from './clock';
import {hourOf, indexOf, panelMinutes, type Bed, type Stretch} from './bed';
import type {Draws} from './draws';
import {wardLaw} from './law';
import {note, noScores, scoreOf, type HourScores} from './organs';

/** Ratios of oxygen in blood (mmHg) to its share in the air that have 0 to 4 points: from, and below. */
const RATIOS: readonly Stretch[] = [[400, 520], [300, 400], [200, 300], [100, 200], [50, 100]];

/** Most points without ventilation. */
const UNVENTILATED = 2;

/** How long before a gas its share of oxygen may have been charted, in minutes. */
const PAIRED = 240;

/** Points of the lungs, and when the patient was ventilated. */
export interface Breathing {
  readonly scores: HourScores;
  readonly ventilated: readonly Stretch[];
}

/**
 * Ventilation, blood gases and the share of oxygen breathed in. A gas counts with the last share charted in the 4 hours
 * before it, or with it; without one it says nothing. Three and four points need ventilation at the time of the gas.
 * @reference Vincent et al. 1996, The SOFA score. doi:10.1007/BF01709751
 */
export function breathing(bed: Bed): Breathing {
  const {chance, course, clock, record} = bed, scores = noScores(hoursOf(clock));
  const ventilated = ventilation(bed), has = chance.chance(wardLaw.drawn.gas) || ventilated.length > 0;
  ventilated.forEach(stretch => charted(stretch, chance).forEach(part => record.ventilate(part)));
  const minutes = panelMinutes(bed, wardLaw.panels.gas as unknown as [number, number]);
  if (!has) return {scores, ventilated};
  const atEnds = minutes.map(minute => edgeOf(ventilated, minute, chance));
  for (const minute of atEnds) {
    const index = indexOf(minute), severity = course.organs.respiration[Math.max(0, index)];
    const on = ventilated.some(([from, to]) => from <= minute && minute <= to);
    const paired = gas(bed, minute, {points: scoreOf(severity), on});
    if (paired && index >= 0) note(scores, index, Math.min(scoreOf(severity), on ? 4 : UNVENTILATED));
  }
  return {scores, ventilated};
}

/** From the first hour in which the lungs are very ill, for 10 hours or more, until they are better or the stay ends. */
function ventilation({course, clock, chance}: Bed): Stretch[] {
  const lungs = (h: number) => course.organs.respiration[h + BEFORE], stretches: Stretch[] = [];
  for (let h = 1; h <= Math.floor(clock.leaving / 60); h++) {
    if (lungs(h) < 2.3 || chance.chance(0.3)) continue;
    let end = h + 10;
    while (end < clock.last && lungs(end) > 1.5) end++;
    const from = 60 * h - chance.whole(0, 50), to = Math.min(clock.leaving, 60 * end - chance.whole(0, 50));
    stretches.push([from, to]);
    h = end + 6;
  }
  return stretches;
}

/** A stretch as it is written down: whole, in two parts that overlap, or with a part of it once more. */
function charted([from, to]: Stretch, chance: Draws): Stretch[] {
  const u = chance.uniform(), middle = Math.round((from + to) / 2);
  if (u < 0.2) return [[from, middle + 60], [middle, to]];
  return u < 0.3 ? [[from, to], [from + 30, middle]] : [[from, to]];
}

/** A gas within 20 minutes of the start or the end of ventilation is sometimes drawn just then. */
function edgeOf(ventilated: readonly Stretch[], minute: number, chance: Draws): number {
  const edge = ventilated.flat().find(at => Math.abs(at - minute) <= 20);
  return chance.chance(0.5) && edge !== undefined ? edge : minute;
}

/** Writes a gas and its share of oxygen; answers whether there was one in time. */
function gas({chance, record, clock}: Bed, minute: number, {points, on}: {points: number; on: boolean}): boolean {
  const fio2 = chance.pick(on ? [40, 50, 50, 60, 80, 100] : points === 0 ? [21, 21, 50] : [28, 35, 40, 50, 60]);
  const pao2 = pressure(RATIOS[points], fio2, chance);
  record.measure(minute, 'pao2', pao2);
  // Of simultaneous values the highest counts.
  if (chance.chance(0.1)) record.measure(minute, 'pao2', Math.max(15, Math.round(pao2 * chance.between(0.3, 0.9))));
  const written = minute - before(chance), stray = chance.uniform();
  if (chance.chance(0.06)) {
    record.measure(minute - PAIRED - 1, 'fio2', fio2);
    return false;
  }
  record.measure(written, 'fio2', fio2);
  // Others that must not count: an older one, though it is in time, and one after the gas.
  if (stray < 0.2) record.measure(Math.max(minute - PAIRED - 30, written - chance.whole(5, 90)), 'fio2', other(fio2));
  if (stray > 0.8 && minute + 30 <= clock.leaving) record.measure(minute + chance.whole(1, 30), 'fio2', other(fio2));
  else if (stray > 0.6) better(minute, {chance, record, clock});
  return true;
}

/** A second gas in the same hour, with the best of ratios. */
function better(minute: number, {chance, record, clock}: Pick<Bed, 'chance' | 'record' | 'clock'>): void {
  const again = Math.min(60 * hourOf(minute), clock.leaving);
  if (again === minute) return;
  record.measure(again, 'pao2', pressure(RATIOS[0], 50, chance));
  record.measure(again, 'fio2', 50);
}

/** Minutes before the gas: at once, in the longest time that counts, or between. */
function before(chance: Draws): number {
  const u = chance.uniform();
  return u < 0.25 ? 0 : u < 0.35 ? PAIRED : chance.whole(1, PAIRED);
}

/** Another share of oxygen, so far away that the points would differ. */
const other = (fio2: number): number => (fio2 > 45 ? 21 : 100);

/** Whole mmHg whose ratio lies in the band; often at its lower or upper end. */
function pressure([from, below]: Stretch, fio2: number, chance: Draws): number {
  const least = Math.ceil((from * fio2) / 100), most = Math.ceil((below * fio2) / 100) - 1;
  // Divided by 0.35 instead of 35, some ratios on the edge round to below it; with 50 and 100 none does.
  const sure = fio2 % 50 === 0 || (from * fio2) % 100 !== 0 ? least : least + 1;
  const u = chance.uniform();
  return u < 0.15 ? sure : u < 0.3 ? most : chance.whole(sure, most);
}

