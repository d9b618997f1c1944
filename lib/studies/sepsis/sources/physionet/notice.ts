import {join} from 'node:path';
import {dataSets} from '../../../../data/registry';
import {writeWhole} from '../../../../files';
import {DEMO} from './layout';

/**
 * Writes beside prepared tables under which licence they are.
 * @throws Error of the file system
 */
export function writeNotice(folder: string, release: string): void {
  const {licence, citation} = dataSets.mimic_demo;
  const terms = release === DEMO
    ? `Made from ${citation}\nLicence: ${licence}. What is made from these tables and published is under it too.`
    : 'Made from MIMIC-IV, Johnson et al. 2023, doi:10.1038/s41597-022-01899-x, or a part of it.\n'
      + 'Licence: PhysioNet Credentialed Health Data License, with its data use agreement. These tables hold rows of\n'
      + 'patients: they are not to be shared, published, committed or sent to services of others.';
  writeWhole(join(folder, 'NOTICE.txt'), `${terms}\n`);
}
