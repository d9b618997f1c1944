import {basename} from 'node:path';
import {expect} from '../errors';
import {readCsv} from './csv';
import {trajectoriesFromUnits} from './fromUnits';
import {tableEntries} from './tableEntries';
import type {TableRoles, TableRow} from './tableRoles';
import {tableUnits} from './tableUnits';
import type {Channel, OutcomeChannel, Trajectories} from './trajectories';

/**
 * Trajectories from a table in long form, one row a measurement or treatment: of whom, when, what, how much. Each unit
 * keeps times of its own, at which something was measured or a treatment changed; rows may stand in any order.
 * @param table path of a CSV file, or rows
 * @throws ArgumentError that names row, column, what stands there and what to do about it: for files as `readCsv`, for
 * cells that are no numbers or times, variables without a role, rows that contradict each other, units without an
 * outcome, with a single time or more than 1000 of them, treatments that are open at the start, and statics that vary
 * or are missing
 * @example
 * ```ts
 * import {trajectoriesFromTable} from './lib';
 * const row = (unit: string, time: number, variable: string, value: number) => ({unit, time, variable, value});
 * const rows = [row('p', 0, 'pulse', 80), row('p', 0, 'rate', 2), row('p', 1.5, 'pulse', 72), row('p', 4, 'rate', 0)];
 * const channels = {outcomes: [{name: 'pulse', unit: '1/min'}], treatments: [{name: 'rate', unit: 'ml/h'}]};
 * trajectoriesFromTable(rows, {timeUnit: 'h', ...channels}).then(({time, observed, treatments}) => {
 *   console.log(time, observed.data, treatments.data);
 *   // Float64Array(3) [ 0, 1.5, 4 ] Float64Array(3) [ 1, 1, 0 ] Float64Array(3) [ 2, 2, 0 ]
 * });
 * ```
 */
export async function trajectoriesFromTable(
  table: string | readonly TableRow[], options: TableRoles,
): Promise<Trajectories> {
  checkOptions(options);
  const {name, timeUnit, outcomes, covariates = [], treatments = [], statics = [], delimiter} = options;
  const rows = typeof table === 'string' ? await readCsv(table, {delimiter}) : table;
  const read = (channels: readonly Channel[], role?: OutcomeChannel['role']): OutcomeChannel[] =>
    channels.map(channel => ({name: channel.name, unit: channel.unit, ...(role && {role})}));
  return trajectoriesFromUnits(tableUnits(tableEntries(rows, options), options), {
    name: name ?? (typeof table === 'string' ? basename(table) : 'table'), timeUnit, channels: {
      outcomes: [...read(outcomes), ...read(covariates, 'covariate')], treatments: read(treatments),
      statics: read(statics),
    },
  });
}

function checkOptions(options: TableRoles): void {
  const {outcomes, covariates = [], treatments = [], statics = [], ignore = [], step} = options;
  const fn = 'trajectoriesFromTable', channels = [...outcomes, ...covariates, ...treatments, ...statics];
  const names = [...channels.map(({name}) => name), ...ignore], twice = names.find((a, k) => names.indexOf(a) !== k);
  expect(outcomes.length > 0, {fn, argument: 'outcomes', expected: 'at least one to forecast', received: outcomes});
  expect(twice === undefined, {
    fn, argument: 'options', expected: 'one role for each variable', received: twice,
    remedy: 'It has two: leave one out.',
  });
  expect(step === undefined || (step > 0 && step < Infinity), {
    fn, argument: 'step', expected: `a duration > 0, in ${options.timeUnit}`, received: step,
  });
}
