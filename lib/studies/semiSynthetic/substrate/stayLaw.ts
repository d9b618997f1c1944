/** Numbers of a small model of the three labs in intensive care, per lab in the order of `semiSyntheticLabs`. */
export interface StayLaw {
  /** Mean over stays of a stay's level, the mean of its log values. `[3]` */
  readonly level: readonly number[];
  /** Covariance over stays of the levels. `[3][3]` */
  readonly levelCovariance: readonly (readonly number[])[];
  /** Standard deviation of a log value around its stay's level. `[3]` */
  readonly spread: readonly number[];
  /** Rate at which a log value returns to its stay's level [1/h]. `[3]` */
  readonly rate: readonly number[];
  /** Blood is drawn for a panel: creatinine, or bilirubin and ALT together. `[2]` */
  readonly panels: readonly PanelLaw[];
}

/** When a panel is measured in the hours 0 ... T-1. */
export interface PanelLaw {
  /** Share of stays in which it is measured in hour 0. */
  readonly atAdmission: number;
  /** In the others, probability of the first measurement in each hour from hour 1 on. */
  readonly first: number;
  /** Share of stays in which it is measured again: once at a random later hour, and ... */
  readonly repeated: number;
  /** ... with this probability at each of the other later hours. */
  readonly hourly: number;
}

/** Which panel each lab belongs to, and the step in which it is reported, in its unit. */
export const REPORTED: readonly {readonly panel: number; readonly step: number}[] = Object.freeze([
  {panel: 0, step: 0.01}, {panel: 1, step: 0.1}, {panel: 1, step: 1},
]);
