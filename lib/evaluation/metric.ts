import {expect} from '../errors';

/** What a model says about one outcome of one unit at one time. */
export interface PointForecast {
  readonly mean: number;
  /** `[S]`, ascending: the model's draws; empty where it gives none. */
  readonly samples: Float64Array;
}

/** What a score carries of its metric: plain data. */
export interface ScoredMetric {
  /** Unlike those of all others, with its level where there is one, e.g. `'coverage 0.9'`. */
  readonly name: string;
  /** `'outcome'`: counted in the protocol's unit. `'share'`: a share of the targets, in [0, 1]. */
  readonly unit: 'outcome' | 'share';
  /** Whether the lower is the better. Coverage has no better, only a level that it should have. */
  readonly ranks: boolean;
}

/** A way to judge forecasts, one target at a time; targets are averaged. */
export interface Metric extends ScoredMetric {
  /** Least number of draws that a forecast must have; 0: its mean is enough. */
  readonly draws: number;
  /** Of one target, in the outcome's own unit or a power of it that {@link Metric.total} takes back. */
  score(truth: number, forecast: PointForecast): number;
  /** The number to report, of the mean of scores over targets. Default: that mean. */
  total?(mean: number): number;
}

/** What a score carries of a metric. */
export const scoredMetric = ({name, unit, ranks}: ScoredMetric): ScoredMetric => Object.freeze({name, unit, ranks});

/** The metric that every score has, whatever else was asked for. */
export const RMSE: ScoredMetric = Object.freeze({name: 'RMSE', unit: 'outcome', ranks: true});

/** A cell as far as its numbers go. */
interface Counted {
  readonly rmse: number;
  readonly values?: Readonly<Record<string, number>>;
}

/** The number of a metric in a cell. */
export const valueOf = ({rmse, values}: Counted, metric: string): number =>
  metric === RMSE.name ? rmse : values![metric];

/**
 * The metric of this name out of those that scores carry. @throws ArgumentError naming `fn` when they do not have it
 */
export function metricOf(
  fn: string, {metrics = []}: {readonly metrics?: readonly ScoredMetric[]}, name: string,
): ScoredMetric {
  const all = [RMSE, ...metrics], found = all.find(metric => metric.name === name);
  expect(found, {
    fn, argument: 'metric', expected: `one of ${all.map(metric => metric.name).join(', ')}`, received: name,
    remedy: 'Ask `evaluate` for it.',
  });
  return found;
}
