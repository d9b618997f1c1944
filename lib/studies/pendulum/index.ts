/**
 * Pendulums whose disturbance decides on the pushes: hidden confounding with a known truth.
 * @module
 */
export {pendulumReferee, type PendulumRefereeOptions, type PendulumRefereeRow} from './particleReferee';
export {confoundedPendulum, type ConfoundedPendulumOptions, type PendulumRun} from './confoundedPendulum';
