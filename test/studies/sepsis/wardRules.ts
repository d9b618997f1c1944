import type {SqlValue} from '../../../lib/data/database';
import type {Ward} from '../../../lib/studies/sepsis';

/** SOFA and suspicions of infection of a ward by loops over its rows, straight from the rules in words; slow. */
export interface Derived {
  /** By stay: the six organs' points of each hour from 0 on (-1: not measured), and SOFA. */
  readonly stays: ReadonlyMap<number, Scores>;
  /** By patient: antibiotic and time of suspicion, ms. */
  readonly suspicions: ReadonlyMap<number, readonly (readonly [antibiotic: number, time: number])[]>;
}

interface Scores {
  readonly hours: readonly (readonly number[])[];
  readonly sofa: readonly number[];
}

type Row = Readonly<Record<string, SqlValue>>;
const H = 3_600_000, D = 24 * H;

export function derive({tables}: Pick<Ward, 'tables'>): Derived {
  const of = (view: keyof typeof tables) => {
    const columns = tables[view].columns(), names = Object.keys(columns), byPatient = new Map<number, Row[]>();
    for (let i = 0; i < tables[view].rows; i++) {
      const row = Object.fromEntries(names.map(name => [name, columns[name][i]]));
      byPatient.set(row.patient as number, [...(byPatient.get(row.patient as number) ?? []), row]);
    }
    return byPatient;
  };
  const [measurements, infusions, outputs, ventilation] =
    (['measurements', 'infusions', 'outputs', 'ventilation'] as const).map(of);
  const [cultures, orders] = (['cultures', 'orders'] as const).map(of);
  const stays = new Map<number, Scores>();
  for (const [patient, rows] of of('stays')) {
    const told = {
      measured: measurements.get(patient) ?? [], infused: infusions.get(patient) ?? [],
      urine: outputs.get(patient) ?? [], ventilated: ventilation.get(patient) ?? [],
    };
    for (const {stay, arrived, left} of rows) stays.set(stay as number, sofa(ms(arrived), ms(left), told));
  }
  const suspicions = new Map([...orders].map(([patient, list]) =>
    [patient, suspect(list, cultures.get(patient) ?? [])]));
  return {stays, suspicions};
}

const ms = (v: SqlValue): number => (v as Date).getTime();

interface Told {
  readonly measured: readonly Row[];
  readonly infused: readonly Row[];
  readonly urine: readonly Row[];
  readonly ventilated: readonly Row[];
}

function sofa(arrived: number, left: number, told: Told): Scores {
  const end = arrived, last = Math.ceil((left - arrived) / H), all: number[][] = [];
  const gases = ratios(told), coma = comas(told);
  for (let h = -24; h <= last; h++) {
    const t = end + h * H, inHour = (time: number) => time > t - H && time <= t;
    const worst = (points: number[]) => Math.max(-1, ...points);
    all.push([
      worst(gases.filter(([time]) => inHour(time)).map(([, points]) => points)),
      worst(byTime(told.measured, 'platelets', inHour, v => Math.max(...v))
        .map(v => [20, 50, 100, 150].filter(e => v < e).length)),
      worst(byTime(told.measured, 'bilirubin', inHour, v => Math.max(...v))
        .map(v => [1.2, 2, 6, 12].filter(e => v >= e).length)),
      worst([
        ...byTime(told.measured, 'map', inHour, v => v.reduce((a, b) => a + b) / v.length).map(v => (v < 70 ? 1 : 0)),
        ...told.infused.filter(({start, stop}) => ms(start) < t && t <= ms(stop)).map(pressors),
      ]),
      worst(coma.filter(([time]) => inHour(time)).map(([, points]) => points)),
      worst([
        ...byTime(told.measured, 'creatinine', inHour, v => Math.max(...v))
          .map(v => [1.2, 2, 3.5, 5].filter(e => v >= e).length),
        ...(h < 23 ? [] : oliguria(told.urine.filter(({time}) => ms(time) > t - D && ms(time) <= t))),
      ]),
    ]);
  }
  const hours = all.slice(24);
  const score = hours.map((_, h) => [0, 1, 2, 3, 4, 5].reduce((sum, k) =>
    sum + Math.max(0, ...all.slice(h + 1, h + 25).map(points => points[k])), 0));
  return {hours, sofa: score};
}

