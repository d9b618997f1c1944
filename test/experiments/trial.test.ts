import assert from 'node:assert/strict';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {evaluate, protocol, unscaled, type Protocol} from '../../lib/evaluation';
import {comparedMethod, compareTrials, completed, runTrial, sweep, type TrialRow} from '../../lib/experiments';
import {fold, ndarray, rng} from '../../lib/math';
import {latentNode, perTimeMean, persistence, type Forecaster} from '../../lib/models';
import {cancerCohort, cancerForecasters, cancerQuestions} from '../../lib/studies/cancer';
import {twoStepForecasters} from '../../lib/studies/twoStep';
import {DivergenceError} from '../../lib/training';

const [train, validation] = [1, 2].map(seed => cancerCohort({patients: 40, rng: rng(seed)}).trajectories);
const test = cancerCohort({patients: 30, rng: rng(3)});
const asked = protocol({name: 'p', decisions: [8], horizon: 6, scaling: unscaled(2)});
const task = {train, validation, test: test.trajectories, protocols: {asked}, suspect: {decision: 8, horizon: 6}};
const context = {rng: rng(0)};

/** A forecaster that passes for trained and answers one value everywhere. */
const trained = (name: string, value: number): Forecaster => ({
  name, information: 'history + plan',
  fit: async (...given) => {
    const base = await persistence.fit(...given), curve: unknown[] = [];
    return {...base, name, curve, parameters: 7, forecast: async (history, plan) => {
      const answer = await base.forecast(history, plan), {shape, data} = answer.mean;
      return {...answer, mean: ndarray(shape, new Float64Array(data.length).fill(value))};
    }};
  },
});
const diverging: Forecaster = {
  ...persistence, name: 'diverging', fit: async () => { throw new DivergenceError(2, 17, 0.1); },
};

describe('a trial', () => {
  it('scores a method under every protocol as evaluate does', async () => {
    const {scores, lost, findings} = await runTrial(
      persistence, {...task, protocols: {one: asked, two: {...asked, horizon: 2}}}, context,
    );
    const fitted = await persistence.fit(train, validation, context);
    const alone = await evaluate(fitted, test.trajectories, asked);
    assert.deepEqual(scores!.one, alone);
    assert.equal(scores!.two.cells.length, 4);
    assert.deepEqual([lost, findings], [false, []]);
  });

  it('answers with the reason when a training diverges, and with the error of whatever else goes wrong', async () => {
    const {scores, lost, findings} = await runTrial(diverging, task, context);
    assert.deepEqual([scores, lost, findings.map(f => f.failure)], [undefined, true, ['diverged']]);
    assert.match(findings[0].evidence, /epoch 2 at step 17/);
    const broken = {...persistence, fit: async () => { throw new TypeError('a mistake'); }};
    await assert.rejects(runTrial(broken, task, context), TypeError);
  });

  it('sees a trained model that is lost, and keeps its scores for whoever wants to look', async () => {
    const {lost, findings, scores, parameters} = await runTrial(trained('constant', 100), task, context);
    assert.ok(lost && findings.some(f => f.failure === 'collapsed to the mean'));
    assert.deepEqual([scores!.asked.cells.length, parameters], [12, 7]);
    const endless = await runTrial(trained('endless', NaN), task, context);
    assert.deepEqual([endless.lost, endless.findings[0].failure, endless.scores], [true, 'not finite', undefined]);
  });

  it('asks a sound model what else is wanted, and nothing of one without scores', async () => {
    const measure = async (fitted: {name: string}) => ({length: fitted.name.length});
    const {measured} = await runTrial(persistence, {...task, measure}, context);
    assert.deepEqual(measured, {length: 'persistence'.length});
    const endless = await runTrial(trained('endless', NaN), {...task, measure}, context);
    assert.equal(endless.measured, undefined);
    assert.ok(!('measured' in await runTrial(persistence, task, context)));
  });

  it('disposes of what was fitted, also where scoring fails', async () => {
    let disposed = 0;
    const own: typeof persistence = {...persistence, fit: async (...given) =>
      ({...await persistence.fit(...given), dispose: async () => { disposed++; }})};
    await runTrial(own, task, context);
    const broken: typeof persistence = {...own, fit: async (...given) =>
      ({...await own.fit(...given), forecast: async () => { throw new TypeError('a mistake'); }})};
    await assert.rejects(runTrial(broken, task, context), TypeError);
    assert.equal(disposed, 2);
  });

  it('is plain data, so that a sweep keeps it: read again it makes the same table', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'obsnode-trial-'));
    try {
      const methods = [persistence, perTimeMean, diverging, trained('constant', 100)];
      const run = async ({seed, method}: {readonly seed: number; readonly method: string}) => {
        const draw = cancerCohort({patients: 30, rng: fold(rng(seed), 'test')});
        const forecaster = methods.find(({name}) => name === method)!;
        return {
          source: 'as written' as const, ...await runTrial(forecaster, {...task, test: draw.trajectories}, context),
        };
      };
      const ask = async () => completed(
        await sweep({seed: [1, 2, 3], method: methods.map(({name}) => name)}, {inputs: {}, run}, {cache: dir}),
      );
      const tables = [await ask(), await ask()].map(rows => ({
        rows, table: compareTrials(rows, 'asked', {outcome: 'tumour volume', decision: 8, horizons: [1, 6]}),
      }));
      assert.ok(tables[1].rows.every(row => row.cached));
      assert.deepEqual(tables[0].table, tables[1].table);
      const {rows} = tables[0].table;
      assert.deepEqual(rows.map(row => [row.method, row.failed]), [
        ['persistence', false], [perTimeMean.name, false], ['diverging', true], ['constant', true],
      ]);
      assert.match(rows[2].note, /^failed: diverged in 3 of 3 draws \(Training diverged in epoch 2/);
      assert.match(rows[3].note, /^failed: .* in 3 of 3 draws/);
      assert.ok(rows[0].values.every(v => v.sd! > 0 && v.best !== undefined));
    } finally {
      rmSync(dir, {recursive: true});
    }
  });

  it('that is lost in one draw takes the method out, and what else was found stands in the notes', async () => {
    const {scores} = await runTrial(persistence, task, context);
    const row = (method: string, failures: readonly string[]): TrialRow<'asked'> => ({
      method, source: 'as written', information: 'history', scores,
      findings: failures.map(failure => ({failure: failure as never, evidence: 'e', advice: 'a', forecaster: method})),
      lost: failures.includes('ran away'),
    });
    const of = (method: string, each: readonly (readonly string[])[]) => each.map(failures => row(method, failures));
    const rows = [
      ...of('a', [[], ['ran away'], []]), ...of('b', [['exploding weights'], [], ['exploding weights']]),
      ...of('c', [[], [], []]),
    ];
    const notes = compareTrials(rows, 'asked', {outcome: 'tumour volume', decision: 8, horizons: [1]}).rows.map(({
      note, failed,
    }) => [failed, note]);
    assert.deepEqual(notes, [
      [false, 'exploding weights in 2 of 3 draws'], [false, ''], [true, 'failed: ran away in 1 of 3 draws (e)'],
    ]);
  });
});

