import {anyCellEdited} from './cells';
import {markdown} from './display';
import {activeParameters} from './parameters';

/** Numbers that decided about a claim, by name. */
export type Shown = Readonly<Record<string, number | string>>;

/** Thrown where a claim fails although nothing of the notebook was changed. */
export class ClaimError extends Error {
  override readonly name = 'ClaimError';
}

/**
 * Says on the page whether a claim holds. One that fails ends the run only of a notebook as it was published, with the
 * parameters of one of its profiles. Whoever sets other parameters or edits a cell tries something out: there a failed
 * claim is a warning, and the page goes on.
 *
 * @param holds what was found
 * @param text the claim, as a sentence that is true when it holds; Markdown
 * @param shown numbers to print behind it, to four digits; default none
 * @throws ClaimError when the claim fails and nothing was changed
 * @example
 * ```ts
 * import {claim} from './lib';
 * claim(1 + 1 === 2, 'one and one are two', {sum: 2});   // ✓ one and one are two (sum: 2)
 * ```
 */
export function claim(holds: boolean, text: string, shown: Shown = {}): void {
  const numbers = Object.entries(shown).map(([name, value]) =>
    `${name}: ${typeof value === 'number' ? Number(value.toPrecision(4)) : value}`);
  const said = numbers.length > 0 ? `${text} (${numbers.join(', ')})` : text;
  if (!holds && !isChanged()) throw new ClaimError(`not so: ${said}`);
  markdown(holds ? `✓ ${said}` : `⚠ **does not hold here:** ${said}`);
}

/** Whether the notebook at work is not the one that its claims were made for: other parameters, or another cell. */
export function isChanged(): boolean {
  return activeParameters()?.changed === true || anyCellEdited();
}
