import type {Rng} from '../../../math/rng';
import type {CancerParameters} from './parameters';
import type {CancerPolicy} from './policy';

/** The two readings of the cancer model: what the published code does, and what the paper prints. */
export type CancerVariantName = 'released' | 'printed';

/** What happens to a patient in one step. */
export interface CancerStep {
  /** Concentration of chemotherapy [mg/m³]. */
  readonly chemo: number;
  /** Dose of radiotherapy [Gy]. */
  readonly radio: number;
  /** Relative noise of the volume. */
  readonly noiseVolume: number;
  /** Relative noise of the weight. */
  readonly noiseWeight: number;
}

/** What distinguishes one reading from the other; the loop over patients and steps is common. */
export interface CancerVariant {
  readonly name: CancerVariantName;
  /** Share of the chemotherapy concentration left after one step. */
  readonly carryOver: number;
  /** How many recent diameters the policy averages. */
  readonly window: number;
  /** Whether a series ends by death at the largest diameter or by recovery at a tiny one. */
  readonly stops: boolean;
  /** Draws the constants of patients from their population. */
  readonly drawParameters: (patients: number, rng: Rng) => CancerParameters;
  /** Who doses, at confounding strength gamma. */
  readonly policy: (gamma: number, parameters: CancerParameters) => CancerPolicy;
  /** The law of motion of patients with these constants. */
  readonly stepper: (parameters: CancerParameters) => CancerStepper;
}

/** Moves `state = [V, W]` of patient i one step on, in place. @returns the diameter for the policy to remember [cm] */
export type CancerStepper = (i: number, state: Float64Array, step: CancerStep) => number;
