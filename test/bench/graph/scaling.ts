import type {StepSizes} from '../../graph/referenceStep';
import {compare, type Row} from './compare';
import {reference, referenceSizes} from './steps';
import {start, type EngineOptions} from './workloads';

/** The reference step with one of its sizes changed. */
export interface Point {
  readonly vary: 'horizon' | 'batch' | 'width';
  readonly value: number;
  readonly rows: readonly Row[];
}

const SIZES = {
  horizon: 'steps', batch: 'batch', width: 'width',
} as const satisfies Record<Point['vary'], keyof StepSizes>;

/** W at half and twice its horizon, batch and width: our own step beside PyTorch, both on one thread. */
export async function scaling(options: EngineOptions, rounds: number, done: (point: Point) => void): Promise<Point[]> {
  const base = await measure(referenceSizes.W, options, rounds), points: Point[] = [];
  for (const [vary, key] of Object.entries(SIZES) as [Point['vary'], keyof StepSizes][]) {
    for (const factor of [0.5, 1, 2]) {
      const value = referenceSizes.W[key] * factor;
      const point = {
        vary, value, rows: factor === 1 ? base : await measure({...referenceSizes.W, [key]: value}, options, rounds),
      };
      done(point);
      points.push(point);
    }
  }
  return points;
}

async function measure(sizes: StepSizes, options: EngineOptions, rounds: number): Promise<Row[]> {
  const workload =
    {name: 'scaling', step: reference(sizes), engines: ['native', 'onnxruntime', 'torch'], compared: 3} as const;
  return compare(await start(workload, options), rounds);
}
