import {rungeKutta} from '../tableau';

const b = [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84, 0];

/** Free part of the continuous extension, one coefficient a stage. */
const d = [
  -12715105075 / 11282082432, 0, 87487479700 / 32700410799, -10690763975 / 1880347072,
  701980252875 / 199316789632, -1453857185 / 822651844, 69997945 / 29380423,
];

/**
 * Dormand-Prince 5(4): order 5, error estimate of order 4, continuous extension of order 4.
 * @reference Dormand, Prince 1980, A family of embedded Runge-Kutta formulae. doi:10.1016/0771-050X(80)90013-3
 * @reference Hairer, Norsett, Wanner 1993, Solving ordinary differential equations I, section II.6 (extension).
 * doi:10.1007/978-3-540-78862-1
 */
export const dopri5 = rungeKutta({
  name: 'dopri5', order: 5,
  c: [0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1],
  a: [
    [],
    [1 / 5],
    [3 / 40, 9 / 40],
    [44 / 45, -56 / 15, 32 / 9],
    [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
    [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
    b.slice(0, 6),
  ],
  b,
  embedded: {order: 4, error: [71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40]},
  dense: {order: 4, weights},
});

/** Hermite interpolation of both ends plus `d` times theta^2 (1 - theta)^2, as weights of the stages. */
function weights(theta: number): number[] {
  const rest = 1 - theta;
  return b.map((bi, i) => {
    const first = i === 0 ? 1 : 0, last = i === 6 ? 1 : 0;
    return theta * (bi + rest * (first - bi + theta * (2 * bi - first - last + rest * d[i])));
  });
}
