export {display, latex, markdown, table, type TableOptions, updatable, type UpdatableDisplay} from './display';
export {type FrameLike} from './mime';
export {activeParameters, type ActiveParameters, activeProfile, type ParameterSet, type ParameterValue, parameters} from './parameters';
export {type Progress, progress} from './progress';
export {collectProvenance, provenance, type ProvenanceOptions, type ProvenanceStamp} from './provenance';
export {cacheFolder, outputFolder, projectRoot} from './root';
export {publish} from './publish';
export {show, type ShowOptions} from './show';
export {type DisplayOptions, type DisplaySink} from './sink';
