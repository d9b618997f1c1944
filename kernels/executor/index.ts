export {type CellEvent, type CellOutcome, Executor, EXPRESSION, type ExecutorOptions, Interrupted} from './executor';
export {type Failure} from './failure';
