/** The bounds of one organ system in SOFA, in words. */
export interface SofaPoints {
  readonly organ: string;
  readonly measured: string;
  /** For 1, 2, 3 and 4 points. */
  readonly bounds: readonly [string, string, string, string];
  /** Where Table 6 of the paper prints something else. */
  readonly printed: string;
}

/**
 * How many points each organ system gets, as `sofa.sql` counts them.
 * @paper Table 6
 * @reference Vincent et al. 1996, The SOFA score. doi:10.1007/BF01709751
 */
export const sofaPoints: readonly SofaPoints[] = Object.freeze([
  {
    organ: 'respiration', measured: 'PaO2 / FiO2 [mmHg]',
    bounds: ['< 400', '< 300', '< 200, ventilated', '< 100, ventilated'], printed: 'no word of ventilation',
  },
  {
    organ: 'coagulation', measured: 'platelets [10^9/l]', bounds: ['< 150', '< 100', '< 50', '< 20'],
    printed: '< 100.00 per µl for 2 points',
  },
  {
    organ: 'liver', measured: 'bilirubin [mg/dl]', bounds: ['1.2 or more', '2.0', '6.0', '12.0'],
    printed: '> 12.0 for 4 points',
  },
  {
    organ: 'circulation', measured: 'mean pressure [mmHg]; drugs [µg/kg/min]',
    bounds: ['< 70', 'dopamine, dobutamine', 'dopamine > 5, (nor)epinephrine', 'dopamine > 15, (nor)epinephrine > 0.1'],
    printed: 'the same',
  },
  {
    organ: 'consciousness', measured: 'Glasgow coma scale', bounds: ['13 to 14', '10 to 12', '6 to 9', '< 6'],
    printed: 'the same',
  },
  {
    organ: 'kidneys', measured: 'creatinine [mg/dl]; urine [ml in 24 h]',
    bounds: ['1.2 or more', '2.0', '3.5; urine < 500', '5.0; urine < 200'],
    printed: '> 5.9 for 4 points; no 200 ml',
  },
] as const);
