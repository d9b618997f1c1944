import assert from 'node:assert/strict';
import {mean, rng, sd} from '../../../lib/math';
import {openDatabase} from '../../../lib/data/database';
import {
  episodeShares, fillFromWard, quantities, sepsisViews, simulatedWard, SOFA_ORGANS, wardLaw, wardSeverity,
  type SepsisView, type Ward,
} from '../../../lib/studies/sepsis';
import {derive} from './wardRules';

const HOUR = 3_600_000;

describe('the simulated ward', () => {
  let ward: Ward;
  before(() => {
    ward = simulatedWard({stays: 1500, rng: rng(1)});
  });

  const first = () => ward.truth.filter(({follows}) => follows === 'nothing');

  it('answers the eight views, values within the limits of their quantities, times in whole minutes', () => {
    const {value, quantity, time} = ward.tables.measurements.columns();
    for (let i = 0; i < ward.tables.measurements.rows; i++) {
      const [low, high] = quantities[quantity[i] as keyof typeof quantities].limits, v = value[i] as number;
      assert.ok(v >= low && v <= high, `${quantity[i]} ${v}`);
      assert.equal((time[i] as Date).getTime() % 60_000, 0);
    }
    assert.deepEqual(new Set(quantity as string[]), new Set(Object.keys(quantities)));
    for (const view of Object.keys(sepsisViews) as SepsisView[]) assert.ok(ward.tables[view].rows > 0, view);
    assert.equal(ward.tables.stays.rows, 1500);
  });

  it('has no row that an engine would have to guess: stops after starts, leaving after arriving', () => {
    for (const [view, from, to] of [
      ['stays', 'arrived', 'left'], ['infusions', 'start', 'stop'], ['ventilation', 'start', 'stop'],
    ] as const) {
      const columns = ward.tables[view].columns();
      (columns[from] as Date[]).forEach((start, i) => assert.ok((columns[to][i] as Date) > start, view));
    }
  });

  it('shows at the bedside exactly the points that it drew: by loops over its rows', () => {
    const small = simulatedWard({stays: 400, rng: rng(2)}), derived = derive(small);
    for (const {stay, sofa} of small.truth) {
      const {hours, sofa: scores} = derived.stays.get(stay)!;
      SOFA_ORGANS.forEach((organ, k) =>
        assert.deepEqual(hours.map(points => points[k]), [...sofa.hour[organ]], `stay ${stay}, ${organ}`));
      assert.deepEqual(scores, [...sofa.sofa], `stay ${stay}`);
    }
  });

  it('makes exactly the suspicions that it meant', () => {
    const {suspicions} = derive(ward);
    for (const {stay, patient, clock, sepsis} of ward.truth) {
      const inside = (suspicions.get(patient) ?? []).filter(([a]) => a >= clock.arrived && a < clock.left);
      const first = inside.length > 0 ? Math.min(...inside.map(([, time]) => time)) : null;
      assert.equal(sepsis.mimicCode.suspicion, first, `stay ${stay}`);
    }
  });

  it('has points of every kind for every organ, and every way of cultures and antibiotics', () => {
    for (const organ of SOFA_ORGANS) {
      const points = new Set(ward.truth.flatMap(({sofa}) => [...sofa.hour[organ]]));
      assert.deepEqual(points, new Set([-1, 0, 1, 2, 3, 4]), organ);
    }
    const patterns = new Set(ward.truth.map(({pattern}) => pattern));
    for (const pattern of Object.keys(episodeShares)) assert.ok(patterns.has(pattern as never), pattern);
    for (const follows of ['nothing', 'soon', 'later']) assert.ok(ward.truth.some(stay => stay.follows === follows));
  });

  it('sums organs, each 0 to 4, its hours as many as the stay is long', () => {
    for (const {clock, sofa} of ward.truth) {
      assert.equal(sofa.sofa.length, Math.ceil((clock.left - clock.arrived) / HOUR) + 1);
      sofa.sofa.forEach((points, h) =>
        assert.equal(points, SOFA_ORGANS.reduce((sum, organ) => sum + sofa.worst[organ][h], 0)));
    }
  });

  it('begins a larger ward with the same stays, and repeats itself bit by bit', () => {
    const smaller = simulatedWard({stays: 100, rng: rng(1)}), other = simulatedWard({stays: 100, rng: rng(2)});
    const rows = smaller.tables.measurements.rows;
    assert.deepEqual(ward.tables.measurements.columns(0, rows), smaller.tables.measurements.columns());
    assert.notDeepEqual(other.tables.measurements.columns(0, 50), smaller.tables.measurements.columns(0, 50));
    // Of the last stay's patient the larger ward may know another one.
    assert.deepEqual(ward.truth.slice(0, 99), smaller.truth.slice(0, 99));
    assert.deepEqual(simulatedWard({stays: 100, rng: rng(1)}).truth, smaller.truth);
  });

  it('fills a database with what it holds', async () => {
    const database = await openDatabase(), small = simulatedWard({stays: 60, rng: rng(3)});
    try {
      await fillFromWard(database, small);
      for (const view of Object.keys(sepsisViews) as SepsisView[]) {
        const got = await database.columns(`SELECT * FROM ${view}`), given = small.tables[view].columns();
        assert.deepEqual(got, given, view);
      }
    } finally {
      database.close();
    }
  });

  it('refuses nonsense by name', () => {
    assert.throws(() => simulatedWard({stays: 0, rng: rng(1)}), /simulatedWard: argument `stays`/);
    assert.throws(() => simulatedWard({longest: 5, rng: rng(1)}), /simulatedWard: argument `longest`/);
    assert.throws(() => simulatedWard({} as never), /simulatedWard: argument `rng`/);
  });

  describe('knows what antibiotics do', () => {
    const options = {stays: 300, rng: rng(1)} as const;
    const last = (severity: readonly Float64Array[]) => severity.map(s => s[s.length - 1]);
    const under = (drugs: readonly number[]) => last(wardSeverity(options, (_, h) => (h < 0 ? undefined : drugs)));

    it('without a plan severity is the ward\'s, and up to a plan\'s first hour it stays the same', () => {
      const own = ward.truth.slice(0, 300).map(({severity}) => severity), from = 10;
      assert.deepEqual(wardSeverity(options), own);
      const planned = wardSeverity(options, (_, h) => (h < from ? undefined : [1, 0, 1]));
      planned.forEach((severity, k) => assert.deepEqual(severity.slice(0, 24 + from), own[k].slice(0, 24 + from)));
      assert.notDeepEqual(planned, own);
    });

    it('drugs help whoever is infected, and change nothing for others', () => {
      const never = under([0, 0, 0]), both = under([1, 0, 1]), one = under([1, 0, 0]);
      ward.truth.slice(0, 300).forEach(({infected, clock}, k) => {
        if (infected === null || infected > clock.zero + clock.last * HOUR) assert.equal(both[k], never[k]);
        else assert.ok(both[k] <= never[k] && one[k] <= never[k] && both[k] <= one[k]);
      });
      assert.ok(mean(never) - mean(both) > 0.3, `${mean(never)} without, ${mean(both)} with`);
    });

    it('but whoever gets the broadest treatment was sicker before', () => {
      const {patient, drug, start} = ward.tables.orders.columns();
      const begun = new Map<number, {at: number; broad: boolean}>();
      (drug as string[]).forEach((name, i) => {
        const at = (start[i] as Date).getTime(), known = begun.get(patient[i] as number);
        const broad = name === 'Piperacillin-Tazobactam' || (known?.broad ?? false);
        begun.set(patient[i] as number, {at: Math.min(at, known?.at ?? Infinity), broad});
      });
      const before = (wanted: boolean) => first().flatMap(({patient: who, infected, clock, severity}) => {
        const {at, broad} = begun.get(who) ?? {at: NaN, broad: false};
        const index = 24 + Math.floor((at - clock.zero) / HOUR);
        return infected !== null && at > infected && broad === wanted ? severity[index] ?? [] : [];
      });
      const [sicker, others] = [before(true), before(false)];
      const error = Math.sqrt(sd(sicker) ** 2 / sicker.length + sd(others) ** 2 / others.length);
      assert.ok(mean(sicker) - mean(others) > 5 * error, `${mean(sicker)} with, ${mean(others)} without`);
    });
  });

  describe('follows its law', () => {
    /** Share within five standard errors: once in two million by chance. */
    const share = (count: number, n: number, p: number, what: string) => {
      const z = (count - n * p) / Math.sqrt(n * p * (1 - p));
      assert.ok(Math.abs(z) < 5, `${what}: ${count} of ${n}, expected ${p}`);
    };
    it('shares of infections, of ways, of drawn panels, of returns', () => {
      const {infected, recovered, again, pressure} = wardLaw, n = ward.truth.length;
      const open = ward.truth.filter(({follows}) => follows !== 'soon');
      share(open.filter(stay => stay.infected !== null).length, open.length,
        infected * (1 - recovered * first().length / open.length), 'infected');
      const patterned = ward.truth.filter(({pattern}) => pattern !== null && pattern !== 'edge');
      for (const [name, p] of Object.entries(episodeShares)) {
        share(patterned.filter(({pattern}) => pattern === name).length, patterned.length, p, name);
      }
      for (const kind of ['soon', 'later'] as const) {
        share(ward.truth.filter(({follows}) => follows === kind).length, first().length, again[kind], kind);
      }
      const inside = ward.truth.reduce((sum, {clock}) => sum + Math.floor(clock.leaving / 60), 0);
      const {quantity} = ward.tables.measurements.columns(), count = (name: string) =>
        (quantity as string[]).filter(q => q === name).length;
      // Between whole hours inside the stay and those plus the first and a broken one.
      const hours = count('heart_rate');
      assert.ok(hours >= inside && hours <= inside + 2 * n, `${hours} hours`);
      share(count('sbp'), hours, pressure, 'blood pressure');
    });

    it('ages and weights as restricted normal, lengths as restricted log-normal', () => {
      const {age} = ward.tables.stays.columns(), {stay: law, age: ages} = wardLaw;
      const people = first().map(({stay}) => age[stay - 1] as number), n = people.length;
      const expected = restrictedNormal(ages.mean, ages.sd, [ages.low, ages.high]);
      assert.ok(Math.abs(mean(people) - expected.mean) < 5 * expected.sd / Math.sqrt(n), `${mean(people)}`);
      assert.ok(Math.abs(sd(people) / expected.sd - 1) < 5 / Math.sqrt(2 * n), `${sd(people)}`);
      const usual = ward.truth.filter(({clock}) => clock.left - clock.arrived < 68 * HOUR);
      const logs = usual.map(({clock}) => Math.log((clock.left - clock.arrived) / HOUR));
      const lengths = restrictedNormal(Math.log(law.median), law.logSd, [Math.log(law.low), Math.log(68)]);
      assert.ok(Math.abs(mean(logs) - lengths.mean) < 5 * lengths.sd / Math.sqrt(logs.length), `${mean(logs)}`);
    });

    it('looks about like the demo: a third to a half of its stays with sepsis, a median SOFA near 4', () => {
      const scores = ward.truth.flatMap(({sofa}) => [...sofa.sofa]).sort((a, b) => a - b);
      const median = scores[scores.length >> 1], n = ward.truth.length;
      const septic = (of: 'mimicCode' | 'wide') =>
        ward.truth.filter(({sepsis}) => sepsis[of].onset !== null).length / n;
      assert.ok(median >= 3 && median <= 5, `${median}`);
      assert.ok(septic('mimicCode') > 0.3 && septic('mimicCode') < 0.5, `${septic('mimicCode')}`);
      assert.ok(septic('wide') >= septic('mimicCode'));
    });
  });
});

/** Mean and spread of a normal restricted to an interval, by sums over a fine grid. */
function restrictedNormal(mean: number, sd: number, [low, high]: readonly [number, number]) {
  const grid = Array.from({length: 20_000}, (_, k) => low + ((k + 0.5) * (high - low)) / 20_000);
  const weights = grid.map(x => Math.exp(-(((x - mean) / sd) ** 2) / 2)), total = weights.reduce((a, b) => a + b);
  const m = grid.reduce((sum, x, k) => sum + x * weights[k], 0) / total;
  const v = grid.reduce((sum, x, k) => sum + (x - m) ** 2 * weights[k], 0) / total;
  return {mean: m, sd: Math.sqrt(v)};
}
