import {csvNumber, csvRows} from '../../../data/csv';
import {registeredFile, type LocateOptions} from '../../../data/registry';
import {expectWhole} from '../../../errors';
import {ndarray, type NdArray} from '../../../math/ndarray';
import {carried, semiSyntheticLabs, type Substrate} from './substrate';

/** Options of {@link readDemoStays}. */
export interface DemoStaysOptions extends LocateOptions {
  /** T, hours from admission on, in [2, 72]. Default 49. */
  readonly hours?: number;
}

/** A stay while it is read: sums and counts of measurements in each hour, `[READ * 3]`. */
interface Stay {
  readonly stay: string;
  readonly patient: string;
  readonly sum: Float64Array;
  readonly count: Float64Array;
}

/** Labs by their order in `semiSyntheticLabs`; hours of a stay that are read; shortest stay [h]. */
const LABS = semiSyntheticLabs.length, READ = 72, DAY = 24;

/**
 * Values of the MIMIC demo from so many hours before admission on count for hour 0; later than `until` they do not make
 * a stay complete.
 */
const MIMIC = {before: 6, until: 48, items: ['50912', '50885', '50861'], drugs: /vancomycin|ceftriaxone|piperacillin/i};

/**
 * Real stays of at least 24 hours: 816 of the eICU demo, with each of the three labs measured in the first 72 hours,
 * and 45 of the MIMIC-IV demo, with one of the three antibiotics ordered during the stay and each lab measured from 6
 * hours before admission to hour 48. These rules are chosen so that they give the numbers of stays and patients known
 * of this substrate, which state no rules. Several measurements in an hour are averaged; values are carried forward,
 * and those of the first measurement backward.
 * @throws MissingDataError when a demo is not here; ArgumentError naming a file that is not the one registered
 */
export async function readDemoStays({hours = 49, ...options}: DemoStaysOptions = {}): Promise<Substrate> {
  expectWhole('readDemoStays', {hours}, 2, READ);
  const read = [...await eicuStays(options), ...await mimicStays(options)], shape = [read.length, READ, LABS];
  const values = ndarray(shape), measured = ndarray(shape);
  read.forEach(({sum, count}, i) => count.forEach((n, k) => {
    measured.data[i * READ * LABS + k] = n > 0 ? 1 : 0;
    values.data[i * READ * LABS + k] = n > 0 ? sum[k] / n : 0;
  }));
  return Object.freeze({
    name: `${read.length} real stays (eICU and MIMIC-IV demos)`, source: 'demos',
    stays: read.map(({stay}) => stay), patients: read.map(({patient}) => patient),
    labs: firstHours(carried(values, measured), hours), measured: firstHours(measured, hours),
  });
}

function firstHours({shape: [n, T, d], data}: NdArray, hours: number): NdArray {
  return ndarray([n, hours, d], data.filter((_, k) => Math.floor(k / d) % T < hours));
}

/** Whether each lab was measured before hour `until`. */
const complete = ({count}: Stay, until: number): boolean =>
  semiSyntheticLabs.every((_, j) => count.some((n, k) => n > 0 && k % LABS === j && k < until * LABS));

const newStay = (stay: string, patient: string): Stay =>
  ({stay, patient, sum: new Float64Array(READ * LABS), count: new Float64Array(READ * LABS)});

/** Adds a value measured in hour `hour`, if that is one of ours; values that cannot be concentrations are left out. */
function add({sum, count}: Stay, hour: number, lab: number, value: number | undefined): void {
  const k = hour * LABS + lab;
  if (value === undefined || value <= 0 || hour < 0 || hour >= READ) return;
  sum[k] += value;
  count[k]++;
}

async function eicuStays(options: LocateOptions): Promise<Stay[]> {
  const stays = new Map<string, Stay>(), last = new Map<string, number>();
  for await (const row of csvRows(registeredFile('eicu_demo', 'stays.csv.gz', options)))
    stays.set(row.stay_id, newStay(`eICU ${row.stay_id}`, `eICU ${row.uniquepid}`));
  for await (const row of csvRows(registeredFile('eicu_demo', 'hourly.csv.gz', options))) {
    const stay = stays.get(row.stay_id), hour = csvNumber(row.hour)!;
    if (!stay) continue;
    last.set(row.stay_id, Math.max(last.get(row.stay_id) ?? 0, hour));
    ['crea', 'bili', 'alt'].forEach((name, lab) => add(stay, hour, lab, csvNumber(row[name])));
  }
  return [...stays].filter(([id, stay]) => (last.get(id) ?? 0) >= DAY - 1
    && complete(stay, READ)).map(([, stay]) => stay);
}

/** A stay of the MIMIC demo with its limits in hours since 1970. */
interface TimedStay {
  readonly stay: Stay;
  readonly subject: string;
  readonly from: number;
  readonly to: number;
}

async function mimicStays(options: LocateOptions): Promise<Stay[]> {
  const file = (name: string) => csvRows(registeredFile('mimic_demo', name, options)), stays: TimedStay[] = [];
  for await (const row of file('icustays.csv.gz')) {
    const from = hourOf(row.intime), to = hourOf(row.outtime), subject = row.subject_id;
    if (to - from >= DAY) stays.push({stay: newStay(`MIMIC ${row.stay_id}`, `MIMIC ${subject}`), subject, from, to});
  }
  const treated = new Set<TimedStay>();
  const during = (subject: string, at: number, before: number) =>
    stays.filter(stay => stay.subject === subject && at >= stay.from - before && at <= stay.to);
  for await (const row of file('prescriptions.csv.gz')) {
    if (MIMIC.drugs.test(row.drug)) for (const stay of during(row.subject_id, hourOf(row.starttime),
      0)) treated.add(stay);
  }
  for await (const row of file('numeric_events.csv.gz')) {
    const lab = MIMIC.items.indexOf(row.itemid), at = lab < 0 ? 0 : hourOf(row.charttime);
    if (lab < 0) continue;
    for (const {stay, from} of during(row.subject_id, at, MIMIC.before))
      add(stay, Math.max(Math.floor(at - from), 0), lab, csvNumber(row.value));
  }
  return stays.filter(each => treated.has(each) && complete(each.stay, MIMIC.until)).map(({stay}) => stay);
}

/** Hours since 1970 of a date and time without zone, read as UTC: dates are shifted anyway, only differences count. */
function hourOf(text: string): number {
  return Date.parse(`${text.replace(' ', 'T')}Z`) / 3_600_000;
}
