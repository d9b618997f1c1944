/** `wanted`, lengthened until no name in `taken` begins with it. */
export const freshPrefix = (wanted: string, taken: readonly string[]): string =>
  (taken.some(name => name.startsWith(wanted)) ? freshPrefix(`${wanted}_`, taken) : wanted);

/** `wanted`, lengthened until it is no name in `taken`. */
export const freshName = (wanted: string, taken: readonly string[]): string =>
  (taken.includes(wanted) ? freshName(`${wanted}_`, taken) : wanted);
