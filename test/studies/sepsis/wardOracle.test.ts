import assert from 'node:assert/strict';
import type {Database} from '../../../lib/data/database';
import {rng} from '../../../lib/math';
import {
  deriveSepsis, ruleEffects, sepsisRuleChoices, sepsisRules, simulatedWard, WARD_DEFINITIONS, type Ward,
} from '../../../lib/studies/sepsis';
import {deriveAs, differences, differencesOfBroken, wardDatabase, type Broken} from './wardJudge';

const NONE = {hours: 0, suspicions: 0, onsets: 0};

/** Choices that cannot move SOFA of the ward, and why. */
const WITHOUT_EFFECT: Readonly<Record<string, string>> = {
  'ratio.floored': 'all limits of PaO2 / FiO2 are whole numbers, so that rounding down passes none; where a division '
    + 'by a fraction falls below such a limit for lack of digits, the ward has no gas',
  'vasopressin.dropped': 'vasopressin counts among equivalents alone',
};

/** Each rule of the concepts, broken on purpose. */
const BROKEN: Readonly<Record<string, Broken>> = {
  'an hour holds its start instead of its end': {
    concept: 'hours', from: 'ceil(hours_since(moment, hour_0))', to: 'floor(hours_since(moment, hour_0)) + 1',
  },
  'the last hour is missing': {concept: 'hours', from: '/ 60)', to: '/ 60) - 1'},
  'the lowest of simultaneous values of blood counts': {
    concept: 'labs', from: 'max(value)) AS value', to: 'min(value)) AS value',
  },
  'the lowest of simultaneous gases counts': {
    concept: 'gases', from: 'max(value)) AS value', to: 'min(value)) AS value',
  },
  'the best platelets of an hour count': {concept: 'labs', from: 'min(value) FILTER', to: 'max(value) FILTER'},
  'the best bilirubin of an hour counts': {
    concept: 'labs', from: "max(value) FILTER (WHERE quantity = 'bilirubin')",
    to: "min(value) FILTER (WHERE quantity = 'bilirubin')",
  },
  'the best creatinine of an hour counts': {
    concept: 'labs', from: "max(value) FILTER (WHERE quantity = 'creatinine')",
    to: "min(value) FILTER (WHERE quantity = 'creatinine')",
  },
  'platelets of 150 have a point': {concept: 'sofa', from: 'platelets < 150', to: 'platelets <= 150'},
  'platelets of 100 have two': {concept: 'sofa', from: 'platelets < 100', to: 'platelets <= 100'},
  'platelets of 50 have three': {concept: 'sofa', from: 'platelets < 50', to: 'platelets <= 50'},
  'platelets of 20 have four': {concept: 'sofa', from: 'platelets < 20', to: 'platelets <= 20'},
  'bilirubin of 1.2 has none': {concept: 'sofa', from: 'bilirubin >= 1.2', to: 'bilirubin > 1.2'},
  'bilirubin of 2 has one': {concept: 'sofa', from: 'bilirubin >= 2', to: 'bilirubin > 2'},
  'bilirubin of 6 has two': {concept: 'sofa', from: 'bilirubin >= 6', to: 'bilirubin > 6'},
  'bilirubin of 12 has three': {concept: 'sofa', from: 'bilirubin >= 12', to: 'bilirubin > 12'},
  'creatinine of 1.2 has none': {concept: 'sofa', from: 'creatinine >= 1.2', to: 'creatinine > 1.2'},
  'creatinine of 2 has one': {concept: 'sofa', from: 'creatinine >= 2', to: 'creatinine > 2'},
  'creatinine of 3.5 has two': {concept: 'sofa', from: 'creatinine >= 3.5', to: 'creatinine > 3.5'},
  'creatinine of 5 has three': {concept: 'sofa', from: 'creatinine >= 5', to: 'creatinine > 5'},
  'urine of 500 ml has three points': {concept: 'sofa', from: 'ml < 500', to: 'ml <= 500'},
  'urine of 200 ml has four': {concept: 'sofa', from: 'ml < 200', to: 'ml <= 200'},
  'urine counts from hour 22': {concept: 'urine', from: 'hour >= 23', to: 'hour >= 22'},
  'urine is of 23 hours': {concept: 'urine', from: 'ROWS 23 PRECEDING', to: 'ROWS 22 PRECEDING'},
  'urine is of 25 hours': {concept: 'urine', from: 'ROWS 23 PRECEDING', to: 'ROWS 24 PRECEDING'},
  'irrigation is added': {
    concept: 'urine', from: 'sum(ml) AS ml, count(*) AS n', to: 'sum(abs(ml)) AS ml, count(*) AS n',
  },
  'a pressure of 70 has a point': {concept: 'sofa', from: 'map < 70', to: 'map <= 70'},
  'a pressure of 69 has none': {concept: 'sofa', from: 'map < 70', to: 'map < 69'},
  'simultaneous pressures: the highest': {concept: 'pressure', from: 'avg(value)', to: 'max(value)'},
  'the highest pressure of an hour': {concept: 'pressure', from: 'min(map) AS map', to: 'max(map) AS map'},
  'norepinephrine of 0.1 has four points': {
    concept: 'pressors', from: 'norepinephrine > 0.1', to: 'norepinephrine >= 0.1',
  },
  'epinephrine of 0.1 has four': {concept: 'pressors', from: ' epinephrine > 0.1', to: ' epinephrine >= 0.1'},
  'dopamine of 15 has four': {concept: 'pressors', from: 'dopamine > 15', to: 'dopamine >= 15'},
  'dopamine of 5 has three': {concept: 'pressors', from: 'WHEN dopamine > 5 ', to: 'WHEN dopamine >= 5 '},
  'dobutamine has none': {concept: 'pressors', from: "drug = 'dobutamine'", to: "drug = 'dobutamin'"},
  'a missing rate has none': {concept: 'pressors', from: 'OR rate IS NULL', to: ''},
  'a rate of 0 counts': {concept: 'pressors', from: 'rate > 0 OR', to: 'rate >= 0 OR'},
  'the lowest of two rates counts': {
    concept: 'pressors', from: 'ELSE max(coalesce(rate, 0))', to: 'ELSE min(coalesce(rate, 0))',
  },
  'a drug counts in the hour at whose end it starts': {
    concept: 'pressors', from: 'floor(from_hour) + 1', to: 'ceil(from_hour)',
  },
  'a drug that stops at the end of an hour does not count': {
    concept: 'pressors', from: 'THEN floor(to_hour)', to: 'THEN ceil(to_hour) - 1',
  },
  'drugs do not count': {concept: 'sofa', from: 'pressors.score AS drugs', to: 'CAST(NULL AS INTEGER) AS drugs'},
  'a scale of 15 has a point': {concept: 'sofa', from: 'gcs < 15', to: 'gcs <= 15'},
  'a scale of 13 has two': {concept: 'sofa', from: 'gcs < 13', to: 'gcs <= 13'},
  'a scale of 10 has three': {concept: 'sofa', from: 'gcs < 10', to: 'gcs <= 10'},
  'a scale of 6 has four': {concept: 'sofa', from: 'gcs < 6', to: 'gcs <= 6'},
  'the best scale of an hour counts': {concept: 'sofa', from: 'min(gcs)', to: 'max(gcs)'},
  'parts are carried for 7 hours': {concept: 'glasgow', from: '5 hours 59', to: '6 hours 59'},
  'parts are carried for 5 hours': {concept: 'glasgow', from: '5 hours 59', to: '4 hours 59'},
  'what is not known is bad: eye': {concept: 'glasgow', from: 'eye_before, 4', to: 'eye_before, 1'},
  'what is not known is bad: verbal': {concept: 'glasgow', from: 'verbal_before, 5', to: 'verbal_before, 1'},
  'what is not known is bad: motor': {concept: 'glasgow', from: 'motor_before, 6', to: 'motor_before, 1'},
  'who is intubated is comatose': {concept: 'glasgow', from: '= 0 THEN 15', to: '= 0 THEN 3'},
  'a ratio of 400 has a point': {concept: 'gases', from: 'ratio < 400', to: 'ratio <= 400'},
  'a ratio of 300 has two': {concept: 'gases', from: 'ratio < 300', to: 'ratio <= 300'},
  'a ratio of 200 has three': {concept: 'gases', from: 'ratio < 200', to: 'ratio <= 200'},
  'a ratio of 100 has four': {concept: 'gases', from: 'ratio < 100', to: 'ratio <= 100'},
  'oxygen of 3 hours before is the oldest': {concept: 'gases', from: 'ELSE 4 END', to: 'ELSE 3 END'},
  'oxygen of 5 hours before counts': {concept: 'gases', from: 'ELSE 4 END', to: 'ELSE 5 END'},
  'oxygen of the same minute does not count': {
    concept: 'gases', from: 'gas.time >= inspired.time', to: 'gas.time > inspired.time',
  },
  'a gas at the end of ventilation is not ventilated': {
    concept: 'gases', from: 'paired.time <= ventilated.stop', to: 'paired.time < ventilated.stop',
  },
  'a gas at the start of ventilation is not': {
    concept: 'gases', from: 'paired.time >= ventilated.start', to: 'paired.time > ventilated.start',
  },
  'of overlapping stretches of ventilation the shorter counts': {
    concept: 'ventilated', from: 'max(stop) AS stop', to: 'min(stop) AS stop',
  },
  'the worst is of 23 hours': {concept: 'sofa', from: 'ROWS 23 PRECEDING', to: 'ROWS 22 PRECEDING'},
  'the worst is of 25 hours': {concept: 'sofa', from: 'ROWS 23 PRECEDING', to: 'ROWS 24 PRECEDING'},
  'nothing before arrival counts': {concept: 'sofa', from: 'range(-24,', to: 'range(0,'},
  'what is an additive\'s base counts': {concept: 'antibiotics', from: "!= 'BASE'", to: "!= 'NONE'"},
  'drops for both eyes count': {concept: 'antibiotics', from: "'OU'", to: "'none'"},
  'drops for the left eye count': {concept: 'antibiotics', from: "'OS'", to: "'none'"},
  'drops for the right eye count': {concept: 'antibiotics', from: "'OD'", to: "'none'"},
  'drops for both ears count': {concept: 'antibiotics', from: "'AU'", to: "'none'"},
  'drops for the left ear count': {concept: 'antibiotics', from: "'AS'", to: "'none'"},
  'drops for the right ear count': {concept: 'antibiotics', from: "'AD'", to: "'none'"},
  'what is put on the skin counts': {concept: 'antibiotics', from: "'TP'", to: "'none'"},
  'routes that name an ear count': {concept: 'antibiotics', from: 'ear|eye', to: 'eye'},
  'routes that name an eye count': {concept: 'antibiotics', from: 'ear|eye', to: 'ear'},
  'creams count': {concept: 'antibiotics', from: 'cream|', to: ''},
  'gels count': {concept: 'antibiotics', from: '|gel', to: ''},
  'ointments for the eye count': {concept: 'antibiotics', from: '|ophth oint', to: ''},
  'desensitisation counts': {concept: 'antibiotics', from: '|desensitization', to: ''},
  'an antibiotic 72 hours after the culture is too late': {
    concept: 'suspicion', from: 'antibiotics.time <= cultures.time + INTERVAL 72 HOURS',
    to: 'antibiotics.time < cultures.time + INTERVAL 72 HOURS',
  },
  'an antibiotic 73 hours after the culture is not': {
    concept: 'suspicion', from: 'INTERVAL 72 HOURS', to: 'INTERVAL 73 HOURS',
  },
  'a culture 24 hours after the antibiotic is too late': {
    concept: 'suspicion', from: 'antibiotics.time >= cultures.time - INTERVAL 24',
    to: 'antibiotics.time > cultures.time - INTERVAL 24',
  },
  'a culture 25 hours after the antibiotic is not': {
    concept: 'suspicion', from: 'cultures.time - INTERVAL 24 HOURS', to: 'cultures.time - INTERVAL 25 HOURS',
  },
  'both at once are a suspicion': {
    concept: 'suspicion', from: 'antibiotics.time > cultures.time', to: 'antibiotics.time >= cultures.time',
  },
  'a date counts for two days': {concept: 'suspicion', from: 'AS DATE) + 3', to: 'AS DATE) + 2'},
  'a date counts for four days': {concept: 'suspicion', from: 'AS DATE) + 3', to: 'AS DATE) + 4'},
  'a date of the next day does not count': {concept: 'suspicion', from: 'AS DATE) - 1', to: 'AS DATE) - 0'},
  'a date of the day after next counts': {concept: 'suspicion', from: 'AS DATE) - 1', to: 'AS DATE) - 2'},
  'a suspicion begins with its antibiotic': {
    concept: 'suspicion', from: 'if(culture_first, culture_time, antibiotic_time)', to: 'antibiotic_time',
  },
  'an antibiotic at arrival is before the stay': {
    concept: 'suspicion', from: "'antibioticInStay' THEN antibiotics.time >=",
    to: "'antibioticInStay' THEN antibiotics.time >",
  },
  'an antibiotic at leaving is in the stay': {
    concept: 'suspicion', from: `>= arrived AND antibiotics.time < "left"`,
    to: `>= arrived AND antibiotics.time <= "left"`,
  },
  'SOFA of 47 hours before': {concept: 'sepsis', from: 'INTERVAL 48', to: 'INTERVAL 47'},
  'SOFA of 49 hours before': {concept: 'sepsis', from: 'INTERVAL 48', to: 'INTERVAL 49'},
  'SOFA of 23 hours after': {concept: 'sepsis', from: 'INTERVAL 24', to: 'INTERVAL 23'},
  'SOFA of 25 hours after': {concept: 'sepsis', from: 'INTERVAL 24', to: 'INTERVAL 25'},
  'one point is enough': {concept: 'sepsis', from: 'sofa - baseline >= 2', to: 'sofa - baseline >= 1'},
  'three points are needed': {concept: 'sepsis', from: 'sofa - baseline >= 2', to: 'sofa - baseline >= 3'},
};

