type Mathjs = typeof import('mathjs');

let loaded: Mathjs | undefined;

/**
 * mathjs, read from the disk when the first formula asks for it: it takes as long to load as all else that the library
 * needs, and most programs have no formula.
 */
export const mathjs = (): Mathjs => (loaded ??= require('mathjs') as Mathjs);
