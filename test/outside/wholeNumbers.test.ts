import assert from 'node:assert/strict';
import * as lib from '../../lib';
import * as cancer from '../../lib/studies/cancer';
import {respondersCohort} from '../../lib/studies/responders';
import {twoStepCohort} from '../../lib/studies/twoStep';
import {inParallel} from '../../lib/experiments/parallel';
import {example} from '../data/example';

const data = example(1), rng = lib.rng(1), cohort = cancer.cancerCohort({patients: 3, steps: 6, rng: 1});
const history = lib.historyAt(data, 4), plan = lib.planAt(data, 4, 2);
const learning: lib.LearningOptions = {epochs: 1, batch: 2, horizon: 2, decisions: [2], rate: {from: 1e-3, to: 1e-4}};
const fitted: lib.FittedForecaster = {
  name: 'none', information: 'history + plan', forecast: async () => { throw new Error('never asked'); },
};
const panel = {name: 'a', x: [1, 2], y: [1, 2]}, axes = {title: 'T', x: 'x', y: 'y'};

type Call = (value: number) => unknown;

/** Functions that take a count, a size or an index: name in errors, argument, smallest allowed value, a call with it. */
const CALLS: readonly (readonly [fn: string, argument: string, low: number, call: Call])[] = [
  ['historyAt', 'c', 0, n => lib.historyAt(data, n)], ['planAt', 'c', 0, n => lib.planAt(data, n, 1)],
  ['planAt', 'horizon', 1, n => lib.planAt(data, 2, n)], ['targetsAt', 'horizon', 1, n => lib.targetsAt(data, 2, n)],
  ['takeUnits', 'units', 0, n => lib.takeUnits(data, [n])],
  ['splitUnits', 'sizes', 0, n => lib.splitUnits(data, [n], rng)],
  ['snapshot', 't', 0, n => lib.snapshot(data.outcomes, n, 0)],
  ['snapshot', 'channel', 0, n => lib.snapshot(data.outcomes, 0, n)],
  ['unitSeries', 'unit', 0, n => lib.unitSeries(data.outcomes, n, 0)],
  ['fitScaler', 'steps', 1, n => lib.fitScaler(data, {steps: n})],
  ['historyRows', 'length', 1, n => lib.historyRows(history, {length: n, timeScale: 1})],
  ['planRows', 'horizon', 1, n => lib.planRows(plan, n)],
  ...(['horizon', 'batch', 'length'] as const).map(key => [
    'windows', key, 1, (n: number) => lib.windows(data, {decisions: [2], horizon: 2, batch: 2, rng, [key]: n}).next(),
  ] as const),
  ['windows', 'decisions', 0, n => lib.windows(data, {decisions: [n], horizon: 2, batch: 2, rng, length: 9}).next()],
  ['cancerCohort', 'patients', 1, n => cancer.cancerCohort({patients: n, rng: 1})],
  ['cancerCohort', 'steps', 2, n => cancer.cancerCohort({steps: n, rng: 1})],
  ['counterfactualTwins', 'c', 0, n => cancer.counterfactualTwins(cohort, n, cancer.factualDoses(cohort, 1, 1))],
  ['factualDoses', 'c', 0, n => cancer.factualDoses(cohort, n, 1)],
  ['factualDoses', 'horizon', 1, n => cancer.factualDoses(cohort, 1, n)],
  ['randomDoses', 'patients', 1, n => cancer.randomDoses(n, 2, rng)],
  ['randomDoses', 'horizon', 1, n => cancer.randomDoses(2, n, rng)],
  ['oneStepPlans', 'patients', 1, n => cancer.oneStepPlans(n)],
  ['slidingPlans', 'horizon', 1, n => cancer.slidingPlans(2, n)],
  ['twoStepCohort', 'units', 1, n => twoStepCohort(rng, {units: n})],
  ['respondersCohort', 'units', 1, n => respondersCohort(rng, {units: n})],
  ['cancerPlans', 'horizon', 1, n => cancer.cancerPlans(cohort, 'sliding', {horizon: n})],
  ['cancerPlans', 'draws', 1, n => cancer.cancerPlans(cohort, 'random', {draws: n, rng})],
  ...(['horizon', 'until'] as const).map(key => [
    'protocol', key, 1,
    (n: number) => lib.protocol({name: 'p', decisions: [1], horizon: 1, scaling: lib.unscaled(1), [key]: n}),
  ] as const),
  ['protocol', 'decisions', 0, n => lib.protocol({name: 'p', decisions: [n], horizon: 1, scaling: lib.unscaled(1)})],
  ['unscaled', 'outcomes', 1, n => lib.unscaled(n)],
  ['diagnose', 'decision', 0, n => lib.diagnose(fitted, data, {decision: n, horizon: 1})],
  ['diagnose', 'horizon', 1, n => lib.diagnose(fitted, data, {decision: 2, horizon: n})],
  ['initLinear', 'inputs', 0, n => lib.nn.initLinear(rng, n, 1)],
  ['initLinear', 'outputs', 0, n => lib.nn.initLinear(rng, 1, n)],
  ['initLstm', 'hidden', 1, n => lib.nn.initLstm(rng, 1, n)],
  ['initLstm', 'inputs', 1, n => lib.nn.initLstm(rng, n, 1)],
  ['initLayerNorm', 'dim', 1, n => lib.nn.initLayerNorm(n)],
  ['initMlp', 'hiddenLayers', 0, n => lib.nn.initMlp(rng, 1, 1, {hiddenLayers: n, width: 1})],
  ['initMlp', 'width', 1, n => lib.nn.initMlp(rng, 1, 1, {hiddenLayers: 1, width: n})],
  ['initAttention', 'dim', 1, n => lib.nn.initAttention(rng, {dim: n, heads: 1, reach: 0})],
  ['initAttention', 'heads', 1, n => lib.nn.initAttention(rng, {dim: 4, heads: n, reach: 0})],
  ['initAttention', 'reach', 0, n => lib.nn.initAttention(rng, {dim: 4, heads: 1, reach: n})],
  ...(['obsNode', 'latentNode'] as const).flatMap(fn => (['blocks', 'width', 'hidden', 'substeps'] as const).map(key =>
    [fn, key, 1, (n: number) => lib[fn]({[key]: n})] as const)),
  ...(['obsNode', 'latentNode'] as const).map(fn =>
    [fn, 'hiddenLayers', 0, (n: number) => lib[fn]({hiddenLayers: n})] as const),
  ...(['horizon', 'dim', 'heads', 'blocks', 'width'] as const).map(key => [
    'igcNet', key, 1, (n: number) => lib.igcNet({[key]: n}),
  ] as const), ['igcNet', 'reach', 0, n => lib.igcNet({reach: n})],
  ...(['hidden', 'width', 'channels'] as const).map(key => [
    'gNet', key, 1, (n: number) => lib.gNet({[key]: n}),
  ] as const), ['causalTransformer', 'reach', 0, n => lib.causalTransformer({reach: n})],
  ...(['dim', 'heads', 'blocks', 'representation', 'width'] as const).map(key =>
    ['causalTransformer', key, 1, (n: number) => lib.causalTransformer({[key]: n})] as const),
  ...(['hidden', 'representation', 'width'] as const).map(key =>
    ['crn', key, 1, (n: number) => lib.crn({[key]: n})] as const),
  ...(['state', 'width', 'hidden', 'substeps'] as const).map(key => [
    'cfOde', key, 1, (n: number) => lib.cfOde({[key]: n}),
  ] as const), ['cfOde', 'hiddenLayers', 0, n => lib.cfOde({hiddenLayers: n})],
  ...(['hidden', 'decoderHidden', 'width', 'treatmentHidden'] as const).map(key =>
    ['rmsn', key, 1, (n: number) => lib.rmsn({[key]: n})] as const),
  ...(['teCde', 'scipNet', 'doseAi', 'optAb'] as const).flatMap(fn =>
    (['state', 'width', 'substeps'] as const).map(key => [fn, key, 1, (n: number) => lib[fn]({[key]: n})] as const)),
  ['publishedWeights', 'seed', 1, n => cancer.publishedWeights(n)],
  ['mechanistic', 'draws', 2, n => cancer.mechanistic({draws: n})],
  ['learned', 'epochs', 0, n => lib.learned(lib.obsNode(), {...learning, epochs: n})],
  ...(['batch', 'horizon', 'repeats', 'patience'] as const).map(key =>
    ['learned', key, 1, (n: number) => lib.learned(lib.obsNode(), {...learning, [key]: n})] as const),
  ['inParallel', 'jobs', 1, n => inParallel([1], n, async one => one)],
  [
    'histogramFigure', 'bins', 1,
    n => lib.histogramFigure([{name: 'a', values: [1, 2]}], {title: 'T', x: 'x', bins: n}),
  ], [
    'resultTable', 'digits', 0,
    n => lib.resultTable([{method: 'm', values: [1]}], {title: 'T', columns: ['c'], digits: n}),
  ],
  ['figure', 'columns', 1, n => lib.linesFigure([panel], {...axes, columns: n})], [
    'trajectoriesFigure', 'columns', 1,
    n => lib.trajectoriesFigure([{name: 'p', time: [0], observed: [1]}], {...axes, columns: n}),
  ],
];