describe('the concepts, judged by the ward', function () {
  // Ten thousand stays take half a minute where nothing else runs.
  this.timeout(300_000);
  describe('on 10,000 stays', function () {
    let ward: Ward, database: Database;
    before(async () => {
      ward = simulatedWard({stays: 10_000, rng: rng(17)});
      database = await wardDatabase(ward);
    });
    after(() => database?.close());

    for (const definition of WARD_DEFINITIONS) {
      it(`${definition}: every hour's SOFA and organs, every suspicion, every onset are as constructed`, async () => {
        await deriveAs(database, definition);
        assert.deepEqual(await differences(database, definition), NONE);
        const septic = ward.truth.filter(({sepsis}) => sepsis[definition].onset !== null).length;
        assert.ok(septic > 2000 && septic < 8000, `${septic} stays with sepsis`);
      });
    }
  });

  it('with hours on the clock: a ward whose hours end there, and no other', async () => {
    const rules = sepsisRules('mimicCode', {changes: {hours: 'clock'}});
    for (const hours of ['clock', 'arrival'] as const) {
      const database = await wardDatabase(simulatedWard({stays: 300, hours, rng: rng(2)}));
      try {
        await deriveSepsis(database, rules);
        const {hours: wrong} = await differences(database);
        assert.equal(wrong === 0, hours === 'clock', `${hours}: ${wrong}`);
      } finally {
        database.close();
      }
    }
  });

  describe('notices', function () {
    let database: Database;
    before(async () => {
      database = await wardDatabase(simulatedWard({stays: 1500, rng: rng(1)}));
      await deriveAs(database, 'mimicCode');
    });
    after(() => database?.close());

    it('nothing where nothing is broken', async () => {
      assert.deepEqual(await differencesOfBroken(database, {concept: 'hours', from: 'SELECT', to: 'SELECT'}), NONE);
    });

    for (const [what, broken] of Object.entries(BROKEN)) {
      it(`${broken.concept}: ${what}`, async () => {
        const {hours, suspicions, onsets} = await differencesOfBroken(database, broken);
        assert.ok(hours + suspicions + onsets > 0, 'no stay noticed');
      });
    }

    it('every other choice of every rule', async () => {
      const effects = await ruleEffects(database);
      const choices = Object.values(sepsisRuleChoices).reduce((n, {choices: c}) => n + Object.keys(c).length - 1, 0);
      assert.equal(effects.length, choices);
      for (const {rule, choice, gained, lost, moved, hours} of effects) {
        const noticed = gained + lost + moved + hours > 0;
        assert.equal(noticed, !Object.hasOwn(WITHOUT_EFFECT, `${rule}.${choice}`), `${rule}: ${choice}`);
      }
    });
  });
});
