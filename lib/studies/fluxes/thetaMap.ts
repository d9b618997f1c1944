import {effectByGroup, type GroupEffect, type Residuals} from '../../estimation';
import type {Exchange} from './uptake';

/** Uptake per light among half hours that are alike in temperature and dryness. */
export interface ThetaCell extends GroupEffect {
  /** Middle of the cell [°C]. */
  readonly temperature: number;
  /** Middle of the cell [hPa]. */
  readonly vpd: number;
  /** What each of the numbers that were given is in this cell, rows weighed as the effect weighs them. */
  readonly compared: Readonly<Record<string, number>>;
}

/** Options of {@link thetaByCell}. */
export interface ThetaCellOptions {
  /** Sides of a cell [°C, hPa], above 0. Default 3 and 3. */
  readonly sides?: readonly [number, number];
  /** Fewest half hours in a cell, >= 2. Default 25. */
  readonly least?: number;
  /** Numbers `[n]` each, NaN where there is none, to be averaged over the cells, such as the truth. Default none. */
  readonly compared?: Readonly<Record<string, ArrayLike<number>>>;
}

/** Cells along temperature begin here [°C], so that none begins below. */
const COLDEST = -60;

/**
 * Uptake per light in cells of temperature and dryness, each estimated by itself, with a standard error for which days
 * are clusters. The effect in a cell is a mean over its rows, weighed by the squares of what is left of the light.
 * @param residuals of net exchange, its sign turned, and of light
 * @returns cells with enough rows that fall on at least two days, by dryness and temperature
 * @throws ArgumentError for sizes that differ
 */
export function thetaByCell(
  {temperature, vpd, day}: Exchange, residuals: Residuals,
  {sides: [warm, dry] = [3, 3], least = 25, compared = {}}: ThetaCellOptions = {},
): readonly ThetaCell[] {
  const wide = 1000, power = residuals.treatment.map(t => t * t), days = day.map(Math.floor);
  const groups = Float64Array.from(day, (_, i) =>
    Math.floor(vpd[i] / dry) * wide + Math.floor((temperature[i] - COLDEST) / warm));
  const rows = new Map<number, number[]>();
  groups.forEach((group, i) => rows.set(group, [...(rows.get(group) ?? []), i]));
  const enough = groups.map(group =>
    (rows.get(group)!.length >= least && new Set(rows.get(group)!.map(i => days[i])).size > 1 ? group : NaN));
  const average = (inside: readonly number[], values: ArrayLike<number>) => {
    const known = inside.filter(i => !Number.isNaN(values[i])), total = known.reduce((sum, i) => sum + power[i], 0);
    return known.reduce((sum, i) => sum + power[i] * values[i], 0) / total;
  };
  return effectByGroup(residuals, enough, {kind: 'clusters', groups: days}).map(cell => Object.freeze({
    ...cell, vpd: (Math.floor(cell.group / wide) + 0.5) * dry, temperature: (cell.group % wide + 0.5) * warm + COLDEST,
    compared: Object.freeze(Object.fromEntries(Object.entries(compared).map(([name, values]) =>
      [name, average(rows.get(cell.group)!, values)]))),
  }));
}
