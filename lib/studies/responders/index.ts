/**
 * Patients of whom some respond: a system that only treatment makes observable.
 * @module
 */
export {
  respondersAdjusted, respondersCohort, respondersRecorded, RESPONDERS_DECISION,
  type RespondersCohort, type RespondersOptions, type RespondersRun,
} from './responders';
export {respondersNaive, respondersOracle} from './references';
