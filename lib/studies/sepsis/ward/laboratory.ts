import {hoursOf} from './clock';
import {indexOf, panelMinutes, rounded, type Bed} from './bed';
import type {Draws} from './draws';
import {wardLaw, type OtherLab} from './law';
import {note, noScores, scoreOf, withinScore, type HourScores} from './organs';

/** A laboratory value by which SOFA scores an organ. */
interface ScoredLab {
  readonly quantity: 'platelets' | 'bilirubin' | 'creatinine';
  readonly digits: number;
  /** For 0 to 4 points the best and the worst value that still has them. */
  readonly bands: readonly (readonly [best: number, worst: number])[];
}

/** Bands of SOFA; the outer ends of 0 and 4 points are made. @reference Vincent et al. 1996. doi:10.1007/BF01709751 */
const PLATELETS: ScoredLab =
  {quantity: 'platelets', digits: 0, bands: [[420, 150], [149, 100], [99, 50], [49, 20], [19, 4]]};
const BILIRUBIN: ScoredLab =
  {quantity: 'bilirubin', digits: 1, bands: [[0.2, 1.1], [1.2, 1.9], [2, 5.9], [6, 11.9], [12, 35]]};
const CREATININE: ScoredLab =
  {quantity: 'creatinine', digits: 1, bands: [[0.5, 1.1], [1.2, 1.9], [2, 3.4], [3.5, 4.9], [5, 12]]};

/** Points of the organs that the laboratory shows. */
export interface LaboratoryScores {
  readonly coagulation: HourScores;
  readonly liver: HourScores;
  readonly creatinine: HourScores;
}

/**
 * Draws blood and writes down what the laboratory finds: values that have exactly the points of the organ's severity
 * in that hour, one in five on the edge of its band.
 */
export function laboratory(bed: Bed): LaboratoryScores {
  const {chance, clock} = bed, {panels, drawn} = wardLaw, others = otherLabs(bed);
  const panel = (name: 'chemistry' | 'blood' | 'liver', take: (minute: number) => void) => {
    const has = chance.chance(drawn[name]), minutes = panelMinutes(bed, panels[name] as unknown as [number, number]);
    if (has) minutes.forEach(take);
  };
  const scores = {
    coagulation: noScores(hoursOf(clock)), liver: noScores(hoursOf(clock)), creatinine: noScores(hoursOf(clock)),
  };
  panel('blood', minute => {
    scored(bed, minute, PLATELETS, scores.coagulation);
    others('rdw', minute);
  });
  panel('liver', minute => {
    scored(bed, minute, BILIRUBIN, scores.liver);
    others('alt', minute);
  });
  panel('chemistry', minute => {
    scored(bed, minute, CREATININE, scores.creatinine);
    (['bun', 'bicarbonate', 'anion_gap'] as const).forEach(name => others(name, minute));
  });
  return scores;
}

/**
 * One value with the points of its hour, sometimes with another one that must not count: a lower one of the same
 * minute (of simultaneous values the highest counts), or a better one within the hour.
 */
function scored({course, chance, record}: Bed, minute: number, lab: ScoredLab, scores: HourScores): void {
  const {quantity, bands, digits} = lab, index = indexOf(minute), higherIsBetter = quantity === 'platelets';
  const severity = course.organs[ORGANS[quantity]][Math.max(0, index)], points = scoreOf(severity);
  const value = inBand(bands[points], withinScore(severity), digits, chance);
  record.measure(minute, quantity, value);
  if (index >= 0) note(scores, index, points);
  if (chance.chance(0.06)) record.measure(minute, quantity, rounded(value * chance.between(0.3, 0.95), digits));
  if (points > 0 && chance.chance(0.05)) {
    const better = rounded(bands[0][1] * (higherIsBetter ? 1.2 : 0.8), digits), earlier = minute - 1;
    if (indexOf(earlier) === index) record.measure(earlier, quantity, better);
  }
}

const ORGANS = {platelets: 'coagulation', bilirubin: 'liver', creatinine: 'renal'} as const;

/** A value in the band, geometrically between its ends; one in five on an end. */
function inBand(
  [best, worst]: readonly [number, number], part: number, digits: number, chance: Draws,
): number {
  const u = chance.uniform(), low = Math.min(best, worst), high = Math.max(best, worst);
  if (u < 0.2) return u < 0.1 ? best : worst;
  return Math.min(high, Math.max(low, rounded(best * (worst / best) ** part, digits)));
}

/** Values without points, each around a level of the patient's own that general severity moves. */
function otherLabs({course, chance, record}: Bed): (name: OtherLab, minute: number) => void {
  const names = Object.keys(wardLaw.labs) as OtherLab[];
  const own = Object.fromEntries(names.map(name => [name, chance.normal()])) as Record<OtherLab, number>;
  return (name, minute) => {
    const {mean, between, within, severity, digits} = wardLaw.labs[name];
    const s = course.severity[Math.max(0, indexOf(minute))];
    const log = Math.log(mean) + between * own[name] + within * chance.normal() + severity * (s - 0.5);
    record.measure(minute, name, Math.max(digits === 0 ? 1 : 0.1, rounded(Math.exp(log), digits)));
  };
}

