import {existsSync, mkdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Trajectories} from '../data';
import {writeWhole} from '../files';
import type {FitContext} from '../models/forecaster';
import type {LearnedForecaster, TrainedForecaster} from '../training/learned';

/** What a training took. */
export interface TrainingCost {
  /** Wall-clock seconds of the whole training where it ran; undefined for a reused training without a record. */
  readonly seconds?: number;
  /** Whether the weights were trained before and only read now; then the seconds are those of that time. */
  readonly cached: boolean;
}

/** A trained forecaster that knows what it took. */
export interface TimedForecaster<P> extends TrainedForecaster<P> {
  readonly cost: TrainingCost;
}

/** A forecaster whose trained form knows what it took. */
export interface TimedLearner<P> extends LearnedForecaster<P> {
  /** Trains, and takes the time. */
  fit(training: Trajectories, validation: Trajectories, context: FitContext): Promise<TimedForecaster<P>>;
}

/**
 * The same forecaster, with its training timed. The time stands in a file beside the checkpoint, so that a reused
 * training still tells what it took. A training that was stopped and went on is timed by its epochs of this run.
 * @param folder where times are kept, usually the checkpoints' folder; default: none are kept
 */
export function timed<P>(forecaster: LearnedForecaster<P>, folder?: string): TimedLearner<P> {
  return Object.freeze({
    ...forecaster,
    async fit(training: Trajectories, validation: Trajectories, context: FitContext) {
      const start = performance.now();
      let epochs = 0;
      const onProgress: FitContext['onProgress'] = (...said) => (epochs++, context.onProgress?.(...said));
      const fitted = await forecaster.fit(training, validation, {...context, onProgress});
      const path = folder && join(folder, `${fitted.identity.slice(0, 16)}.seconds.json`);
      if (epochs === 0 && fitted.curve.length > 0) {
        const cost = {seconds: path && read(path), cached: true} as TrainingCost;
        return Object.freeze({...fitted, cost});
      }
      const seconds = (performance.now() - start) / 1000 * fitted.curve.length / Math.max(1, epochs);
      if (path) write(folder, path, seconds);
      return Object.freeze({...fitted, cost: {seconds, cached: false}});
    },
  });
}

const read = (path: string): number | undefined =>
  existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as {seconds: number}).seconds : undefined;

function write(folder: string, path: string, seconds: number): void {
  mkdirSync(folder, {recursive: true});
  writeWhole(path, JSON.stringify({seconds}));
}
