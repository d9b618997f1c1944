/**
 * What a cell calls: parameters, claims, displays, progress, widgets.
 * @module
 */
export {claim, ClaimError} from './claim';
export {
  clearOutput, display, latex, markdown, table, type TableOptions, updatable, type UpdatableDisplay,
} from './display';
export {type FrameLike} from './mime';
export {activeParameters, type ActiveParameters, activeProfile, parameters} from './parameters';
export {type Progress, progress} from './progress';
export {collectProvenance, provenance, type ProvenanceOptions, type ProvenanceStamp} from './provenance';
export type {ParameterSet, ParameterValue, Range} from './ranges';
export {cellsSoFar} from './cells';
export {cacheFolder, outputFolder, projectRoot} from './root';
export {publish} from './publish';
export {show, type ShowOptions} from './show';
export {symbolMarkdown, symbolTable} from './symbols';
export {type DisplayOptions, type DisplaySink} from './sink';
export * from './widgets';
