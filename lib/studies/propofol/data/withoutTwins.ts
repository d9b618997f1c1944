import type {PropofolRecord} from './record';

/** Samples that are not farther apart than this [min] stand in one row of the published table of infusions. */
const TWINS = 0.0101;

/**
 * Measured concentrations as the published errors pair them with predictions: one prediction for each time, the last of
 * samples that are almost at one time, but concentrations from the first on. So behind two samples at one time each
 * concentration is compared with the prediction for a later one, and the last of them with none.
 * @returns `times` and `measured` of equal length
 */
export function withoutTwins({times, measured}: PropofolRecord): Pick<PropofolRecord, 'times' | 'measured'> {
  const distinct = times.filter((t, k) => k === times.length - 1 || times[k + 1] - t > TWINS);
  return {times: distinct, measured: measured.subarray(0, distinct.length)};
}
