import {csvNumber, readCsv, registeredFile} from '../../data';
import {PER_DAY, THARANDT, type Weather} from './weather';

/**
 * The weather of 1998 as the tower at Tharandt measured it, half hour by half hour.
 * @throws MissingDataError saying how to obtain it
 * @reference Wutzler et al. 2018, Basic and extensible post-processing of eddy covariance flux data with REddyProc.
 * doi:10.5194/bg-15-5015-2018
 */
export async function tharandt1998(): Promise<Weather> {
  const rows = await readCsv(registeredFile('flux_samples', 'Example_DETha98.csv.gz')), n = rows.length;
  const column = (name: string) => Float64Array.from(rows, row => csvNumber(row[name]) ?? NaN);
  const [temperature, vpd, shortwave] = [column('Tair'), column('VPD'), column('Rg')];
  const measured = Uint8Array.from(temperature, (t, i) => Number(Number.isFinite(t + vpd[i] + shortwave[i])));
  const known = (values: Float64Array) => values.map((v, i) => (measured[i] === 1 ? v : 0));
  return Object.freeze({
    name: 'Tharandt 1998', latitude: THARANDT, measured,
    day: Float64Array.from({length: n}, (_, i) => (i + 0.5) / PER_DAY),
    temperature: known(temperature), vpd: known(vpd), shortwave: known(shortwave).map(v => Math.max(0, v)),
  });
}
