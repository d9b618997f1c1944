/**
 * Trainings as files: a specification in, a result out, one by one, in a pool of processes, or on a cluster.
 * @module
 */
export type {Prepared, TrainableStudy, TrainBudget, TrainSpec} from './trainableStudy';
export {readSpec, specHash, type SpecDefaults} from './spec';
export {readCosts, type RunCost} from './cost';
export {Interrupted, readResult, trainSpec, type TrainResult, type TrainSpecOptions} from './trainSpec';
export {readResults, sweepFolder, type SweepFolder} from './sweepFolder';
export {runPool, type Answer, type Ended, type Job, type PoolOptions, type PoolProgress} from './pool';
export {simulateCampaign, type Campaign, type CampaignOptions} from './campaign';
export {journalLoad, type JournalLoad} from './journalLoad';
