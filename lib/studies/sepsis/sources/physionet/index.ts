/**
 * MIMIC-IV as PhysioNet ships it: files of `hosp` and `icu` become prepared tables, and these the views of the study.
 * @module
 */
export {loadMimic, type LoadedMimic, type LoadMimicOptions, type LoadProgress} from './load';
export {fillFromMimic, type FillFromMimicOptions} from './fill';
export {type Manifest, type PreparedTable} from './manifest';
export {checkMimic, type CheckMimicOptions} from './check';
