import type {Trajectories} from '../data/trajectories';
import {diagnose, failedFit, type DiagnoseOptions, type Failure, type Finding} from '../evaluation/diagnose';
import {evaluate, type Scores} from '../evaluation/evaluate';
import type {Protocol} from '../evaluation/protocol';
import type {FitContext, FittedForecaster, Forecaster, Information} from '../models/forecaster';
import {DivergenceError} from '../training/loop';
import type {TimedForecaster, TrainingCost} from './cost';

/** Data and questions on which a method is tried. */
export interface TrialTask<K extends string, M extends object = object> {
  readonly train: Trajectories;
  readonly validation: Trajectories;
  readonly test: Trajectories;
  /** What the fitted method is asked, by name. */
  readonly protocols: Readonly<Record<K, Protocol>>;
  /** Where a trained method is looked at for being lost, see `diagnose`. Default: only divergence is noticed. */
  readonly suspect?: DiagnoseOptions;
  /** What else the fitted method is asked; answers plain data. Default: nothing. */
  readonly measure?: (fitted: FittedForecaster) => Promise<M>;
}

/** What came of a method on one draw of the data; plain data, so that a sweep can keep it. */
export interface Trial<K extends string, M extends object = object> {
  readonly information: Information;
  /** What is wrong with the model, lost or not. */
  readonly findings: readonly Finding[];
  /** Whether the model is lost: nothing of it should be averaged. */
  readonly lost: boolean;
  /** Where the method tells what its training took. */
  readonly cost?: TrainingCost;
  /** Number of weights, of a trained method. */
  readonly parameters?: number;
  /** By protocol; undefined for a method that diverged, or answers with values that are not finite. */
  readonly scores?: Readonly<Record<K, Scores>>;
  /** What was asked beside the scores; undefined where these are, or nothing was asked. */
  readonly measured?: M;
}

/** Failures with which a model is lost, and with it the method in whatever table this draw is part of. */
const LOST: readonly Failure[] = [
  'diverged', 'not finite', 'ran away', 'collapsed to the mean', 'collapsed to the last value',
];

/** Whether a model with this finding is lost. */
export const isLost = ({failure}: Finding): boolean => LOST.includes(failure);

/**
 * Fits a method, looks whether it is lost, and scores it under each protocol. A training that diverges is an answer,
 * not an error.
 * @throws whatever else `fit` throws; ArgumentError when a protocol does not fit the data
 */
export async function runTrial<K extends string, M extends object = object>(
  forecaster: Forecaster, task: TrialTask<K, M>, context: FitContext,
): Promise<Trial<K, M>> {
  const {train, validation} = task, {name, information} = forecaster;
  const fitted = await forecaster.fit(train, validation, context).catch((error: Error) => error);
  if (fitted instanceof DivergenceError) return {information, findings: [failedFit(name, fitted)], lost: true};
  if (fitted instanceof Error) throw fitted;
  try {
    return await judged(fitted, task);
  } finally {
    await fitted.dispose?.(); // else its programs stay compiled as long as something holds it
  }
}

/** What a fitted method is found to be. */
async function judged<K extends string, M extends object>(
  fitted: FittedForecaster, {test, protocols, suspect, measure}: TrialTask<K, M>,
): Promise<Trial<K, M>> {
  const findings = suspect && 'curve' in fitted ? await diagnose(fitted, test, suspect) : [];
  const {cost, parameters} = fitted as Partial<TimedForecaster<unknown>>;
  const known = {information: fitted.information, findings, lost: findings.some(isLost), cost, parameters};
  if (findings.some(({failure}) => failure === 'not finite')) return known;
  const scores: Partial<Record<K, Scores>> = {};
  for (const kind of Object.keys(protocols) as K[]) scores[kind] = await evaluate(fitted, test, protocols[kind]);
  return {...known, scores: scores as Record<K, Scores>, ...(measure && {measured: await measure(fitted)})};
}
