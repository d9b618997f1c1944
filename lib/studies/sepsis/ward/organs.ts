/** The six organ systems of SOFA. @reference Vincent et al. 1996, The SOFA score. doi:10.1007/BF01709751 */
export const SOFA_ORGANS =
  Object.freeze(['respiration', 'coagulation', 'liver', 'cardiovascular', 'cns', 'renal'] as const);

/** One of them. */
export type SofaOrgan = (typeof SOFA_ORGANS)[number];

/** Points of an organ by the hour from -24 on, 0 to 4; {@link NOT_MEASURED} where nothing was measured. */
export type HourScores = Int8Array;

/** Instead of points in an hour without a measurement. */
export const NOT_MEASURED = -1;

/** The score that a severity stands for: its whole part, in [0, 4]. */
export const scoreOf = (severity: number): number => Math.min(4, Math.max(0, Math.floor(severity)));

/** Where the severity lies between the points of its score and the next ones, in [0, 1). */
export function withinScore(severity: number): number {
  const score = scoreOf(severity);
  if (score === 0) return Math.max(0, Math.min(0.999, (severity + 2) / 3));
  return score === 4 ? Math.min(0.999, (severity - 4) / 2) : severity - score;
}

/** Notes points in an hour; the worst of several counts. */
export function note(scores: HourScores, index: number, points: number): void {
  scores[index] = Math.max(scores[index], points);
}

/** Hours without a measurement. */
export const noScores = (hours: number): HourScores => new Int8Array(hours).fill(NOT_MEASURED);
