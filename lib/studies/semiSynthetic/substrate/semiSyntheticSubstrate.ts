import {hasData, type LocateOptions} from '../../../data/registry';
import type {Rng} from '../../../math/rng';
import {readDemoStays} from './demos';
import {simulatedStays} from './simulatedStays';
import type {Substrate} from './substrate';

/** Options of {@link semiSyntheticSubstrate}. */
export interface SubstrateOptions extends LocateOptions {
  /** T, hours from admission on, at least 2. Default 49. */
  readonly hours?: number;
}

/**
 * The real stays where both demos are on this machine, else simulated ones; the substrate's name says which.
 * @param rng decides the simulated stays
 * @throws ArgumentError naming a file of the demos that is not the one registered
 */
export async function semiSyntheticSubstrate(rng: Rng, {hours, ...options}: SubstrateOptions = {}): Promise<Substrate> {
  const real = hasData('eicu_demo', options) && hasData('mimic_demo', options);
  return real ? readDemoStays({hours, ...options}) : simulatedStays(rng, {hours});
}
