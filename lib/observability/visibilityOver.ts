import {mean} from '../math';
import {empiricalGramian, spreadDirections, type GramianOptions, type NumericSystem} from './gramian';

/** What {@link visibilityOver} finds. */
export interface Visibility {
  /** The least rank that any of the states has. */
  readonly rank: number;
  /** Mean of {@link EmpiricalGramian.visibility} over the states. */
  readonly visibility: number;
}

/**
 * Empirical Gramians at many states of one system, along the directions in which those states spread: a linear change
 * of a model's latent coordinates changes nothing.
 * @param states `[count][n]`, at least n + 1
 * @throws ArgumentError for states that do not spread in every direction, and for options outside their ranges.
 */
export function visibilityOver(
  system: NumericSystem, states: readonly ArrayLike<number>[], options: Omit<GramianOptions, 'directions' | 'scales'>,
): Visibility {
  const directions = spreadDirections(states);
  const found = states.map(z => empiricalGramian(system, z, {...options, directions}));
  return {rank: Math.min(...found.map(g => g.rank)), visibility: mean(found.map(g => g.visibility))};
}
