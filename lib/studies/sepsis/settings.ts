import {inParallel} from '../../experiments';
import {expect} from '../../errors';
import {evaluate, pooled, protocol, trainingSd} from '../../evaluation';
import {mean} from '../../math';
import {persistence, type FitContext, type FittedForecaster} from '../../models';
import {DivergenceError} from '../../training';
import type {SepsisSplit} from './cohort/split';
import {decisionHours, sepsisForecasters, type SepsisForecastersOptions, type SepsisSetting} from './methods';

/** Options of {@link chosenSettings}. */
export interface ChosenSettingsOptions extends Omit<SepsisForecastersOptions, 'setting' | 'settings'> {
  /** Settings to try, at least one; the first of those that come out equal is kept. */
  readonly candidates: readonly SepsisSetting[];
  /** Trainings at a time, >= 1. Default 1. */
  readonly jobs?: number;
  /** Called after each training. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** How one method fared with each setting. */
export interface ChosenSetting {
  readonly name: string;
  /** The setting with the lowest error. */
  readonly setting: SepsisSetting;
  /**
   * `[candidates]`: error on the validation stays over that of the last value, mean over the forecast outcomes and one
   * to six hours ahead; Infinity where the training diverged.
   */
  readonly errors: readonly number[];
}

/** Hours ahead over which errors are averaged: those of Table 3. */
const AHEAD = 6;

/**
 * For each learned method the setting with the lowest error on the validation stays, all methods over the same ones.
 * It is given no test stays, so that done inside each split nothing is chosen on those that a table tests. Errors are
 * those of the tempered forecasts, each outcome over the last value's, so that none outweighs another.
 * @throws ArgumentError without candidates, for a rate that is not above 0, or a method that does not exist
 */
export async function chosenSettings(
  {train, validation}: Pick<SepsisSplit, 'train' | 'validation'>,
  {candidates, jobs = 1, onProgress, ...options}: ChosenSettingsOptions,
  context: FitContext,
): Promise<ChosenSetting[]> {
  expect(candidates.length > 0, {
    fn: 'chosenSettings', argument: 'candidates', expected: 'at least one setting', received: 'none',
  });
  const tries = candidates.flatMap(setting => sepsisForecasters({...options, setting}));
  const errorOf = await judge({train, validation}, decisionHours(options.hours), context);
  let done = 0;
  const errors = await inParallel(tries, jobs, async ({forecaster}, signal) => {
    const fitted = await forecaster.fit(train, validation, {...context, signal}).catch((error: Error) => error);
    onProgress?.(++done, tries.length);
    if (fitted instanceof DivergenceError) return Infinity;
    if (fitted instanceof Error) throw fitted;
    try {
      return await errorOf(fitted);
    } finally {
      await fitted.dispose?.();
    }
  }, context.signal);
  const methods = tries.length / candidates.length;
  return tries.slice(0, methods).map(({name}, k) => {
    const own = candidates.map((_, c) => errors[c * methods + k]);
    return Object.freeze({name, setting: candidates[own.indexOf(Math.min(...own))], errors: Object.freeze(own)});
  });
}

/** How far fitted methods are from the validation stays, over how far the last value is. */
async function judge(
  {train, validation}: Pick<SepsisSplit, 'train' | 'validation'>, decisions: readonly number[], context: FitContext,
): Promise<(fitted: FittedForecaster) => Promise<number>> {
  const rule = protocol({name: 'validation', decisions, horizon: AHEAD, scaling: trainingSd(train)});
  const forecast = train.channels.outcomes.filter(({role}) => role !== 'covariate').map(({name}) => name);
  const cellsOf = async (fitted: FittedForecaster) =>
    pooled(await evaluate(fitted, validation, rule)).cells.filter(({outcome}) => forecast.includes(outcome));
  // A handful of targets may all be hit by the last value, and nothing can be said over 0.
  const last = (await cellsOf(await persistence.fit(train, validation, context))).map(({rmse}) => rmse);
  return async fitted => {
    const cells = await cellsOf(fitted), ratios = cells.map(({rmse}, k) => rmse / last[k]);
    return cells.every(({rmse}) => Number.isFinite(rmse)) ? mean(ratios.filter((_, k) => last[k] > 0)) : Infinity;
  };
}
