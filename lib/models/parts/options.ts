import {expect} from '../../errors';

/** Throws an ArgumentError unless every value is a finite number > 0. */
export function expectPositive(fn: string, values: Readonly<Record<string, number>>): void {
  for (const [argument, received] of Object.entries(values)) {
    expect(received > 0 && Number.isFinite(received), {fn, argument, expected: 'a number > 0', received});
  }
}

/** Throws an ArgumentError unless every value is a finite number >= 0. */
export function expectNotNegative(fn: string, values: Readonly<Record<string, number>>): void {
  for (const [argument, received] of Object.entries(values)) {
    expect(received >= 0 && Number.isFinite(received), {fn, argument, expected: 'a number >= 0', received});
  }
}
