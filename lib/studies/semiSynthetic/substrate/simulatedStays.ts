import {expectWhole} from '../../../errors';
import {multivariateNormal} from '../../../math/multivariateNormal';
import {ndarray} from '../../../math/ndarray';
import {normal} from '../../../math/normal';
import {fold, uniform, type Rng} from '../../../math/rng';
import {demoStayLaw} from './demoStayLaw';
import {REPORTED, type PanelLaw, type StayLaw} from './stayLaw';
import {carried, type Substrate} from './substrate';

/** Options of {@link simulatedStays}. */
export interface SimulatedStaysOptions {
  /** n, at least 1. Default 861, as many as there are real ones in the demos. */
  readonly stays?: number;
  /** T, hours from admission on, at least 2. Default 49. */
  readonly hours?: number;
  /** Numbers of the model. Default: those fitted to the demos. */
  readonly law?: StayLaw;
}

/**
 * Stays of no patient: log labs return to a level of the stay's own (Ornstein-Uhlenbeck, exact in steps of an hour),
 * are measured now and then, reported in steps and carried forward. Each stay is another patient's.
 * @throws ArgumentError for counts that are too small
 * @reference Uhlenbeck, Ornstein 1930, On the theory of the Brownian motion. doi:10.1103/PhysRev.36.823
 */
export function simulatedStays(rng: Rng,
  {stays = 861, hours = 49, law = demoStayLaw}: SimulatedStaysOptions = {}): Substrate {
  const fn = 'simulatedStays', d = REPORTED.length, shape = [stays, hours, d];
  expectWhole(fn, {stays});
  expectWhole(fn, {hours}, 2);
  const level = multivariateNormal(fold(rng, 'level'), stays, law.level, law.levelCovariance).data;
  const noise = normal(fold(rng, 'noise'), stays * hours * d), values = ndarray(shape), measured = ndarray(shape);
  for (let i = 0; i < stays; i++) {
    const panels = law.panels.map((panel, p) => measuredHours(panel, hours, fold(fold(fold(rng, 'panels'), i), p)));
    for (let j = 0; j < d; j++) {
      const kept = Math.exp(-law.rate[j]), fresh = Math.sqrt(1 - kept * kept), {panel, step} = REPORTED[j];
      for (let t = 0, x = 0; t < hours; t++) {
        const k = (i * hours + t) * d + j;
        x = t === 0 ? noise[k] : kept * x + fresh * noise[k];
        values.data[k] = Math.max(1, Math.round(Math.exp(level[i * d + j] + law.spread[j] * x) / step)) * step;
        measured.data[k] = panels[panel].has(t) ? 1 : 0;
      }
    }
  }
  const names = Array.from({length: stays}, (_, i) => `simulated ${i + 1}`);
  return Object.freeze({
    name: `${stays} simulated stays (no patients)`, source: 'simulated', stays: names, patients: names,
    labs: carried(values, measured), measured,
  });
}

/** Hours in which a panel is measured, at least one of 0 ... T-1. */
function measuredHours({atAdmission, first, repeated, hourly}: PanelLaw, T: number, rng: Rng): ReadonlySet<number> {
  const [u0, u1, u2, u3, ...others] = uniform(rng, T + 4), last = T - 1;
  // A geometric hour from 1 on, given that it comes before the end.
  const late = 1 + Math.floor(Math.log1p(u1 * Math.expm1(last * Math.log1p(-first))) / Math.log1p(-first));
  const start = u0 < atAdmission ? 0 : Math.min(late, last), found = new Set([start]);
  if (u2 < repeated && start < last) {
    found.add(start + 1 + Math.floor(u3 * (last - start)));
    for (let t = start + 1; t <= last; t++) if (others[t] < hourly) found.add(t);
  }
  return found;
}
