import assert from 'node:assert/strict';
import {normal, rng, uniform} from '../../../lib/math';
import {dopri5, euler, heun, midpoint, odeTerm, orThrow, rk4, rk4ThreeEighths, solve, tsit5} from '../../../lib/ode';
import {fieldOf} from '../../../lib/systems';
import {
  bolusOf, course, effectAfterBolus, effectPeak, eleveld, eleveldConstants, fatFreeMass, leanBodyMass, marsh, plasma,
  propofolSystem, rateConstants, schnider, schuttlerIhmsen, type Compartments, type Dosing, type Person,
} from '../../../lib/studies/propofol';

const grown: Person = {age: 35, weight: 70, height: 170, sex: 'male'};
const old: Person = {age: 75, weight: 50, height: 160, sex: 'female'};
const heavy: Person = {age: 25, weight: 110, height: 185, sex: 'male'};

/** Within 1e-3, relative where above 1, or half of the last digit that was printed. */
function near(value: number, printed: string, what: string): void {
  const half = 0.5 * 10 ** -(printed.split('.')[1]?.length ?? 0), expected = Number(printed);
  const slack = Math.max(half, 1e-3 * Math.max(1, Math.abs(expected)));
  assert.ok(Math.abs(value - expected) <= slack, `${what}: ${value}, not ${printed}`);
}

