import {EigenvalueDecomposition, Matrix} from 'ml-matrix';
import {historyAt, planAt, type History, type Plan, type Trajectories} from '../../data';
import {ndarray, ridge, type NdArray} from '../../math';
import type {FitContext, Forecaster} from '../../models';
import {pastRows} from './pastRows';

/**
 * Time Series Deconfounder: a factor model of the treatments, then an outcome model that is told the factor. The factor
 * Z at the decision is the one number of the record from which both doses are best foretold; if one hidden cause moves
 * both, it should stand for that cause. Here the factor model is linear (a regression of rank one, since the world is
 * linear and has one hidden cause) where the original has a recurrent network, and the outcome model is any forecaster,
 * given Z as a static. As in the original, Z is made of the past alone.
 *
 * What it needs: that every hidden cause moves several treatments, and shows in the past of them or of the outcomes.
 * @param decision index of the one decision that it answers @param outcome the outcome model
 * @reference Bica, Alaa, van der Schaar 2020, Time series deconfounder: estimating treatment effects over time in the
 * presence of hidden confounders. arXiv:1902.00450
 */
export function timeSeriesDeconfounder(decision: number, outcome: Forecaster): Forecaster {
  const name = 'Time Series Deconfounder', {information} = outcome;
  return Object.freeze({
    name, information,
    async fit(train: Trajectories, validation: Trajectories, context: FitContext) {
      const factor = treatmentFactor(train, decision);
      const told = (data: Trajectories): Trajectories => ({
        ...data, statics: factor(historyAt(data, decision)),
        channels: {...data.channels, statics: [{name: 'factor', unit: '1'}]},
      });
      const fitted = await outcome.fit(told(train), told(validation), context);
      return Object.freeze({
        ...fitted, name,
        forecast: (history: History, plan: Plan) => fitted.forecast({...history, statics: factor(history)}, plan),
      });
    },
  });
}

/** The rank-one factor as a function of a history: `[N, 1]`. */
function treatmentFactor(train: Trajectories, decision: number): (history: History) => NdArray {
  const x = pastRows(historyAt(train, decision)), {treatments} = planAt(train, decision, 1);
  const [N, , da] = treatments.shape;
  const fits = Array.from({length: da}, (_, j) =>
    ridge(x, Float64Array.from({length: N}, (_, i) => treatments.data[i * da + j]), 1));
  const foretold = (rows: NdArray) => Array.from({length: rows.shape[0]}, (_, i) => fits.map(({weights, intercept}) =>
    weights.reduce((sum, w, k) => sum + w * rows.data[i * weights.length + k], intercept)));
  const known = foretold(x), centre = fits.map((_, j) => known.reduce((sum, row) => sum + row[j], 0) / N);
  const spread = new Matrix(centre.map((_, j) => centre.map((_, k) =>
    known.reduce((sum, row) => sum + (row[j] - centre[j]) * (row[k] - centre[k]), 0) / N)));
  // Eigenvalues ascend: the last direction is the one along which both doses are foretold most.
  const {eigenvectorMatrix} = new EigenvalueDecomposition(spread, {assumeSymmetric: true});
  const axis = eigenvectorMatrix.getColumn(da - 1);
  return history => {
    const rows = foretold(pastRows(history));
    return ndarray([rows.length, 1], Float64Array.from(rows, row =>
      row.reduce((sum, v, j) => sum + axis[j] * (v - centre[j]), 0)));
  };
}
