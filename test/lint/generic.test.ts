import assert from 'node:assert/strict';
import {readdirSync, readFileSync} from 'node:fs';
import {join, resolve} from 'node:path';

const lib = resolve(__dirname, '../../lib');

/** Words of single studies: diseases, drugs, data sets. */
const STUDY_WORDS = new RegExp([
  'cancer', 'tumou?rs?', 'chemo\\w*', 'radio(?:therap\\w*)?', 'sepsis', 'septic', 'sofa', 'antibiotics?', 'creatinine',
  'bilirubin',
  'propofol', 'eleveld', 'schnider', 'marsh', 'mimic', 'eicu', 'physionet', 'fluxnet', 'q10',
].map(word => `\\b${word}\\b`).join('|'), 'i');

/** Lines of a file that name a study, as `path:line: text`. */
function named(path: string, text: string): string[] {
  // Compound names count as words: cancerCohort, CANCER_ON.
  const words = (line: string) => line.replace(/([a-z0-9])(?=[A-Z])/g, '$1 ').replace(/_/g, ' ');
  return text.split('\n').flatMap((line, i) =>
    (STUDY_WORDS.test(words(line)) ? [`${path}:${i + 1}: ${line.trim()}`] : []));
}

describe('No layer but studies and the programs above them names a disease, a drug or a data set', () => {
  const files = readdirSync(lib, {recursive: true, encoding: 'utf8'})
    .filter(path => /\.(ts|c|h|sql)$/.test(path) && !/^(studies|programs)[\\/]/.test(path));

  it('there are files to look at', () => assert.ok(files.length > 200, String(files.length)));

  it('none of their lines does', () =>
    assert.deepEqual(files.flatMap(path => named(path, readFileSync(join(lib, path), 'utf8'))), []));

  it('a name inside a name is found, a longer word is not', () => {
    assert.equal(named('x', 'const cancerCohort = 1;\nexport {CANCER_ON};\n// mimics radiograph').length, 2);
  });
});
