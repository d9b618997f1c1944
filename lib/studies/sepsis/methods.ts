import {
  comparedMethod, comparedMethods, type ComparedForecaster, type ComparedMethod, type ComparedMethodsOptions,
} from '../../experiments';
import {expect} from '../../errors';
import {anchored, gNet, obsNode, tempered} from '../../models';
import type {LearningOptions} from '../../training';

/** How a network of the comparison is trained, as far as that is chosen for each method. */
export interface SepsisSetting {
  /** Learning rate to start from, > 0; it falls to a hundredth. */
  readonly rate: number;
  /** Whether it starts from the last measured values, see `anchored`. */
  readonly anchored: boolean;
}

/** Options of {@link sepsisForecasters}. */
export interface SepsisForecastersOptions extends ComparedMethodsOptions {
  /** Passes over the stays, each seen four times a pass, the same for every method; default 20. */
  readonly epochs?: number;
  /** Folder for checkpoints and training times. Default: none are written. */
  readonly checkpoints?: string;
  /** Last hour of the data; default 48. */
  readonly hours?: number;
  /** For methods without one of their own in `settings`. Default: anchored, at a rate of 2e-3. */
  readonly setting?: SepsisSetting;
  /** By the method's name, as `chosenSettings` finds them. Default: none. */
  readonly settings?: Readonly<Record<string, SepsisSetting>>;
  /** Changes to the training, for every method. */
  readonly training?: Partial<LearningOptions>;
}

const SETTING: SepsisSetting = Object.freeze({rate: 2e-3, anchored: true});

/** Hours ahead on which the trust in a network is judged: as far as Table 3 looks, and as far again. */
const TEMPERED_AHEAD = 12;

/** Hours after which trainings ask for a forecast: from the first on, as far as the horizon of the loss fits in. */
export function decisionHours(hours = 48): number[] {
  const horizon = Math.min(24, hours - 2);
  return Array.from({length: hours - horizon}, (_, k) => 1 + k);
}

/** G-Net steps through all channels, and there are more of them than it is made for. */
const G_NET = comparedMethod({treatments: 'doses', adjusts: 'g-formula', network: () => gNet({channels: 64})});

/** ObsNODE that recognises its state anew after each hour of its own forecast, as the paper's program does here. */
const RECURSIVE: ComparedMethod = comparedMethod({
  treatments: 'doses', adjusts: 'none',
  network: () => ({...obsNode({width: 32, hidden: 48, scheme: 'recursive'}), name: 'recursive ObsNODE'}),
});

/**
 * The learned methods of the comparison for sepsis patients, ObsNODE in its recursive form too: decision times from
 * hour 1 on, as far as the horizon of the loss lies inside the data, one budget and one way of choosing weights for
 * all. What a network adds to the last measured values is `tempered` on the validation stays: to keep all or nothing of
 * it are among the shares. Sizes were not searched: stays are few, and differences between methods smaller than those
 * between splits.
 * @paper section 5.3, A.3.3
 * @throws ArgumentError for a method that does not exist, or a rate that is not above 0
 */
export function sepsisForecasters({
  epochs = 20, checkpoints, models, more = [], hours = 48, setting = SETTING, settings = {}, training = {},
}: SepsisForecastersOptions = {}): ComparedForecaster[] {
  const horizon = Math.min(24, hours - 2), decisions = decisionHours(hours);
  const listed = comparedMethods('sepsisForecasters', {models, more: [RECURSIVE, ...more]});
  return listed.map(method => {
    const {name, adjusts, treatments, learn} = method.name === G_NET.name ? G_NET : method;
    const {rate, anchored: isAnchored} = settings[name] ?? setting;
    expect(rate > 0 && rate < Infinity, {
      fn: 'sepsisForecasters', argument: 'setting', expected: 'with a rate above 0', received: rate,
    });
    const forecaster = learn('bernoulli', {
      epochs, batch: 32, repeats: 4, horizon, decisions, rate: {from: rate, to: rate / 100}, adam: {clipNorm: 1},
      ...(checkpoints === undefined ? {} : {checkpoints}), ...training,
    }, isAnchored ? anchored : undefined);
    return Object.freeze({
      name, adjusts, treatments, rate, forecaster: tempered(forecaster, {decisions, horizon: TEMPERED_AHEAD}),
    });
  });
}
