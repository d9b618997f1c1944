// Prints how truth, naive effects, references and what is revealed change with the strength of effects and hidden
// confounding: npx tsx test/studies/semiSynthetic/strengthScan.ts [draws] [patients] [setting]
import {protocol, evaluate, trainingSd} from '../../../lib/evaluation';
import {mean, rng, sd} from '../../../lib/math';
import {autoregression, persistence, type Forecaster} from '../../../lib/models';
import {
  bayesFilter, confounding, revealed, semiSyntheticEffects, semiSyntheticFloor, semiSyntheticModel, semiSyntheticPlans,
    semiSyntheticSplits,
  semiSyntheticSubstrate, semiSyntheticWorld, type SemiSyntheticChanges, type SemiSyntheticVariant, type Substrate,
} from '../../../lib/studies/semiSynthetic';

const SETTINGS: readonly (readonly [string, SemiSyntheticVariant, SemiSyntheticChanges])[] = [
  ['released', 'released', {}], ['printed', 'printed', {}],
    ['printed, log labs', 'printed', {scale: 'logarithms', standardised: true}],
  ['beta -1, strength 1', 'informative', {beta: -1}],
  ...[0, 1, 2, 4].map(strength => [`beta -3, strength ${strength}`, 'informative', {strength}] as const),
];
const C = 12, HORIZONS = [1, 3, 6, 24];

async function row(substrate: Substrate, [, variant, changes]: (typeof SETTINGS)[number], draw: number,
  patients: number) {
  const world = semiSyntheticWorld(substrate, semiSyntheticModel(variant, changes), rng(100 + draw));
  const {stays, train, validation, test} = semiSyntheticSplits(world, rng(200 + draw), {patients});
  const {treated, correlation, logitSd} = confounding(train),
    {outcomeTerm, policyTerms, logLabs} = revealed(test, stays.train, C);
  const record: Record<string, readonly number[]> = {
    treated, correlation, logitSd, revealed: [...policyTerms, outcomeTerm, logLabs[1]],
    effect: Object.values(semiSyntheticEffects(train, test)),
  };
  const forecasters: readonly Forecaster[] = [
    persistence, autoregression({plan: 'none'}), autoregression(), bayesFilter(world, stays.train),
    semiSyntheticFloor(test, 'up to t_c'), semiSyntheticFloor(test, 'at all times'),
  ];
  const scaling = trainingSd(train.trajectories),
    plans = semiSyntheticPlans(test, 'random', {horizon: 24, rng: rng(300 + draw)});
  const asked = protocol({name: 'random plans', decisions: [C], horizon: 24, scaling, plans});
  for (const f of forecasters) {
    const fitted = await f.fit(train.trajectories, validation.trajectories, {rng: rng(1)});
    const {cells} = await evaluate(fitted, test.trajectories, asked);
    record[f.name] = HORIZONS.map(s => cells.find(cell => cell.horizon === s)!.rmse);
  }
  return record;
}

async function main(draws = '3', patients = '3557', only = ''): Promise<void> {
  const substrate = await semiSyntheticSubstrate(rng(1));
  console.log(`${substrate.name}; ${draws} draws; mean (sd over draws); c = ${C}; rmse in training sd`);
  console.log('rmse: random plans, s = 1, 3, 6, 24; effect: truth, spread, then regressions');
  console.log('revealed: R^2 of Phi_1, Phi_2, phi_Y, log bilirubin');
  for (const setting of SETTINGS.filter(([name]) => name.includes(only))) {
    const rows: Record<string, readonly number[]>[] = [];
    for (let draw = 0; draw < Number(draws); draw++) rows.push(await row(substrate, setting, draw, Number(patients)));
    console.log(`\n${setting[0]}`);
    for (const name of Object.keys(rows[0])) {
      const over = rows[0][name].map((_, k) => rows.map(r => r[name][k]));
      console.log(`  ${name.padEnd(34)}${over.map(v =>
        `${mean(v).toFixed(3)} (${v.length > 1 ? sd(v).toFixed(3) : '-'})`).join('  ')}`);
    }
  }
}

void main(...process.argv.slice(2));
