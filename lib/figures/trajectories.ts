import {expect, expectWhole} from '../errors';
import {figure, type Figure, type FigureRow, type FigureText} from './figure';
import {extent, quantitative} from './axes';
import {balancedColumns} from './panels';
import {distinct, lineLegend, seriesScales} from './series';
import {literal} from './text';
import {ink} from './theme';
import {columnsFor, thinLine, thinned, thinPoints} from './thin';

/** What was forecast for a patient under one plan. */
export interface ForecastLine {
  /** Name of the plan or model, e.g. `'factual plan'`. */
  readonly name: string;
  /** `[s]` or `[s+1]` with t_c first. */
  readonly time: ArrayLike<number>;
  readonly mean: ArrayLike<number>;
  /** Limits of a band, `[s]`. */
  readonly low?: ArrayLike<number>;
  readonly high?: ArrayLike<number>;
}

/** A dose that acts on `(from, to]`. */
export interface DoseBar {
  /** Treatment, e.g. `'drug A'`. */
  readonly treatment: string;
  readonly from: number;
  readonly to: number;
  /** >= 0, in the treatment's unit. */
  readonly dose: number;
  /** Name of the forecast whose plan it belongs to; absent for the history. */
  readonly plan?: string;
}

/** One patient: what was seen, what was given, what is forecast. */
export interface PatientPanel {
  /** Heading, e.g. `'patient 17'`. */
  readonly name: string;
  /** `[n]` measurement times and values; leave out what was not measured. */
  readonly time: ArrayLike<number>;
  readonly observed: ArrayLike<number>;
  /** The decision time t_c. */
  readonly decision?: number;
  readonly forecasts?: readonly ForecastLine[];
  /** A smooth curve drawn thin in grey, e.g. the simulator's truth. */
  readonly truth?: {readonly time: ArrayLike<number>; readonly value: ArrayLike<number>};
  readonly doses?: readonly DoseBar[];
}

/** Options of {@link trajectoriesFigure}. */
export interface TrajectoriesOptions extends FigureText {
  /** Axis titles with units. */
  readonly x: string;
  readonly y: string;
  readonly yScale?: 'linear' | 'log';
  /** Patients side by side; default at most 3, in rows of equal length. */
  readonly columns?: number;
  /** Size of the outcome plot in px, default 250 x 160. */
  readonly width?: number;
  readonly height?: number;
  /** All patients share the y axis, default false. */
  readonly sharedY?: boolean;
  readonly colors?: Readonly<Record<string, string>>;
}

/**
 * Patients' outcomes as points, forecasts as lines from t_c on, doses as bars below (height = dose over the largest of
 * that treatment).
 * @paper Figure 1 in data @throws ArgumentError on unequal lengths, negative doses, values that are not finite
 */
export function trajectoriesFigure(patients: readonly PatientPanel[], options: TrajectoriesOptions): Figure {
  const fn = 'trajectoriesFigure';
  expect(patients.length >= 1 && patients.length <= 60, {
    fn, argument: 'patients', expected: '1 to 60 patients', received: patients.length,
  });
  expect(new Set(patients.map(one => one.name)).size === patients.length, {
    fn, argument: 'patients', expected: 'named differently', received: patients.map(one => one.name),
  });
  patients.forEach((one, i) => check(one, i, options.yScale === 'log'));
  const names = distinct(patients.flatMap(one => (one.forecasts ?? []).map(line => line.name)));
  const most = largestDoses(patients);
  const lines = patients.flatMap(one => [...(one.truth ? [1] : []), ...(one.forecasts ?? [])]).length;
  const parts = patients.map(one => patientRows(one, most));
  const rows = parts.flatMap(({observed, curves, doses}) => [...observed, ...curves.flat(), ...doses]);
  const room = columnsFor(lines || 1, options.width ?? 250);
  const observed = thinPoints(parts.map(part => part.observed), ['time', 'value']);
  const shown = [...observed, ...parts.flatMap(({curves, doses}) =>
    [...curves.flatMap(line => thinLine(line, room, ['value', 'low', 'high'], row => row.time as number)), ...doses])];
  const range = sharedRange(rows, options);
  const columns = options.columns ?? balancedColumns(patients.length);
  expectWhole(fn, {columns});
  const concat = patients.map((one, i) => {
    const first = i % columns === 0;
    const lanes =
      distinct(rows.filter(row => row.patient === one.name && row.part === 'dose').map(row => String(row.lane)));
    const outcome = outcomePlot(one, names, {...options, y: first ? options.y : ''}, {range, last: lanes.length === 0});
    return lanes.length === 0
      ? outcome
      : {vconcat: [outcome, dosePlot(one, lanes, names, {...options, labelled: first})], spacing: 8};
  });
  const description = (options.description ?? describePatients(patients, options))
    + thinned(rows.length, shown.length, 'rows, measurements a random sample with the extremes, curves by column');
  return figure({...options, description}, rows, {
    concat, columns, spacing: {row: 26, column: 26}, resolve: {scale: {x: 'independent', y: 'independent'}},
  } as never, shown);
}

