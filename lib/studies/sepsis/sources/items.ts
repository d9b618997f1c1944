/** Items of MIMIC-IV's `inputevents` that are vasoactive drugs; vasopressin comes per hour. */
export const vasoactiveItems: Readonly<Record<number, string>> = Object.freeze({
  221906: 'norepinephrine', 221289: 'epinephrine', 221662: 'dopamine', 221653: 'dobutamine', 221749: 'phenylephrine',
  222315: 'vasopressin', 221986: 'milrinone',
});

/** Items of MIMIC-IV's `inputevents` that are doses of the antibiotics that the paper studies. */
export const antibioticItems: Readonly<Record<number, string>> = Object.freeze({
  225798: 'Vancomycin', 225855: 'Ceftriaxone', 225892: 'Piperacillin/Tazobactam', 225893: 'Piperacillin/Tazobactam',
});

/** Items of MIMIC-IV's `outputevents` that are urine, by their sign: what went in to irrigate is taken off. */
export const urineItems: Readonly<Record<number, 1 | -1>> = Object.freeze({
  226559: 1, 226560: 1, 226561: 1, 226584: 1, 226563: 1, 226564: 1, 226565: 1, 226567: 1, 226557: 1, 226558: 1,
  227489: 1, 227488: -1,
});

/** Item of MIMIC-IV's `procedureevents` that is invasive ventilation. */
export const ventilationItem = 225792;
