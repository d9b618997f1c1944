import assert from 'node:assert/strict';
import {normal, rng} from '../../../lib/math';
import {
  allometricModel, bestShare, boostingMethod, chosenMethod, constantModel, correctedMethod,
  crossValidated, doseSummaries, eleveld, eleveldModel, features, fitCovariates, fromLogs, individualErrors, logsOf,
  marsh, medianErrors, middle, mostProbable, parted, performance, plasma, publishedMethod, recognised, scatterOf,
  shifted, simulatedPeople, structureMethod, studyInterval, together, unmoved, updateErrors, type Person,
  type PropofolRecord,
} from '../../../lib/studies/propofol';

const people = simulatedPeople({rng: rng(1), studies: 8, perStudy: 6});

/** The same people, measured without error with compartments that are known. */
function exactly(logs: (person: Person) => Float64Array, error = 0): PropofolRecord[] {
  return people.map((record, i) => {
    const noise = normal(rng(100 + i), record.times.length, {sd: error || 1}).map(v => (error > 0 ? v : 0));
    const told = plasma(fromLogs(logs(record.person)), record.dosing, record.times);
    return {...record, measured: told.map((v, k) => Math.max(1e-4, v) * Math.exp(noise[k]))};
  });
}

describe('A fit of constants', () => {
  it('finds them where there is no noise, from a start that is off', () => {
    const truth = allometricModel().start.map((v, k) => v + 0.3 * Math.cos(k)), size = allometricModel();
    const found = fitCovariates(size, exactly(person => size.locals(truth, person)));
    truth.forEach((v, k) => assert.ok(Math.abs(v - found.constants[k]) < 0.02, `${k}: ${v} ${found.constants[k]}`));
    assert.ok(found.objective < 1e-4);
  });

  it('finds the published model in its own structure, better than the law of size', () => {
    const measured = exactly(person => logsOf(eleveld(person)), 0.05), error = (model = eleveldModel()) => {
      const {predict} = structureMethod(model).fit(measured, rng(1));
      return middle(medianErrors(predict, measured));
    };
    assert.ok(error() < 0.06, String(error()));
    assert.ok(error(allometricModel()) > 2 * error());
  });

  it('goes no farther from its start than the penalty allows', () => {
    const measured = exactly(person => logsOf(eleveld(person)), 0.05);
    const errors = [1e-3, 1e4].map(lambda => {
      const {predict} = correctedMethod({lambda}).fit(measured, rng(1));
      return middle(medianErrors(predict, measured));
    });
    const {predict} = structureMethod(allometricModel()).fit(measured, rng(1));
    assert.ok(errors[0] < 0.7 * errors[1], String(errors));
    // What is left is a free level of each compartment.
    assert.ok(Math.abs(errors[1] - middle(medianErrors(predict, measured))) < 0.05);
  });

  it('holds corrections at the edge of those who were seen', () => {
    const grown = people.filter(({person}) => person.age > 18), child = people.find(({person}) => person.age < 3)!;
    const [free, held] = [false, true].map(kept => correctedMethod({lambda: 1e-3, held: kept}).fit(grown, rng(1)));
    assert.deepEqual(free.predict(grown[3]), held.predict(grown[3]));
    assert.notDeepEqual(free.predict(child), held.predict(child));
  });

  it('gives no dose where none is given, whatever the gain of the input', () => {
    const method = correctedMethod({lambda: 1e-2, input: true, width: 3}), {predict, note} = method.fit(people, rng(1));
    const never = {...people[0], dosing: {time: [0], rate: [0], bolus: [0]}};
    assert.ok(predict(never).every(v => v === Math.log(1e-4)));
    assert.match(note!, /^gain of the input -?\d/);
  });

  it('refuses people without samples', () => {
    assert.throws(() => fitCovariates(constantModel(), []), /fitCovariates: argument `subjects` must be somebody/);
    const nobody = {...people[0], times: new Float64Array(0), measured: new Float64Array(0)};
    assert.throws(() => fitCovariates(constantModel(), [nobody]), /fitCovariates/);
  });
});

