import {createHash} from 'node:crypto';
import {existsSync, mkdirSync, readFileSync, rmSync} from 'node:fs';
import {basename, dirname} from 'node:path';
import type {Scores} from '../../evaluation/evaluate';
import type {Finding} from '../../evaluation/diagnose';
import {writeWhole} from '../../files';
import {fold, rng} from '../../math';
import type {FittedForecaster} from '../../models';
import type {Epoch, Model, TrainedForecaster} from '../../training';
import {codeVersion} from '../codeVersion';
import {runTrial} from '../trial';
import {costAccount} from './cost';
import {specHash} from './spec';
import type {TrainableStudy, TrainSpec} from './trainableStudy';

/** What came of a training, as its file has it. Equal specifications give equal bytes; costs are in a file beside. */
export interface TrainResult {
  readonly spec: Omit<TrainSpec, 'budget'> & {readonly budget: {readonly epochs: number}};
  /** Of the specification. */
  readonly hash: string;
  /** Hash of what computed: the library, its packages, Node, the kind of processor, the engine. */
  readonly code: string;
  /** Diverged: a loss or a forecast was not finite, so that there are no scores. */
  readonly state: 'done' | 'diverged';
  readonly findings: readonly Finding[];
  readonly scores?: Readonly<Record<string, Scores>>;
  readonly curve?: readonly Epoch[];
  /** Hash of programs, first weights, options, engine and data. */
  readonly identity?: string;
  readonly parameters?: number;
  /** File beside this one, and its SHA-256. */
  readonly weights?: {readonly file: string; readonly sha256: string};
}

/** Thrown where a training stopped before its end, and may go on from its checkpoint. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** Options of {@link trainSpec}. */
export interface TrainSpecOptions {
  /** Path of the result, a `.json`; weights, costs and checkpoints stand beside it. */
  readonly out: string;
  /** Folder of checkpoints, kept when the training ends. Default: one beside the result, gone when it ends. */
  readonly checkpoints?: string;
  /**
   * `codeVersion` of what this process runs; default: of the files as they are now. A process that trains for long asks
   * once, at its start, for files may change while it runs what they were.
   */
  readonly code?: string;
  readonly signal?: AbortSignal;
  /** Called after each epoch with the fraction done and a short text. */
  readonly onProgress?: (fraction: number, text: string) => void;
}

/**
 * Trains and scores what a specification says, and writes the result, whole or not at all. One that is there already,
 * of this specification and this code, is left as it is; a training that was stopped or killed goes on from its last
 * epoch.
 * @throws Interrupted when stopped by the signal or the budget; the file system's own error, e.g. ENOSPC
 */
export async function trainSpec(
  spec: TrainSpec, study: TrainableStudy, {out, checkpoints, code: running, signal, onProgress}: TrainSpecOptions,
): Promise<TrainResult> {
  const hash = specHash(spec), code = running ?? await codeVersion(), base = out.replace(/\.json$/, '');
  const known = readResult(out);
  if (known?.hash === hash && known.code === code) return known;
  mkdirSync(dirname(out), {recursive: true});
  const account = costAccount(`${base}.cost.json`), watch = watched(spec, account.spent, signal);
  const folder = checkpoints ?? `${base}.checkpoints`;
  let epochs = 0;
  try {
    const {forecaster, task} = study.prepare(spec, folder);
    const {scores, findings, parameters, measured} = await runTrial(forecaster, {
      ...task, measure: async fitted => trained(fitted, `${base}.safetensors`),
    }, {
      rng: fold(rng(spec.seed), 'fit'), signal: watch.signal,
      onProgress: (fraction, text) => {
        account.note(epochs = Math.round(fraction * spec.budget.epochs));
        onProgress?.(fraction, text);
      },
    });
    const state = scores ? 'done' : 'diverged', {seconds: _, ...budget} = spec.budget;
    const result = {spec: {...spec, budget}, hash, code, state, parameters, ...measured, findings, scores} as const;
    account.note(measured?.curve.length ?? epochs);
    writeWhole(out, `${JSON.stringify(result, undefined, 1)}\n`);
    if (!checkpoints) rmSync(folder, {recursive: true, force: true});
    return readResult(out)!;
  } catch (error) {
    if (watch.signal.aborted) throw watch.signal.reason;
    throw error;
  } finally {
    watch.end();
  }
}

/** The result in this file; undefined where there is none, or no whole one. */
export function readResult(path: string): TrainResult | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as TrainResult;
  } catch {
    return undefined;
  }
}

/** What a trained method says of its training; its weights go into a file. */
function trained(fitted: FittedForecaster, path: string): Pick<TrainResult, 'curve' | 'identity' | 'weights'> & {
  readonly curve: readonly Epoch[];
} {
  const {curve, identity, save} = fitted as Partial<TrainedForecaster<unknown>> & Pick<Model<unknown>, 'save'>;
  save(path);
  const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex');
  return {curve: curve ?? [], identity, weights: {file: basename(path), sha256}};
}

/** How often the processor's time is looked at [ms]. */
const PERIOD = 250;

/** A signal that fires with the caller's, or when the budget of processor seconds is used up. */
function watched({budget: {seconds = Infinity}}: TrainSpec, spent: () => number, given?: AbortSignal) {
  const own = new AbortController();
  const stop = (why: string) => own.abort(new Interrupted(`${why}; it goes on from its last epoch when run again.`));
  const onSignal = () => stop('The training was stopped');
  const look = () => (spent() >= seconds ? stop(`The training has used its ${seconds} processor seconds`) : undefined);
  look();
  if (given?.aborted) onSignal();
  given?.addEventListener('abort', onSignal);
  const timer = setInterval(look, PERIOD);
  return {
    signal: own.signal,
    end() {
      clearInterval(timer);
      given?.removeEventListener('abort', onSignal);
    },
  };
}