/** Simultaneous values become one by `merge`. */
function byTime(
  rows: readonly Row[], quantity: string, inHour: (time: number) => boolean, merge: (values: number[]) => number,
): number[] {
  const groups = new Map<number, number[]>();
  for (const {quantity: name, time, value} of rows) {
    if (name === quantity && inHour(ms(time))) groups.set(ms(time), [...(groups.get(ms(time)) ?? []), value as number]);
  }
  return [...groups.values()].map(merge);
}

function pressors({drug, rate}: Row): number {
  const v = rate as number | null;
  if (v === 0) return -1;
  if (drug === 'norepinephrine' || drug === 'epinephrine') return v !== null && v > 0.1 ? 4 : 3;
  if (drug === 'dopamine') return v! > 15 ? 4 : v! > 5 ? 3 : 2;
  return drug === 'dobutamine' ? 2 : -1;
}

function oliguria(rows: readonly Row[]): number[] {
  const sum = rows.reduce((total, {ml}) => total + (ml as number), 0);
  return rows.length === 0 ? [] : [sum < 200 ? 4 : sum < 500 ? 3 : 0];
}

function ratios({measured, ventilated}: Told): [number, number][] {
  const air = measured.filter(({quantity}) => quantity === 'fio2');
  return measured.filter(({quantity}) => quantity === 'pao2').flatMap(({time, value}): [number, number][] => {
    const t = ms(time), before = air.filter(row => ms(row.time) <= t && ms(row.time) >= t - 4 * H);
    const latest = before.sort((a, b) => ms(b.time) - ms(a.time))[0];
    const higher = measured.some(row => row.quantity === 'pao2' && ms(row.time) === t && row.value! > value!);
    if (latest === undefined || higher) return [];
    const ratio = (100 * (value as number)) / (latest.value as number);
    const on = ventilated.some(({start, stop}) => ms(start) <= t && t <= ms(stop));
    const points = [100, 200, 300, 400].filter(e => ratio < e).length;
    return [[t, on ? points : Math.min(2, points)]];
  });
}

function comas({measured}: Told): [number, number][] {
  const times = new Map<number, Record<string, number>>();
  for (const {quantity, time, value} of measured) {
    const name = quantity as string;
    if (name.startsWith('gcs_')) times.set(ms(time), {...times.get(ms(time)), [name.slice(4)]: value as number});
  }
  const sorted = [...times].sort(([a], [b]) => a - b);
  return sorted.map(([t, parts], k): [number, number] => {
    const [time, before] = sorted[k - 1] ?? [-Infinity, {}], recent = t - time < 6 * H ? before : {};
    if ((parts.verbal ?? recent.verbal) === 0) return [t, 0];
    const known = recent.verbal === 0 ? {} : recent;
    const part = (name: string, normal: number) => parts[name] ?? known[name] ?? normal;
    const [verbal, motor, eye] = [part('verbal', 5), part('motor', 6), part('eye', 4)];
    const total = verbal + motor + eye;
    return [t, [6, 10, 13, 15].filter(e => total < e).length];
  });
}

const EXTERNAL = ['OU', 'OD', 'OS', 'AU', 'AD', 'AS', 'TP', 'VG', 'EX'];

function suspect(orders: readonly Row[], cultures: readonly Row[]): [number, number][] {
  const date = (t: number) => Math.floor(t / D);
  return orders.flatMap(({start, drug, route, kind}): [number, number][] => {
    const name = (drug as string).toLowerCase(), way = route as string, a = ms(start);
    if (kind === 'BASE' || EXTERNAL.includes(way) || /eye|ear/i.test(way)) return [];
    if (/cream|gel|ophth oint|desensit|dapto|erta/.test(name)) return [];
    const before = cultures.filter(({time, timed}) => (timed ? a > ms(time) && a <= ms(time) + 72 * H
      : date(a) >= date(ms(time)) && date(a) <= date(ms(time)) + 3));
    const after = cultures.filter(({time, timed}) => (timed ? a >= ms(time) - 24 * H && a < ms(time)
      : date(a) >= date(ms(time)) - 1 && date(a) <= date(ms(time))));
    const [first] = before.sort((x, y) => date(ms(x.time)) - date(ms(y.time)) || Number(y.timed) - Number(x.timed)
      || ms(x.time) - ms(y.time));
    return first ? [[a, ms(first.time)]] : after.length > 0 ? [[a, a]] : [];
  });
}
