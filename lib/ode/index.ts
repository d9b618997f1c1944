/**
 * Differential equations: terms, controls, solvers and `solve`, for float64 and tensors alike.
 * @module
 */
export {solve, type SolveOptions} from './solve';
export {denseAt, orThrow, SolveError, type Solution, type SolveStats, type SolveStatus} from './solution';
export type {SaveAt} from './recorder';
export type {State as OdeState, Tolerances} from './space';
export {rungeKutta, type Solver, type Tableau} from './tableau';
export {euler} from './solvers/euler';
export {midpoint} from './solvers/midpoint';
export {heun} from './solvers/heun';
export {rk4} from './solvers/rk4';
export {rk4ThreeEighths} from './solvers/rk4ThreeEighths';
export {dopri5} from './solvers/dopri5';
export {tsit5} from './solvers/tsit5';
export {cdeTerm, controlledTerm, odeTerm, type Term} from './term';
export {controlAt, controlSlope, type Control, type Path as ControlPath} from './controls/control';
export {piecewiseConstantControl} from './controls/piecewiseConstantControl';
export {linearControl} from './controls/linearControl';
export {rectilinearControl} from './controls/rectilinearControl';
export {naturalCubicControl} from './controls/naturalCubicControl';
export {backwardHermiteControl} from './controls/backwardHermiteControl';
export {rungeKuttaStep, type Segment, type StepOptions} from './step';
export {tensorSpace} from './tensor';