describe('Published models of propofol', () => {
  it('tell a bolus of 2 mg/kg as computed by other programs', () => {
    const golden: [string, Person, Compartments, string[]][] = [
      ['Marsh', grown, marsh(grown), ['8.77', '3.210', '3.92', '1.908', '0.366']],
      ['modified Marsh', grown, marsh(grown, {ke0: 1.2}), ['8.77', '5.696', '1.62', '1.179', '0.366']],
      ['Schnider', grown, schnider(grown), ['32.79', '7.917', '1.50', '1.002', '0.349']],
      ['Eleveld', grown, eleveld(grown), ['22.29', '2.997', '', '1.686', '0.301']],
      ['with opioids', grown, eleveld({...grown, opioids: true}), ['22.29', '3.277', '', '1.971', '0.400']],
      ['Schnider, old', old, schnider(old), ['23.42', '6.678', '1.73', '0.782', '0.165']],
      ['Eleveld, old', old, eleveld(old), ['17.99', '3.044', '3.22', '1.677', '0.180']],
      ['Eleveld, heavy', heavy, eleveld(heavy), ['30.90', '3.150', '2.60', '1.792', '0.365']],
    ];
    for (const [name, {weight}, compartments, printed] of golden) {
      const dose = 2 * weight, peak = effectPeak(compartments, dose);
      const [at0, at30] = plasma(compartments, bolusOf(dose), [0, 30]);
      const told = [at0, peak.concentration, peak.time, dose * effectAfterBolus(compartments)(10), at30];
      printed.forEach((text, k) => text && near(told[k], text, `${name}, number ${k}`));
    }
  });

  it('avoid the traps of published implementations', () => {
    // The factor of maturation is not 1 at the reference person, so Q2 is 1.83 there and not the constant 1.75.
    near(eleveld(grown).q2, '1.83', 'Q2 of the reference person');
    assert.ok(Math.abs(eleveldConstants.q2 - 1.75) < 1e-3);
    // V2 counts from 53 years.
    assert.equal(schnider({...grown, age: 53}).v2, 18.9);
    // V1 falls with age.
    assert.ok(schuttlerIhmsen(old).v1 < 9.3 && Math.abs(schuttlerIhmsen({...grown, age: 30}).v1 - 9.3) < 1e-12);
    // Q3 matures with age alone, also for those born early; clearance with weeks since conception.
    const early = {...grown, age: 0.1, weight: 2, height: 45, sinceConception: 0.7};
    const term = {...early, sinceConception: undefined};
    assert.equal(eleveld(early).q3, eleveld(term).q3);
    assert.ok(eleveld(early).cl < eleveld(term).cl);
    // Clearance of a straight line turns negative for the smallest, and is cut off.
    assert.equal(schnider({age: 0.1, weight: 3, height: 50, sex: 'male'}).cl, 0.1);
  });

  it('know what sets people apart', () => {
    const quick = schuttlerIhmsen({...grown, age: 30}, {bolus: true});
    assert.deepEqual([quick.v1, quick.v2, quick.q2, quick.q3].map(v => Number(v.toFixed(6))),
      [9.3 * 2.61, 44.2 * 1.73, 2.25 * 3.02, 0.92 * 0.52].map(v => Number(v.toFixed(6))));
    assert.ok(Math.abs(schuttlerIhmsen({...grown, site: 'venous'}).q2 - 0.6 * 2.25) < 1e-12);
    assert.ok(Math.abs(eleveld({...grown, site: 'venous'}).ke0 - 1.24) < 1e-12);
    // For a heavy man 1.1 W - 128 (W/H)²; a man of 70 kg and 170 cm has 55.3 kg and 54.5 kg by the two formulas.
    near(leanBodyMass(grown), '55.3', 'lean body mass');
    near(fatFreeMass(grown), '54.5', 'fat-free mass');
  });

  it('refuse people who cannot be', () => {
    const bad = (person: Partial<Person>) => () => eleveld({...grown, ...person});
    assert.throws(bad({weight: 0}), /eleveld: argument `person.weight` must be finite and above 0; received 0/);
    assert.throws(bad({age: -1}), /person.age/);
    assert.throws(bad({height: NaN}), /person.height/);
    assert.throws(bad({site: 'capillary' as never}), /person.site` must be 'arterial' or 'venous'/);
    assert.throws(bad({sex: 'm' as never}), /person.sex/);
  });
});

/** Events and samples at random. */
const events: Dosing = {
  time: [0, 0.5, 10, 30, 31], rate: [0, 12, 5, 40, 0], bolus: [100, 0, 0, 20, 0],
};
const samples = [-1, 0, 0.2, 0.5, 3, 10, 12, 30, 30.5, 60, 300];

describe('Three compartments and an effect site', () => {
  it('have one exact solution, by exponentials and by the matrix exponential', () => {
    const draws = normal(rng(1), 140, {sd: 0.7});
    for (let k = 0; k < 20; k++) {
      const [v1, v2, v3, cl, q2, q3, ke0] = [6, 25, 250, 1.8, 1.5, 1, 0.2].map((v, j) =>
        v * Math.exp(draws[7 * k + j]));
      const body = {v1, v2, v3, cl, q2, q3, ke0}, quick = plasma(body, events, samples);
      const {plasma: exact, effect} = course(body, events, samples);
      quick.forEach((v, i) => assert.ok(Math.abs(v - exact[i]) < 1e-9 * Math.max(1, exact[i]), `${v} ${exact[i]}`));
      course(body, bolusOf(1), [2, 9]).effect.forEach((v, i) =>
        assert.ok(Math.abs(v - effectAfterBolus(body)([2, 9][i])) < 1e-9));
      assert.ok(effect.every(v => v >= 0));
    }
  });

  it('are met by every solver, better with smaller steps', () => {
    const body = eleveld(old), {v1, v2, v3, cl, q2, q3, ke0} = body;
    const field = fieldOf(propofolSystem, {v1, v2, v3, cl, q2, q3, ke0});
    const exact = course(body, {time: [0, 10], rate: [10, 0], bolus: [50, 0]}, [10]).states[0];
    const u = Float64Array.of(10), term = odeTerm<Float64Array>((_t, x) => field(x, u));
    const y0 = Float64Array.of(50, 0, 0, 0);
    const error = (solver: typeof rk4, dt: number) => {
      const {ys} = orThrow(solve(term, {solver, t0: 0, t1: 10, y0, dt}));
      return Math.max(...ys.at(-1)!.map((v, i) => Math.abs(v - exact[i])));
    };
    for (const solver of [euler, midpoint, heun, rk4, rk4ThreeEighths, dopri5, tsit5]) {
      const [rough, fine] = [error(solver, 0.2), error(solver, 0.1)], order = Math.log2(rough / fine);
      // Rounding bounds what the best can gain.
      assert.ok(fine < 1e-9 || order > solver.order - 0.35, `${solver.name}: order ${order}, error ${fine}`);
      assert.ok(fine < (solver.order < 2 ? 2 : 0.02), `${solver.name}: ${fine}`);
    }
  });

  it('lose nothing but by clearance', () => {
    const body = marsh(grown), {k10} = rateConstants(body), hours = 60 * 24 * 40;
    assert.ok(plasma(body, bolusOf(100), [hours])[0] < 1e-8);
    // Under an infusion for ever all leaves by clearance: rate = CL C.
    const [steady] = plasma(body, {time: [0], rate: [12], bolus: [0]}, [hours]);
    assert.ok(Math.abs(steady * body.cl - 12) < 1e-6);
    assert.ok(Math.abs(k10 - 0.119) < 1e-12);
  });

  it('answer in proportion to the dose, and to nothing with nothing', () => {
    const body = schnider(heavy), doses = uniform(rng(2), 5).map(v => 1 + 200 * v), one = effectPeak(body, 1);
    for (const dose of doses) {
      const peak = effectPeak(body, dose);
      assert.ok(Math.abs(peak.concentration - dose * one.concentration) < 1e-9 && peak.time === one.time);
    }
    assert.deepEqual(Array.from(plasma(body, {time: [0], rate: [0], bolus: [0]}, [0, 5])), [0, 0]);
  });

  it('refuse what cannot be given', () => {
    const body = marsh(grown), given = (dosing: Partial<Dosing>, times = [1]) =>
      () => plasma(body, {time: [0, 1], rate: [1, 0], bolus: [0, 0], ...dosing}, times);
    assert.throws(given({bolus: [-5, 0]}), /plasma: argument `dosing.bolus` must be .* received -5/);
    assert.throws(given({rate: [NaN, 0]}), /dosing.rate/);
    assert.throws(given({rate: [1]}), /dosing.rate/);
    assert.throws(given({time: [1, 1]}), /dosing.time\[1\]` must be finite and after the time before it, 1/);
    assert.throws(given({}, [3, 2]), /times\[1\]` must be finite and not before/);
    assert.throws(() => effectPeak(body, 0), /effectPeak: argument `dose`/);
    assert.throws(() => plasma({...body, v2: 0}, bolusOf(1), [1]), /compartments.v2/);
  });
});
