export {type CellEvent, type CellOutcome, Executor, type ExecutorOptions} from './executor';
export {type Failure} from './failure';