function check(one: PatientPanel, i: number, log: boolean) {
  const fn = 'trajectoriesFigure';
  const drawn = [one.observed, one.truth?.value ?? [], ...(one.forecasts ?? [])
    .flatMap(line => [line.mean, line.low ?? [], line.high ?? []])].flatMap(part => Array.from(part));
  expect(!log || drawn.every(value => value > 0), {
    fn, argument: `patients[${i}]`, expected: 'positive throughout on a log axis',
    received: drawn.find(value => !(value > 0)), remedy: "Use yScale: 'linear', or cut the bands.",
  });
  const {truth} = one;
  expect(!truth || truth.time.length === truth.value.length, {
    fn, argument: `patients[${i}].truth.value`, expected: `${truth?.time.length} values, as many as time`,
    received: truth?.value.length,
  });
  expect(one.time.length === one.observed.length, {
    fn, argument: `patients[${i}].observed`, expected: `${one.time.length} values, as many as time`,
    received: one.observed.length,
  });
  one.forecasts?.forEach((line, k) => (['mean', 'low', 'high'] as const).forEach(key => expect(line[key] === undefined
    || line[key].length === line.time.length,
    {
      fn, argument: `patients[${i}].forecasts[${k}].${key}`, expected: `${line.time.length} values, as many as time`,
      received: line[key]?.length,
    })));
  one.doses?.forEach((bar, k) => expect(bar.dose >= 0 && bar.from < bar.to,
    {fn, argument: `patients[${i}].doses[${k}]`, expected: 'a dose >= 0 with from < to', received: bar}));
}

function largestDoses(patients: readonly PatientPanel[]): Map<string, number> {
  const most = new Map<string, number>();
  patients.forEach(one =>
    one.doses?.forEach(({treatment, dose}) => most.set(treatment, Math.max(most.get(treatment) ?? 0, dose))));
  return most;
}

function patientRows(
  one: PatientPanel, most: ReadonlyMap<string, number>,
): Readonly<{observed: FigureRow[]; curves: FigureRow[][]; doses: FigureRow[]}> {
  const patient = one.name;
  const points = (part: string, time: ArrayLike<number>, value: ArrayLike<number>, more: (k: number) => object = () =>
    ({})) =>
    Array.from(time, (t, k) => ({patient, part, time: t, value: value[k], ...more(k)}) as FigureRow);
  return {
    observed: points('observed', one.time, one.observed),
    curves: [
      ...(one.truth ? [points('truth', one.truth.time, one.truth.value)] : []),
      ...(one.forecasts ?? []).map(line => points('forecast', line.time, line.mean, k =>
        ({series: line.name, ...(line.low && line.high ? {low: line.low[k], high: line.high[k]} : {})}))),
    ],
    doses: doseRows(one, most),
  };
}

/** One lane a treatment, and one for each plan where plans differ; the history stands in every lane. */
function doseRows({name, doses = []}: PatientPanel, most: ReadonlyMap<string, number>): FigureRow[] {
  const plans = distinct(doses.flatMap(bar => (bar.plan ? [bar.plan] : [])));
  return distinct(doses.map(bar =>
    bar.treatment)).flatMap(treatment => (plans.length > 1 ? plans : [undefined]).flatMap(plan =>
    doses.filter(bar =>
      bar.treatment === treatment && (!bar.plan || plan === undefined || bar.plan === plan)).map(bar => ({
      patient: name, part: 'dose', lane: plan ? `${treatment}, ${plan}` : treatment, series: bar.plan ?? '',
      time: bar.from, to: bar.to,
      value: bar.dose, share: bar.dose / (most.get(treatment) || 1),
    }))));
}

function sharedRange(rows: readonly FigureRow[], options: TrajectoriesOptions): readonly number[] | undefined {
  if (!options.sharedY) return undefined;
  const values = rows.filter(row => row.part !== 'dose').flatMap(row =>
    [row.value, row.low, row.high].filter(v => typeof v === 'number'));
  return extent(values);
}

const of = (patient: string, part: string) =>
  ({filter: `datum.patient === ${literal(patient)} && datum.part === '${part}'`});

function timeAxis(one: PatientPanel, options: TrajectoriesOptions, labelled: boolean) {
  const times = [...Array.from(one.time), ...Array.from(one.truth?.time ?? []), ...(one.forecasts ?? [])
    .flatMap(line => Array.from(line.time)), ...(one.doses ?? []).flatMap(bar => [bar.from, bar.to])];
  const shown = labelled ? {tickCount: 6} : {labels: false, ticks: false, domain: false};
  return {
    type: 'quantitative', title: labelled ? options.x : null, scale: {domain: extent(times), nice: false}, axis: shown,
  };
}

/** Where an outcome's plot stands: the values that all share, and whether the time is written below. */
interface PlotPlace {
  readonly range: readonly number[] | undefined;
  readonly last: boolean;
}

