import {grid, type runs} from '../../experiments';
import {cancerForecasters} from './methods';

type Engine = runs.TrainSpec['engine'];

/** The specifications of a table's trainings. */
export type CancerSweep = (profile: 'quick' | 'full', engine: Engine) => readonly runs.TrainSpec[];

/** Sizes of notebook 07; in full, each method has passes of its own. */
const SIZES = {
  quick: {seeds: [1, 2, 3], gammas: [4], tested: 250, epochs: 4},
  full: {seeds: [1, 2, 3, 4, 5], gammas: [4, 6, 8], tested: 1000, epochs: undefined},
};

function table1(profile: 'quick' | 'full', engine: Engine): readonly runs.TrainSpec[] {
  const {seeds, gammas, tested, epochs} = SIZES[profile];
  const own = new Map(cancerForecasters().map(c => [c.name, c.epochs]));
  return grid({gamma: gammas, seed: seeds, model: [...own.keys()]}).map(({gamma, seed, model}) => ({
    study: 'cancer', draw: {seed, gamma, patients: 1000, tested, decision: 8, horizon: 6}, model, settings: {}, seed,
    budget: {epochs: epochs ?? own.get(model)!}, engine,
  }));
}

/**
 * Sweeps of this study by name. `table-1`: the learned methods of Table 1 with the sizes of notebook 07, which finds
 * these trainings done. @paper Table 1
 */
export const cancerSweeps: Readonly<Record<string, CancerSweep>> = Object.freeze({'table-1': table1});
