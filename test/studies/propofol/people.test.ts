import assert from 'node:assert/strict';
import {hasData} from '../../../lib/data';
import {mean, rng, sd} from '../../../lib/math';
import {
  eleveld, eleveldPeople, fromLogs, logsOf, medianErrors, middle, plasma, publishedCompartments, publishedErrors,
  publishedMethod, simulatedPeople, withoutTwins, type PropofolRecord,
} from '../../../lib/studies/propofol';

const published = publishedMethod('Eleveld', eleveld).fit([], rng(1)).predict;

function needsData(test: Mocha.Context): void {
  if (hasData('propofol_eleveld')) return;
  console.log('      skipped: the data set propofol_eleveld is not here');
  test.skip();
}

describe('People on record', () => {
  let people: readonly PropofolRecord[];
  before(async function () {
    needsData(this);
    people = await eleveldPeople();
  });

  it('are 1,031 with 15,433 samples in 30 studies', () => {
    assert.equal(people.length, 1031);
    assert.equal(people.reduce((sum, {times}) => sum + times.length, 0), 15433);
    assert.equal(new Set(people.map(({study}) => study)).size, 30);
    assert.equal(people.filter(({person}) => person.sex === 'female').length > 300, true);
    assert.equal(people.filter(({dosing}) => Array.from(dosing.bolus).some(v => v > 0)).length, 24);
  });

  it('have the compartments that the authors of the model computed', async () => {
    const theirs = await publishedCompartments();
    for (const {id, person} of people) {
      const {v1, v2, v3, cl, q2, q3} = eleveld(person);
      [v1, v2, v3, cl, q2, q3].forEach((v, k) => assert.ok(Math.abs(v / theirs.get(id)![k] - 1) < 1e-3, `${id} ${k}`));
    }
  });

  it('have the published errors: most as printed, all once its slip is made too', async () => {
    const theirs = (await publishedErrors()).map(({eleveld: error}) => error), ours = medianErrors(published, people);
    const close = (errors: Float64Array) => errors.filter((e, i) => Math.abs(e - theirs[i]) < 1e-3).length;
    assert.ok(close(ours) / people.length >= 0.97, String(close(ours)));
    const slipped = medianErrors(published, people.map(record => ({...record, ...withoutTwins(record)})));
    assert.equal(close(slipped), people.length);
    assert.deepEqual([middle(ours), middle(theirs)].map(v => v.toFixed(4)), ['0.2832', '0.2868']);
  });
}).timeout(120_000);

describe('Simulated people', () => {
  const people = simulatedPeople({rng: rng(1), studies: 16, perStudy: 25});

  it('are the same each time, of all ages, some with a bolus, some with venous blood', () => {
    assert.deepEqual(simulatedPeople({rng: rng(1), studies: 16, perStudy: 25})[7], people[7]);
    assert.notDeepEqual(simulatedPeople({rng: rng(2), studies: 1, perStudy: 1})[0].measured, people[0].measured);
    const share = (of: (record: PropofolRecord) => boolean) => people.filter(of).length / people.length;
    for (const part of [share(r => r.person.age < 12), share(r => r.person.age > 65), share(r => r.dosing.bolus[0] > 0),
      share(r => r.person.site === 'venous')]) assert.ok(part > 0.1 && part < 0.5, String(part));
    assert.ok(people.every(({measured}) => measured.every(v => v > 0)));
  });

  it('are measured with an error of 15 % around compartments that scatter', () => {
    const errors = people.flatMap(({person, dosing, times, measured}) =>
      Array.from(plasma(eleveld(person), dosing, times), (v, k) => Math.log(measured[k] / Math.max(0.01, v))));
    assert.ok(Math.abs(mean(errors)) < 0.15, String(mean(errors)));
    assert.ok(sd(errors) > 0.25 && sd(errors) < 1, String(sd(errors)));
    const known = eleveld(people[0].person), back = fromLogs(logsOf(known), known.ke0);
    for (const key of ['v1', 'v2', 'v3', 'cl', 'q2', 'q3', 'ke0'] as const)
      assert.ok(Math.abs(back[key] / known[key] - 1) < 1e-12, key);
    assert.throws(() => simulatedPeople({rng: rng(1), studies: 0}), /simulatedPeople: argument `studies`/);
  });

  it('show the slip where two samples are taken at one time', () => {
    const record = {...people[0], times: Float64Array.of(1, 2, 2, 3), measured: Float64Array.of(4, 3, 3.1, 2)};
    const {times, measured} = withoutTwins(record);
    assert.deepEqual([Array.from(times), Array.from(measured)], [[1, 2, 3], [4, 3, 3.1]]);
  });
});
