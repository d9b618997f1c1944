import assert from 'node:assert/strict';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import * as lib from '../../lib';

/** A ward's table: irregular visits over two days, a rate that a nurse chooses by the pressure. No real patient. */
function wardCsv(patients: number, seed: number): string {
  const chance = lib.uniform(lib.rng(seed), patients * 400), lines = ['patient,hour,what,value'];
  let drawn = 0;
  const next = (low: number, high: number) => low + (high - low) * chance[drawn++];
  for (let i = 0; i < patients; i++) {
    let [hour, rate] = [0, 0], pressure = next(55, 75);
    for (const base = next(50, 65); hour < 48;) {
      const at = `p${i},${hour.toFixed(2)}`, wait = next(0.5, 3.5);
      lines.push(`${at},pressure,${(pressure + next(-1, 1)).toFixed(1)}`);
      if (hour === 0 || next(0, 1) < 0.5) {
        rate = Math.max(0, Math.round(next(0, 8) + (70 - pressure) / 5));
        lines.push(`${at},rate,${rate}`);
      }
      hour += wait;
      pressure += (base + 3 * rate - pressure) * (1 - Math.exp(-wait / 6));
    }
  }
  return lines.join('\n');
}

// What a reader writes for a table of their own, from the file to a figure of two plans.
async function readersProgram(file: string) {
  const ward = await lib.trajectoriesFromTable(file, {
    columns: {unit: 'patient', time: 'hour', variable: 'what'}, timeUnit: 'h',
    outcomes: [{name: 'pressure', unit: 'mmHg'}], treatments: [{name: 'rate', unit: 'ml/h'}],
  });
  const [train, validation, test] = lib.splitUnits(ward, [34, 8, 8], lib.rng(1));
  const options = {epochs: 100, batch: 17, horizon: 8, rate: {from: 1e-2, to: 1e-3}};
  const model = await lib.learned(lib.obsNode({blocks: 2}), options).fit(train, validation, {rng: lib.rng(2)});
  const decision = {time: 24}, units = [0, 1, 2], answers: lib.Answer[] = [];
  for (const rate of [0, 8]) {
    const plan = lib.plannedAt(test, decision, {ahead: [2, 4, 8, 12], treatments: {rate}, units});
    const forecast = await model.forecast(lib.historyAt(test, decision, {units}), plan);
    answers.push({name: `${rate} ml/h`, plan, forecast});
  }
  const panels = lib.forecastPanels(test, decision, answers, {units});
  return {figure: lib.trajectoriesFigure(panels, {title: 'Plans', x: 'hour', y: 'mmHg'}), model, test, answers, panels};
}

describe('A reader\'s own table', function () {
  this.timeout(300_000);
  let folder: string, found: Awaited<ReturnType<typeof readersProgram>>, seconds: number;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'obsnode-own-'));
    writeFileSync(join(folder, 'ward.csv'), wardCsv(50, 1));
    const start = process.cpuUsage().user;
    found = await readersProgram(join(folder, 'ward.csv'));
    seconds = (process.cpuUsage().user - start) / 1e6;
  });
  after(() => rmSync(folder, {recursive: true}));

  it('of 50 patients takes at most 15 lines to a figure of forecasts under two plans, and a minute of one core',
    () => {
      const [, body] = /\nasync function readersProgram.*\n([^]*?)\n}\n/.exec(readFileSync(__filename, 'utf8'))!;
      assert.ok(body.split('\n').length <= 15, body);
      assert.ok(seconds < 60, `${seconds} s`);
      console.log(`      ${seconds.toFixed(1)} s of processor time`);
    });

  it('gives forecasts at durations, which tell the plans apart as the simulator does', () => {
    const [none, much] = found.answers.map(({forecast}) => forecast);
    assert.deepEqual(Array.from(none.time as Float64Array), [26, 28, 32, 36]);
    for (const unit of [0, 1, 2]) {
      const rise = much.mean.data[unit * 4 + 3] - none.mean.data[unit * 4 + 3];
      assert.ok(rise > 8, `unit ${unit}: ${rise}, in truth ${24 * (1 - Math.exp(-2))}`);
    }
  });

  it('forecasts better than the last value, in windows of time', async () => {
    const rule = lib.protocol({
      name: 'windows', decisions: [12, 24, 32].map(time => ({time})), horizon: 12, edges: [4, 12],
      scaling: lib.unscaled(1),
    });
    const last = await lib.persistence.fit(found.test, found.test, {rng: lib.rng(1)});
    const model = await lib.evaluate(found.model, found.test, rule);
    const carried = await lib.evaluate(last, found.test, rule);
    assert.equal(model.cells.length, 6);
    assert.ok(model.cells.every(({count}) => count >= 8), model.cells.map(({count}) => count).join());
    const far = (s: lib.Scores) => lib.mean(s.cells.filter(({horizon}) => horizon === 12).map(({rmse}) => rmse));
    assert.ok(far(model) < far(carried), `${far(model)} ${far(carried)}`);
  });

  it('is drawn: measurements up to the decision and after, bars of the rate until then and of each plan', async () => {
    const [panel] = found.panels, bars = panel.doses!;
    assert.deepEqual([panel.name, panel.decision], [found.test.ids[0], 24]);
    assert.ok(panel.time.length > 15 && Array.from(panel.observed).every(v => v > 40 && v < 100));
    const [history, plans] = [bars.filter(({plan}) => !plan), bars.filter(({plan}) => plan)];
    assert.ok(history.length > 3 && history[history.length - 1].to === 24);
    assert.ok(history.every(({dose}, k) => dose !== history[k - 1]?.dose));
    assert.deepEqual(plans.map(({from, to, dose}) => [from, to, dose]), [[24, 36, 0], [24, 36, 8]]);
    assert.match(await found.figure.toSvg(), /8 ml\/h/);
  });

  it('is drawn with a band where a forecaster gives draws', () => {
    const [{name, plan, forecast}] = found.answers, {shape, data} = forecast.mean;
    const samples = lib.ndarray([11, ...shape], Float64Array.from({length: 11 * data.length}, (_, k) =>
      data[k % data.length] + Math.floor(k / data.length)));
    const drawn = [{name, plan, forecast: {...forecast, samples}}], options = {units: [0, 1, 2], inside: 0.8};
    const [{forecasts: [line] = []}] = lib.forecastPanels(found.test, {time: 24}, drawn, options);
    assert.deepEqual(Array.from(line.low!, (v, k) => Math.round(v - line.mean[k])), [1, 1, 1, 1]);
    assert.deepEqual(Array.from(line.high!, (v, k) => Math.round(v - line.mean[k])), [9, 9, 9, 9]);
    assert.throws(() => lib.forecastPanels(found.test, {time: 24}, found.answers), /answers.*forecasts of 8 units/);
    assert.throws(() => lib.forecastPanels(found.test, {time: 24}, [], {outcome: 'x'}), /one of pressure/);
  });

  it('leaves a model that other programs can run', () => {
    assert.ok(found.model.exportOnnx({rows: 1, horizon: 4}).length > 10_000);
  });
});
