import {normal} from '../math/normal';
import type {Rng} from '../math/rng';
import {handle, type Handle} from '../graph';
import type {Network} from '../models/network';
import type {HistoryRows, PlanRows, SeriesShape, WindowBatch} from '../data';
import type {Batch} from './loop';
import {HISTORY_INPUTS, PLAN_INPUTS, TARGET_INPUTS} from './functions';

interface Size {
  readonly batch: number;
  /** L */
  readonly length: number;
  /** S */
  readonly horizon: number;
}

/** Shapes of the inputs that follow the parameters, in order. */
export function inputShapes(
  {batch: B, length: L, horizon: S}: Size, {outcomes: dy, treatments: da, statics: ds}: SeriesShape,
): {history: number[][]; plan: number[][]; target: number[][]} {
  return {
    history: [[B, L], [B, L, dy], [B, L, dy], [B, L, da], [B, L], [B, ds]],
    plan: [[B, S], [B, S, da]],
    target: [[B, S, dy], [B, S, dy]],
  };
}

/** A window batch as the inputs that the recorded functions take. */
export function toBatch({size, history, plan, target}: WindowBatch, shape: SeriesShape): Batch {
  return [...toInputs(history, plan, size, shape), ...TARGET_INPUTS.map((name, i) =>
    handle(target[name], inputShapes(size, shape).target[i]))];
}

/** A history and a plan as inputs. */
export function toInputs(history: HistoryRows, plan: PlanRows, size: Size, shape: SeriesShape): Handle[] {
  const shapes = inputShapes(size, shape);
  return [...HISTORY_INPUTS.map((name, i) => handle(history[name], shapes.history[i])), ...PLAN_INPUTS.map((name, i) =>
    handle(plan[name], shapes.plan[i]))];
}

/** `[B, n]` standard normal numbers for a network that takes them, as an input; none for the others. */
export function noiseInput(network: Pick<Network<never>, 'noise'>, rng: Rng, batch: number, horizon: number): Handle[] {
  const n = network.noise?.(horizon);
  return n === undefined ? [] : [handle(Float32Array.from(normal(rng, batch * n)), [batch, n])];
}
