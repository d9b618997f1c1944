import {expect} from '../../../../errors';

/** Why files cannot be read or written, without a word of what they hold. */
export interface Refusal {
  readonly argument: 'from' | 'to' | 'memory';
  readonly expected: string;
  readonly received: string;
  readonly remedy: string;
}

/**
 * Ends the loading of MIMIC-IV.
 * @throws ArgumentError always
 */
export function refuse(refusal: Refusal): never {
  expect(false, {fn: 'loadMimic', ...refusal});
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** Bytes in words, e.g. `1.5 GB`. */
export function bytesText(bytes: number): string {
  const k = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(bytes, 1)) / 3)));
  return `${(bytes / 1000 ** k).toFixed(k > 0 && bytes / 1000 ** k < 100 ? 1 : 0)} ${UNITS[k]}`;
}
