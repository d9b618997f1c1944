import {expect} from '../../../errors';
import type {Network} from '../../network';
import {stateSpaceNetwork, type ObsNodeOptions, type StateSpaceParams} from '../obsnode/obsnode';
import type {RecognitionParams} from '../obsnode/recognition';
import {generalField, initGeneralField, type GeneralFieldParams} from './field';

/** Options of {@link generalObsNode}. */
export interface GeneralObsNodeOptions<R = RecognitionParams> extends ObsNodeOptions<R> {
  /**
   * Least gain from a block to the one before it, in (0, 1); default 0.05. Noise of a slope is amplified by up to one
   * over this in the block that is worked out from it, so near 0 the state is observable on paper alone.
   */
  readonly floor?: number;
}

/**
 * Observable neural ODE in the general form: as `obsNode`, but a treatment may scale how strongly the next block acts.
 * The state can still be reconstructed from the outcomes under every treatment path. `x1' = (1 + a^2) x2, x2' = 0,
 * y = x1` is of this form and not of the paper's.
 * @throws ArgumentError for options outside their ranges.
 * @reference Gauthier and Kupka 1994, Observability and observers for nonlinear systems. doi:10.1137/S0363012991221791
 */
export function generalObsNode<R = RecognitionParams>(
  {floor = 0.05, ...options}: GeneralObsNodeOptions<R> = {},
): Network<StateSpaceParams<GeneralFieldParams, R>> {
  const fn = 'generalObsNode';
  expect(floor > 0 && floor < 1, {fn, argument: 'floor', expected: 'in (0, 1)', received: floor});
  const network = stateSpaceNetwork<GeneralFieldParams, R>('general ObsNODE', {
    fn, init: initGeneralField, field: (params, z, a, activation) => generalField(params, z, a, {activation, floor}),
  }, options as ObsNodeOptions<R>);
  return Object.freeze({...network, config: {...network.config, floor}});
}
