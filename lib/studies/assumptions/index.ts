/**
 * Wards and towns in which one assumption of causal inference fails, each as small as it can be.
 * @module
 */
export {clinicEffects, type ClinicEffects, type ClinicOptions} from './clinics';
export {townEffect, type TownEffect, type TownOptions} from './town';
export {severeWard, type SevereWard, type SevereWardOptions} from './severeWard';
