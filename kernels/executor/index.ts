export {type CellEvent, type CellOutcome, Executor, type ExecutorOptions, Interrupted} from './executor';
export {type Failure} from './failure';