describe('the questions of the cancer comparison', () => {
  const ask = (rows?: readonly number[]) =>
    cancerQuestions({train, test}, {decision: 8, horizon: 3, rows, rng: rng(5)});

  it('are four, counted in one unit, and ask about the decision as treated even where it is not among the rows', () => {
    const questions = ask([10, 4]);
    assert.deepEqual(Object.keys(questions), ['as treated', 'random doses', 'sliding dose', 'next dose']);
    assert.deepEqual(questions['as treated'].decisions, [4, 8, 10]);
    assert.deepEqual(
      Object.values<Protocol>(questions).map(q => q.scaling.divisors),
      Array(4).fill(questions['as treated'].scaling.divisors),
    );
    assert.equal(questions['as treated'].until, 14);
    const late = cancerQuestions({train, test}, {decision: 16, horizon: 3, rng: rng(5)});
    assert.equal(late['as treated'].until, 19);
    assert.deepEqual(Object.values<Protocol>(questions).slice(1).map(q => [q.decisions, q.horizon]), [
      [[8], 3], [[8], 3], [[8], 1],
    ]);
  });

  it('begin in all plans with the same past, and draw random doses from the seed alone', () => {
    const at = (q: Protocol) => q.plans.at(test.trajectories, 8);
    assert.deepEqual(at(ask()['random doses']), at(ask()['random doses']));
    assert.equal(at(ask()['next dose']).length, 16);
  });
});

describe('a method of one\'s own in the comparison', () => {
  const mine = comparedMethod({
    network: () => ({...latentNode({width: 8}), name: 'mine'}), adjusts: 'none', treatments: 'doses',
  });

  it('is one record: it stands beside the others, trained like them', async () => {
    const [{name, rate, forecaster}] = cancerForecasters({
      more: [mine], models: ['mine'], epochs: 1, training: {batch: 20, horizon: 3, repeats: 1},
    });
    assert.deepEqual([name, rate], ['mine', 6e-3]);
    const {scores, parameters, cost} = await runTrial(forecaster, {...task, suspect: undefined}, context);
    assert.ok(parameters! > 0 && cost!.seconds! > 0 && scores!.asked.cells.every(({rmse}) => Number.isFinite(rmse)));
    assert.equal(cancerForecasters({more: [mine]}).length, cancerForecasters().length + 1);
    assert.equal(twoStepForecasters({more: [mine]}).at(-1)!.name, 'mine');
  }).timeout(60_000);

  it('needs a name of its own', () => {
    assert.throws(
      () => cancerForecasters({more: [mine, mine]}),
      /cancerForecasters: argument `more` must be methods with names of their own; received \["mine"\]/,
    );
  });
});
