import {runs, search} from '../../experiments';
import {fold, rng} from '../../math';
import {cancerDraw} from './draw';
import {cancerForecasters, cancerMethods} from './methods';
import {cancerPlans} from './plans';
import {cancerQuestions} from './questions';

const TRAINING: search.Space = Object.freeze({
  rate: search.float(1e-6, 1, {log: true}), batch: search.int(1, 1000), repeats: search.int(1, 20),
});

/**
 * Trainings of notebook 07: every learned method on a draw of cancer patients, asked its four kinds of questions.
 * @paper section 5.1
 */
export const trainableCancer: runs.TrainableStudy = Object.freeze<runs.TrainableStudy>({
  name: 'cancer',
  draw: {
    space: {
      seed: search.int(0, 2 ** 31 - 1), gamma: search.float(0, 20), patients: search.int(100, 100_000),
      tested: search.int(20, 100_000), decision: search.int(1, 16), horizon: search.int(3, 7),
    },
    defaults: {seed: 1, gamma: 4, patients: 1000, tested: 1000, decision: 8, horizon: 6},
  },
  models: Object.fromEntries(
    cancerMethods('trainableCancer').map(({name, sizes}) => [name, {...TRAINING, ...sizes}]),
  ),
  epochs: 60,
  prepare({draw, model, settings, budget: {epochs}, engine}: runs.TrainSpec, checkpoints: string): runs.Prepared {
    const {rate, batch, repeats, ...sizes} = settings as {rate?: number; batch?: number; repeats?: number};
    const training = {engine, ...(batch === undefined ? {} : {batch}), ...(repeats === undefined ? {} : {repeats})};
    const [{forecaster}] = cancerForecasters({models: [model], epochs, checkpoints, rate, sizes, training});
    const {decision, horizon, ...drawn} = draw as Readonly<Record<string, number>>, {seed} = drawn;
    const {train, validation, test} = cancerDraw(drawn as unknown as Parameters<typeof cancerDraw>[0]);
    const protocols = cancerQuestions({train, test}, {decision, horizon, rows: [], rng: fold(rng(seed), 'plan')});
    const plans = cancerPlans(test, 'random', {horizon, draws: 3, rng: rng(seed)});
    const task = {train, validation, test: test.trajectories, protocols, suspect: {decision, horizon, plans}};
    return {forecaster, task};
  },
});
