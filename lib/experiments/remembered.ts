import {digest} from '../math/digest';

/**
 * The function with its answers remembered, one for each list of arguments, which are plain data: a draw of units is
 * made once.
 */
export function remembered<A extends readonly unknown[], R>(answer: (...given: A) => R): (...given: A) => R {
  const known = new Map<string, R>();
  return (...given) => {
    const key = digest(given);
    if (!known.has(key)) known.set(key, answer(...given));
    return known.get(key)!;
  };
}