function outcomePlot(
  one: PatientPanel, names: readonly string[], options: TrajectoriesOptions, {range, last}: PlotPlace,
) {
  const x = {...timeAxis(one, options, last), field: 'time'};
  const y = outcomeAxis(one, options, range);
  const {color, dash} = seriesScales(names, options.colors);
  const by = (scale: object) => ({field: 'series', type: 'nominal', scale, legend: lineLegend(names)});
  const rule = one.decision === undefined ? [] : decisionLayers(one.decision);
  return {
    title: {text: one.name, fontSize: 11, offset: 6}, width: options.width ?? 250, height: options.height ?? 160,
    layer: [
      ...rule,
      ...(one.truth ? [{
        transform: [of(one.name, 'truth')], mark: {type: 'line', color: '#a0a0a0', strokeWidth: 1.2}, encoding: {x, y},
      }] : []),
      ...(one.forecasts?.some(line => line.low) ? [{
        transform: [of(one.name, 'forecast'), {filter: 'isValid(datum.low)'}], mark: {type: 'area', opacity: 0.18},
        encoding: {x, y: {...y, field: 'low'}, y2: {field: 'high'}, color: by(color)},
      }] : []),
      ...(one.forecasts?.length ? [{
        transform: [of(one.name, 'forecast')], mark: {type: 'line'},
        encoding: {x, y, color: by(color), strokeDash: by(dash)},
      }] : []),
      {transform: [of(one.name, 'observed')], mark: {type: 'point', color: ink.text, size: 28}, encoding: {x, y}},
    ],
  };
}

function outcomeAxis(one: PatientPanel, options: TrajectoriesOptions, range: readonly number[] | undefined) {
  const values = range ?? [...Array.from(one.observed), ...Array.from(one.truth?.value ?? []), ...(one.forecasts ?? [])
    .flatMap(line => [line.mean, line.low ?? [], line.high ?? []].flatMap(part => Array.from(part)))];
  const axis = quantitative('value', options.y, {log: options.yScale === 'log'}, values);
  return {...axis, title: options.y || null, scale: {...axis.scale, ...(range ? {domain: range} : {})}};
}

function decisionLayers(decision: number) {
  const data = {values: [{decision}]};
  const x = {field: 'decision', type: 'quantitative'};
  return [
    {data, mark: {type: 'rule', color: ink.quiet, strokeDash: [3, 3], strokeWidth: 1, tooltip: false}, encoding: {x}},
    {
      data,
      mark: {type: 'text', text: 't_c', align: 'left', dx: 3, dy: 5, fontSize: 10, color: ink.quiet, tooltip: false},
      encoding: {x, y: {value: 0}},
    },
  ];
}

function dosePlot(
  one: PatientPanel, lanes: readonly string[], names: readonly string[],
  {labelled, ...options}: TrajectoriesOptions & {readonly labelled: boolean},
) {
  const x = {...timeAxis(one, options, true), field: 'time'};
  const y = {type: 'quantitative', title: null, scale: {domain: [0, lanes.length], nice: false}, axis: {
    values: lanes.map((_, k) => lanes.length - k - 0.6),
    labelExpr: `${literal(lanes)}[round(${lanes.length} - 0.6 - datum.value)]`, grid: false, labelLimit: 200,
    labels: labelled,
  }};
  const base = `${lanes.length} - 1 - indexof(${literal(lanes)}, datum.lane)`;
  const {domain, range} = seriesScales(names, options.colors).color;
  const color =
    {field: 'series', type: 'nominal', scale: {domain: ['', ...domain], range: [ink.quiet, ...range]}, legend: null};
  const rule = one.decision === undefined ? [] : decisionLayers(one.decision).slice(0, 1);
  return {
    width: options.width ?? 250, height: 20 * lanes.length, resolve: {scale: {color: 'independent'}},
    layer: [
      {
        data: {values: lanes.map((_, k) => ({at: k}))},
        mark: {type: 'rule', color: ink.faint, strokeWidth: 1, tooltip: false}, encoding: {y: {...y, field: 'at'}},
      },
      ...rule,
      {
        transform: [of(one.name, 'dose'), {filter: 'datum.value > 0'}, {calculate: base, as: 'base'}, {
          calculate: `${base} + 0.82 * datum.share`, as: 'top',
        }],
        mark: {type: 'rect', stroke: ink.paper, strokeWidth: 0.6},
        encoding: {x, x2: {field: 'to'}, y: {...y, field: 'base'}, y2: {field: 'top'}, color},
      },
    ],
  };
}

function describePatients(patients: readonly PatientPanel[], options: TrajectoriesOptions): string {
  const each = patients.slice(0, 6).map(one => `${one.name}, ${one.time.length} measurements${one.decision === undefined
    ? ''
    : `, decision at ${one.decision}`}${one.forecasts?.length
      ? `, forecasts ${one.forecasts.map(line => line.name).join(' and ')}`
      : ''}`);
  return `${options.y} over ${options.x}: `
    + `${each.join('; ')}${patients.length > 6 ? `; ${patients.length} patients in all` : ''}.`;
}