describe('Comparison by study', () => {
  it('learns from no study that it predicts, and chooses inside the others', () => {
    const seen: number[][] = [];
    const watching = (name: string, off: number) => ({
      name, fit: (training: readonly PropofolRecord[]) => {
        seen.push(training.map(({study}) => study));
        return {predict: ({measured}: Pick<PropofolRecord, 'measured'>) => measured.map(v => Math.log(v) + off)};
      },
    });
    const own = chosenMethod([watching('far', 0.5), watching('near', 0.1)], {name: 'chosen'});
    const {errors, notes, parts} = crossValidated(own, people, {rng: rng(1), folds: 4});
    assert.ok(errors.every(e => Math.abs(e - 0.1) < 1e-12));
    assert.deepEqual(notes, Array(4).fill('near'));
    const partsOf = (study: number) => new Set(people.flatMap((p, i) => (p.study === study ? parts[i] : [])));
    for (const {study} of people) assert.equal(partsOf(study).size, 1);
    // In each part: two candidates in three inner parts, then the chosen one.
    assert.equal(seen.length, 4 * 7);
    assert.ok(seen.every(studies => new Set(studies).size < 8));
  });

  it('finds a published model better than one of other people, by an interval over studies', () => {
    const measured = exactly(person => logsOf(eleveld(person)), 0.1), studies = measured.map(({study}) => study);
    const [right, wrong] = [publishedMethod('right', eleveld), publishedMethod('wrong', marsh)].map(method =>
      crossValidated(method, measured, {rng: rng(1)}));
    const gap = studyInterval(studies, right.errors, {rng: rng(2), draws: 300}, wrong.errors);
    assert.ok(gap.high < 0 && gap.low <= gap.value && gap.value <= gap.high, JSON.stringify(gap));
    assert.ok(Math.abs(right.mdpe) < 4 && right.mdape < 10 && wrong.mdape > 10);
    assert.equal(studyInterval(studies, right.errors, {rng: rng(2), draws: 100}, right.errors).high, 0);
    const few = () => studyInterval(studies, right.errors, {rng: rng(2), draws: 9});
    assert.throws(few, /studyInterval: argument `draws`/);
  });

  it('takes means of predictions that were learned from the same parts', () => {
    const off = (by: number) => ({name: `${by}`, fit: () => ({predict: ({measured}: {measured: Float64Array}) =>
      measured.map(v => Math.log(v) + by)})});
    const rows = [0.5, -0.2].map(by => crossValidated(off(by), people, {rng: rng(1)}));
    assert.ok(together('both', rows, people).errors.every(e => Math.abs(e - 0.15) < 1e-12));
  });

  it('tells errors in percent of the prediction', () => {
    const {mdpe, mdape} = performance(({measured}) => measured.map(v => Math.log(v / 1.25)), people);
    assert.ok(Math.abs(mdpe - 25) < 1e-9 && Math.abs(mdape - 25) < 1e-9);
    assert.equal(middle([4, 1, 3, 2]), 2.5);
    assert.throws(() => middle([]), /middle: argument `values`/);
  });
});

describe('Boosting on summaries of doses', () => {
  it('is told what was given until the sample and no later', () => {
    const [one] = people, later = {time: [0, 100], rate: [10, 900], bolus: [20, 50]};
    const early = {...one, dosing: later, times: Float64Array.of(50, 100, 101), measured: Float64Array.of(1, 1, 1)};
    const without = {...early, dosing: {time: [0, 100], rate: [10, 0], bolus: [20, 0]}};
    const [a, b] = [early, without].map(doseSummaries), d = a.shape[1];
    assert.deepEqual(a.data.subarray(0, d), b.data.subarray(0, d));
    assert.notDeepEqual(a.data.subarray(d), b.data.subarray(d));
    const total = Math.log((20 + 500) / one.person.weight + 1e-3);
    assert.ok(Math.abs(a.data[5] - total) < 1e-9);
    assert.equal(a.shape[1], 8 + features(one.person).length);
  });

  it('learns', () => {
    const {predict, note} = boostingMethod({trees: 60}).fit(people, rng(1));
    const {predict: flat} = structureMethod(constantModel()).fit(people, rng(1));
    assert.ok(middle(medianErrors(predict, people)) < middle(medianErrors(flat, people)));
    assert.match(note!, /^\d+ trees$/);
    const {predict: rest} = boostingMethod({trees: 60, residual: true}).fit(people, rng(1));
    assert.ok(rest(people[0]).every(Number.isFinite));
  });
});

describe('Updating from first samples', () => {
  const told = (person: Person) => logsOf(eleveld(person));
  const {predict} = publishedMethod('Eleveld', eleveld).fit([], rng(1));
  // Everybody has a clearance and a first volume of their own.
  const own = new Map(people.map((record, i) => [record.person, normal(rng(500 + i), 2, {sd: 0.4})]));
  const scattered = exactly(person => told(person).map((v, k) =>
    v + (k === 0 ? own.get(person)![0] : k === 3 ? own.get(person)![1] : 0)), 0.05);
  const parts = parted(scattered);

  it('parts samples, not doses', () => {
    for (const {before, after} of parts) assert.deepEqual([before.times.length, after.times.length], [3, 9]);
    assert.equal(parts.length, people.length);
    assert.equal(parts[0].before.dosing, people[0].dosing);
  });

  it('by a recogniser of compartments does better than a shift, and a shift than nothing', () => {
    const scatter = scatterOf(scattered, ({person}) => told(person)), share = bestShare(predict, parts);
    const error = [unmoved(predict), shifted(predict, share), recognised(({person}) => told(person), scatter)]
      .map(update => middle(updateErrors(update, parts)));
    assert.ok(share > 0 && error[1] <= error[0] && error[2] < 0.9 * error[1], String([share, ...error]));
    // The law of the draws: 0.4² for two logarithms, 0.05² within.
    const variance = scatter.between.get(3, 3);
    assert.ok(Math.abs(variance - 0.16) < 4.5 * 0.16 * Math.sqrt(2 / 48), String(variance));
    assert.ok(scatter.within < 4 * 0.0025, String(scatter.within));
  });

  it('moves nobody without samples', () => {
    const scatter = scatterOf(scattered, ({person}) => told(person)), no = new Float64Array(0);
    const {moved} = mostProbable({...scattered[0], times: no, measured: no}, told(scattered[0].person), scatter);
    assert.deepEqual(moved, Array(6).fill(0));
  });

  it('tells nobody better than fits to all their samples', () => {
    const fitted = individualErrors(scattered, ({person}) => told(person));
    assert.ok(middle(fitted) < 0.05, String(fitted));
  });
});
