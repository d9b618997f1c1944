import {rungeKutta} from '../tableau';

const b = [0.09646076681806523, 0.01, 0.4798896504144996, 1.379008574103742, -3.290069515436081, 2.324710524099774, 0];

/**
 * Tsitouras 5(4): order 5, error estimate of order 4, continuous extension of order 4; a little more accurate than
 * Dormand-Prince for the same work.
 * @reference Tsitouras 2011, Runge-Kutta pairs of order 5(4) satisfying only the first column simplifying assumption.
 * doi:10.1016/j.camwa.2011.06.002
 */
export const tsit5 = rungeKutta({
  name: 'tsit5', order: 5,
  c: [0, 0.161, 0.327, 0.9, 0.9800255409045097, 1, 1],
  a: [
    [],
    [0.161],
    [-0.008480655492356989, 0.335480655492357],
    [2.8971530571054935, -6.359448489975075, 4.3622954328695815],
    [5.325864828439257, -11.748883564062828, 7.4955393428898365, -0.09249506636175525],
    [5.86145544294642, -12.92096931784711, 8.159367898576159, -0.071584973281401, -0.028269050394068383],
    b.slice(0, 6),
  ],
  b,
  embedded: {
    order: 4,
    error: [
      -0.00178001105222577714, -0.0008164344596567469, 0.007880878010261995, -0.1447110071732629, 0.5823571654525552,
      -0.45808210592918697, 1 / 66,
    ],
  },
  dense: {order: 4, weights},
});

/** The paper's interpolating polynomials b_i(theta), factored. */
function weights(theta: number): number[] {
  const square = theta * theta;
  return [
    -1.0530884977290216 * theta * (theta - 1.3299890189751412)
      * (square - 1.4364028541716351 * theta + 0.7139816917074209),
    0.1017 * square * (square - 2.1966568338249754 * theta + 1.2949852507374631),
    2.490627285651252793 * square * (square - 2.38535645472061657 * theta + 1.57803468208092486),
    -16.54810288924490272 * square * (theta - 1.21712927295533244) * (theta - 0.61620406037800089),
    47.37952196281928122 * square * (theta - 1.203071208372362603) * (theta - 0.658047292653547382),
    -34.87065786149660974 * square * (theta - 1.2) * (theta - 0.666666666666666667),
    2.5 * square * (theta - 1) * (theta - 0.6),
  ];
}
