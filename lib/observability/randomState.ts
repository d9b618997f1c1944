import {uniform, type Rng} from '../math';
import type {ControlSystem} from '../systems/controlSystem';

/** A state drawn evenly from the system's region. */
export function randomState(system: ControlSystem, rng: Rng): number[] {
  const u = uniform(rng, system.states.length);
  return system.region.map(([low, high], i) => low + (high - low) * u[i]);
}

/** An input drawn evenly from the system's range of inputs. */
export function randomInput(system: ControlSystem, rng: Rng): number[] {
  const u = uniform(rng, Math.max(1, system.inputs.length));
  return inputRanges(system).map(([low, high], i) => low + (high - low) * u[i]);
}

/** Range of each input. */
export function inputRanges(system: ControlSystem): readonly (readonly [low: number, high: number])[] {
  return system.inputs.map((_, i) => system.inputRange?.[i] ?? [-1, 1]);
}
