/**
 * The numbers of the front page's moving figure: `npx tsx test/html/messageGrid.ts` computes `data/front/message.json`
 * again, in a second. They are those of notebook 01, section 5: the linear ward with a hidden cause of treatment and
 * reading, and an effect of a dose of -0.2.
 */
import {mkdirSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {MESSAGE_AXES, type MessageGrid} from '../../kernels/html/front/message';
import {regressionBias} from '../../lib/causal';
import {confoundedKalman} from '../../lib/causal/referee/kalman';
import {stateSpaceNumbers} from '../../lib/causal/referee/linearReferee';
import {writeWhole} from '../../lib/files';

export const FILE = join(__dirname, '..', '..', 'data', 'front', 'message.json');

const AXES: MessageGrid['axes'] = {
  confounding: [0, 0.5, 1, 1.5, 2], decay: [0.8, 0.85, 0.9, 0.95, 1, 1.05, 1.1], stateNoise: [0, 0.1, 0.2, 0.3, 0.5],
  visits: [1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32, 40, 48, 64],
};
const EFFECT = -0.2, UNIT = 1e-4;

type Setting = Readonly<Record<keyof MessageGrid['axes'], number>>;

/** Standard deviation of the state given every outcome up to the decision and every treatment before it. */
function spreadOf({visits, ...options}: Setting): number {
  const n = stateSpaceNumbers({effect: EFFECT, ...options}), {confounding} = n;
  const {variance} = confoundedKalman({
    decay: n.decay, effect: n.effect, processSd: n.stateNoise, sensorSd: n.outcomeNoise, policySd: n.policyNoise,
    initialSd: 1, confounding: {outcome: confounding, treatment: confounding},
  }, [...Array.from({length: visits - 1}, () => ({y: 0, a: 0})), {y: 0}]);
  return Math.sqrt(variance);
}

/** The whole grid, computed. */
export function messageGrid(): MessageGrid {
  const settings = MESSAGE_AXES.reduce<Partial<Setting>[]>((all, axis) =>
    all.flatMap(setting => AXES[axis].map(value => ({...setting, [axis]: value}))), [{}]) as Setting[];
  const whole = (value: number) => Math.round(value / UNIT) || 0;
  return {
    effect: EFFECT, axes: AXES, unit: UNIT,
    bias: settings.map(setting => whole(regressionBias({effect: EFFECT, ...setting}))),
    spread: settings.map(setting => whole(spreadOf(setting))),
  };
}

if (require.main === module) {
  mkdirSync(dirname(FILE), {recursive: true});
  writeWhole(FILE, `${JSON.stringify({source: 'test/html/messageGrid.ts', ...messageGrid()})}\n`);
}
