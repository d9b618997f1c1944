/** Longest time in ms that `setTimeout` can wait; asked for more, it fires at once. */
const LONGEST = 2 ** 31 - 1;

/** Calls `action` after `ms`, however long that is, infinity included. @returns calls it off */
export function after(ms: number, action: () => void): () => void {
  let cancel = (): void => undefined;
  const wait = (left: number): void => {
    const timer = setTimeout(() => (left > LONGEST ? wait(left - LONGEST) : action()), Math.min(left, LONGEST));
    cancel = () => clearTimeout(timer);
  };
  wait(ms);
  return () => cancel();
}
