import assert from 'node:assert/strict';
import {hasData, type Trajectories} from '../../../lib/data';
import {evaluate, pooled, protocol, type Scaling} from '../../../lib/evaluation';
import {fold, mean, rng, sd} from '../../../lib/math';
import {autoregression, persistence, type Forecaster} from '../../../lib/models';
import {
  eicuDemoSource, mimicDemoSource, sepsisSplit, sepsisStudy, wardSource, type SepsisStudy,
} from '../../../lib/studies/sepsis';

const STEPS = [1, 2, 3, 4, 5, 6], HOURS = Array.from({length: 24}, (_, c) => c + 1);
const ridge = autoregression({lambda: 3000});

/** Errors of SOFA by step, decisions of hours 1 to 24 together, in units of the training spread. */
async function errors(
  forecaster: Forecaster, sets: {train: Trajectories; validation: Trajectories; test: Trajectories}, scaling: Scaling,
): Promise<number[]> {
  const fitted = await forecaster.fit(sets.train, sets.validation, {rng: rng(0)});
  const rule = protocol({name: 'hours 1 to 24', decisions: HOURS, horizon: 6, scaling});
  const {cells} = pooled(await evaluate(fitted, sets.test, rule));
  return STEPS.map(s => cells.find(({outcome, horizon}) => outcome === 'SOFA' && horizon === s)!.rmse);
}

const shown = (name: string, rows: readonly (readonly number[])[]) =>
  console.log(`      ${name}: ${STEPS.map((_, s) => mean(rows.map(row => row[s])).toFixed(2)).join(' ')}`);

describe('baselines of real sepsis', function () {
  this.timeout(400_000);
  const lean = {covariates: [], counts: false, logs: true} as const;
  let eicu: SepsisStudy, mimic: SepsisStudy;
  const still: number[][] = [], linear: number[][] = [], far: number[][] = [], farLinear: number[][] = [];
  before(async function () {
    if (!hasData('eicu_demo') || !hasData('mimic_demo')) {
      console.log('      skipped: the demos are not here; set OBSNODE_DATA to a folder with eicu_demo and mimic_demo');
      return this.skip();
    }
    [eicu, mimic] = [await sepsisStudy(eicuDemoSource(), lean), await sepsisStudy(mimicDemoSource(), lean)];
    for (let k = 0; k < 5; k++) {
      const {scaling, fill, ...sets} = sepsisSplit(eicu.task, fold(rng(1), k));
      const abroad = {...sets, test: fill(mimic.task.trajectories)};
      still.push(await errors(persistence, sets, scaling));
      linear.push(await errors(ridge, sets, scaling));
      far.push(await errors(persistence, abroad, scaling));
      farLinear.push(await errors(ridge, abroad, scaling));
    }
    shown('eICU, last value', still);
    shown('eICU, ridge with plan', linear);
    shown('MIMIC, last value', far);
    shown('MIMIC, ridge with plan', farLinear);
  });

  /**
   * The mean over five splits lies near that of five other splits: within three standard errors of a difference of two
   * such means, and the rounding of the published one.
   */
  const near = (rows: readonly (readonly number[])[], published: readonly number[]) => STEPS.forEach((_, s) => {
    const own = rows.map(row => row[s]), bound = 3 * sd(own) * Math.sqrt(2 / own.length) + 0.005;
    assert.ok(Math.abs(mean(own) - published[s]) < bound, `s = ${s + 1}: ${mean(own)}, ${published[s]} +- ${bound}`);
  });

  it('the last value is as good as a computation in another language on other splits found it', () => {
    near(still, [0.17, 0.24, 0.3, 0.34, 0.38, 0.41]);
  });

  it('and so is ridge regression with the plan', () => near(linear, [0.17, 0.23, 0.28, 0.31, 0.35, 0.37]));

  it('ridge beats the last value from three hours on in at least four of five splits', () => {
    for (const s of [2, 3, 4, 5])
      assert.ok(linear.filter((row, k) => row[s] < still[k][s]).length >= 4, `s = ${s + 1}`);
  });

  it('in another hospital both are as they were found, to a tenth', () => {
    // The stays are the same for every split, so that the spread over splits says nothing of the error.
    [[far, [0.18, 0.24, 0.29, 0.32, 0.36, 0.4]], [farLinear, [0.18, 0.23, 0.28, 0.32, 0.35, 0.38]]].forEach(
      ([rows, published]) => STEPS.forEach((_, s) => {
        const own = mean((rows as number[][]).map(row => row[s])), wanted = (published as number[])[s];
        assert.ok(Math.abs(own / wanted - 1) < 0.1, `s = ${s + 1}: ${own}, ${wanted}`);
      }),
    );
  });
});

describe('the same on the simulated ward, which needs no data', () => {
  it('goes from records to scores', async () => {
    const {cohort, task} = await sepsisStudy(wardSource({stays: 300, rng: rng(1)}), {covariates: [], counts: false});
    const {scaling, ...sets} = sepsisSplit(task, rng(2)), score = await errors(persistence, sets, scaling);
    assert.equal(cohort.flow[0].counts.stays, 300);
    assert.ok(task.persons.length >= 50, `${task.persons.length} stays`);
    assert.ok(score.every((v, s) => v > (score[s - 1] ?? 0)), 'errors grow with the horizon');
  });
});
