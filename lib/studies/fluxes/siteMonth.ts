import {csvNumber, readCsv, registeredFile} from '../../data';
import type {Exchange} from './uptake';

/** Months of towers on record. */
export const siteMonths = Object.freeze({
  'Neustift, July 2010': 'AT_Neu_Jul_2010.csv.gz', 'Tharandt, June 2014': 'DE_Tha_Jun_2014.csv.gz',
  'Puéchabon, May 2012': 'FR_Pue_May_2012.csv.gz',
});

/** Name of a month of a tower. */
export type SiteMonth = keyof typeof siteMonths;

/**
 * Half hours of a month whose net exchange was measured or filled with confidence (quality 0 or 1), with uptake and
 * respiration as they follow from nights: respiration of nights is carried into the day by its temperature, and uptake
 * is the difference, which inherits the noise of what was measured. `light` is in µmol/m²/s of photons.
 * @throws MissingDataError saying how to obtain it
 * @reference Pastorello et al. 2020, The FLUXNET2015 dataset. doi:10.1038/s41597-020-0534-3
 */
export async function siteMonth(name: SiteMonth): Promise<Exchange> {
  const rows = (await readCsv(registeredFile('flux_samples', siteMonths[name]))).filter(row =>
    (csvNumber(row.NEE_qc) ?? 9) <= 1 && ['NEE', 'GPP', 'Reco', 'Tair', 'VPD', 'PPFD'].every(key => row[key] !== ''));
  const column = (key: string, unit = 1) => Float64Array.from(rows, row => unit * csvNumber(row[key])!);
  return Object.freeze({
    name, day: Float64Array.from(rows, row => csvNumber(row.doy)! - 1 + (csvNumber(row.hour)! + 0.25) / 24),
    light: column('PPFD').map(v => Math.max(0, v)), temperature: column('Tair'), vpd: column('VPD', 10),
    exchange: column('NEE'), uptake: column('GPP'), respiration: column('Reco'),
  });
}
