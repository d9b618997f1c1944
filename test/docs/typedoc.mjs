// How the pages of the library are made from its doc comments. `npm run docs` writes them; in `npm test` what has no
// description is an error.
import {OptionDefaults} from 'typedoc';
import {DOOR_HEADINGS, headings, places} from './headings.mjs';

/** Paths are relative to this file. @type {Partial<import('typedoc').TypeDocOptions>} */
export default {
  name: 'obsnode',
  entryPoints: ['../../lib/index.ts', '../../lib/studies/*/index.ts'],
  tsconfig: '../../tsconfig.json',
  basePath: '../..',
  out: '../../out/api',
  readme: 'none',
  plugin: [headings, places],
  // The pages are the same whatever a clone was taken from; the template is never seen, see `places`.
  disableGit: true,
  sourceLinkTemplate: '{path}',
  categorizeByGroup: false,
  categoryOrder: [...new Set(DOOR_HEADINGS.values()), '*'],
  // The equation of the paper, the source of what a function computes, the unit of a number.
  blockTags: [...OptionDefaults.blockTags, '@paper', '@reference', '@unit'],
  excludeInternal: true,
  // Types are checked by their own step.
  skipErrorChecking: true,
  validation: {notDocumented: true, notExported: false, invalidLink: true, invalidPath: true, rewrittenLink: true},
  requiredToBeDocumented: ['Module', 'Namespace', 'Variable', 'Function', 'Class', 'Interface', 'TypeAlias', 'Enum'],
  treatWarningsAsErrors: true,
};