describe(`${CALLS.length} counts, sizes and indices`, () => {
  for (const [fn, argument, low, call] of CALLS) {
    it(`${fn}: ${argument} is a whole number >= ${low}, named otherwise`, async () => {
      for (const bad of [low - 1, low + 0.5, NaN, Infinity, -Infinity, 2 ** 53, '3', true]) {
        await assert.rejects(async () => call(bad as number), (error: Error) => {
          assert.equal(error.name, 'ArgumentError', `${bad}: ${error.stack}`);
          assert.deepEqual(
            [(error as lib.ArgumentError).problem.fn, (error as lib.ArgumentError).problem.argument], [fn, argument],
            error.message,
          );
          return true;
        }, String(bad));
      }
    });
  }
});

describe('A forecast whose data are not as long as its shape says', () => {
  it('is refused with the number of values, not with the same shape twice', async () => {
    const short: lib.FittedForecaster = {...fitted, forecast: async (_history, plan) =>
      ({
        time: lib.targetTimes(plan),
        mean: {shape: [...plan.treatments.shape.slice(0, 2), 2], data: new Float64Array(1)},
      })};
    await assert.rejects(
      lib.evaluate(short, data, lib.protocol({name: 'p', decisions: [2], horizon: 1, scaling: lib.unscaled(2)})),
      {name: 'ArgumentError', message: /`mean` must be 14 values for its shape; received 1/},
    );
  });
});
