/**
 * Pendulums: pushed by whoever knows their disturbance, or kicked, with friction that a textbook leaves out.
 * @module
 */
export {pendulumReferee, type PendulumRefereeOptions, type PendulumRefereeRow} from './particleReferee';
export {confoundedPendulum, type ConfoundedPendulumOptions, type PendulumRun} from './confoundedPendulum';
export {
  GRAVITY, kickedPendulum, KICK_STEP, LINEAR_FRICTION, NO_FRICTION, RICH_FRICTION, type KickedPendulumOptions,
  type KickedRun, type KickedTruth,
} from './kickedPendulum';
export {kickedMechanism} from './kickedMechanism';
export {kickedScores, type KickedScores} from './kickedScores';
