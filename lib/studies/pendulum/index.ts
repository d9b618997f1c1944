export {pendulumReferee, type PendulumRefereeOptions, type PendulumRefereeRow} from './particleReferee';
export {confoundedPendulum, type ConfoundedPendulumOptions} from './confoundedPendulum';
