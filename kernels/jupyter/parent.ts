/** Time in ms between two looks at the parent process. */
const PERIOD = 2000;

/** Ends a process whose starter is gone: it would wait for ever. */
export function endWithParent(close: () => void): void {
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && close(), PERIOD).unref();
}
