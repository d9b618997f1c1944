export type {CellEvent} from './events';
export {type CellOutcome, Executor, EXPRESSION, type ExecutorOptions} from './executor';
export {type Failure} from './failure';
export {Interrupted} from './run';
