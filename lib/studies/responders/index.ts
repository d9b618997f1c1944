export {respondersAdjusted, respondersCohort, respondersRecorded, RESPONDERS_DECISION, type RespondersCohort, type RespondersOptions} from './responders';
