/**
 * The door of the library. What belongs to one data set or simulator has a door of its own, `lib/studies/NAME`.
 * @module
 */
export {ArgumentError, type ArgumentProblem} from './errors';
export * from './math';
export * from './ode';
export * from './graph';
export * from './nn';
export * from './systems';
export * from './data';
export * from './causal';
export * from './observability';
export * from './models';
export * from './training';
export * from './evaluation';
export * from './experiments';
export * from './figures';
export * from './notebook';
