/** A Q10 that is printed for the true value 1.5. */
export interface PublishedQ10 {
  /** Whether the network was told the temperature. */
  readonly temperature: boolean;
  readonly dropout: number;
  readonly q10: number;
}

/**
 * Rows that the first program for this experiment prints: five years of the meadow of Neustift, no noise, weight decay
 * 0.1, early stopping.
 * @reference Reichstein et al. 2022, Combining system modeling and machine learning into hybrid ecosystem modeling;
 * `bask0/q10hybrid`, commit 9b18af9. doi:10.1201/9781003143376-14
 */
export const publishedQ10: readonly PublishedQ10[] = Object.freeze([
  {temperature: false, dropout: 0.2, q10: 1.500518}, {temperature: false, dropout: 0.4, q10: 1.514457},
  {temperature: true, dropout: 0.2, q10: 1.531655}, {temperature: true, dropout: 0.6, q10: 1.689447},
]);
