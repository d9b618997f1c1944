import type {StayLaw} from './stayLaw';

/**
 * {@link fitStayLaw} of the 861 real stays of the two demos; printed by `test/studies/semiSynthetic/printStayLaw.ts`.
 */
export const demoStayLaw: StayLaw = Object.freeze({
  level: [0.1806, -0.3484, 3.557],
  levelCovariance: [[0.4257, 0.09634, 0.06897], [0.09634, 0.689, 0.2361], [0.06897, 0.2361, 0.694]],
  spread: [0.1627, 0.3081, 0.6626],
  rate: [0.1389, 0.09801, 0.02083],
  panels: [
    {atAdmission: 0.1844, first: 0.1106, repeated: 0.8467, hourly: 0.029},
    {atAdmission: 0.1198, first: 0.07442, repeated: 0.4467, hourly: 0.01024},
  ],
});
