/**
 * Numbers of the ward, each with its origin. `demo`: a mean or spread over the 100 patients of the MIMIC-IV demo
 * (ODbL; Johnson et al. 2023, doi:10.13026/dp1f-ex47), rounded to two digits; no number is of a single patient.
 * `made`: chosen, so that the ward looks about like the demo, a little healthier: a third of its stays with Sepsis-3,
 * a median SOFA of 3, where the demo has 44 in 100 and 4.
 */
export const wardLaw = Object.freeze({
  /** Years; demo. Restricted to 18 to 91. */
  age: {mean: 62, sd: 16, low: 18, high: 91},
  /** Share of men; demo. */
  male: 0.57,
  /** cm; means demo (174 and 160, rounded towards national surveys); spread of adults, 7 cm, as in those. */
  height: {men: 175, women: 161, sd: 7},
  /** kg; demo. Restricted to 38 to 180. */
  weight: {men: 84, women: 74, sd: 18, low: 38, high: 180},
  /** Hours in intensive care, log-normal, demo; restricted to 8 and the longest that is asked for. */
  stay: {median: 55, logSd: 1.04, low: 8},
  /** Share of stays with an infection that began; made (62 of 140 stays of the demo have Sepsis-3). */
  infected: 0.7,
  /** Share of first stays of patients who are ill before they arrive and well after, and stay long all the same; made. */
  recovered: 0.03,
  /** Hour at which it begins, uniform; made. */
  begins: {low: -12, high: 24},
  /** Share of stays that follow another one of the same patient, soon (7 to 20 h) or later (10 to 90 days); made. */
  again: {soon: 0.04, later: 0.06},
  /** Hours between laboratory panels, uniform; demo (share of hours with a value: .11 creatinine, .046 bilirubin). */
  panels: {chemistry: [6, 13], blood: [6, 13], liver: [12, 28], gas: [7, 12]},
  /** Share of stays in which the panel is drawn at all; demo. */
  drawn: {chemistry: 0.98, blood: 0.98, liver: 0.65, gas: 0.64, gcs: 0.97, urine: 0.85, height: 0.6, weight: 0.95},
  /** Share of hours with blood pressure; demo. */
  pressure: 0.95,
  /**
   * Laboratory values without a part in SOFA: geometric means and spread of logarithms, between patients and within,
   * demo; and what one point of general severity adds to the logarithm, made.
   */
  labs: {
    alt: {mean: 30, between: 0.83, within: 0.3, severity: 0.25, digits: 0},
    bun: {mean: 18, between: 0.5, within: 0.12, severity: 0.15, digits: 0},
    bicarbonate: {mean: 24.5, between: 0.1, within: 0.08, severity: -0.05, digits: 0},
    anion_gap: {mean: 14.3, between: 0.12, within: 0.1, severity: 0.06, digits: 0},
    rdw: {mean: 14.5, between: 0.11, within: 0.015, severity: 0.02, digits: 1},
  },
  /** 1/min and mmHg; demo. */
  vitals: {heartRate: {mean: 86, between: 12, within: 6}, pressure: {mean: 80, between: 6, within: 5}, pulse: 54},
});

/** The labs of {@link wardLaw} without a part in SOFA. */
export type OtherLab = keyof typeof wardLaw.labs;
