import {inspect} from 'node:util';

/** Properties by which Node follows what a promise or timer belongs to. */
const BOOKKEEPING = /^(async_id_symbol|trigger_async_id_symbol|kResourceStore|destroyed)$/;

/**
 * Values are shown without the bookkeeping that Node writes into them while a kernel follows which cell they belong to.
 */
export function hideBookkeeping(): void {
  const immediate = setImmediate(() => undefined);
  clearImmediate(immediate);
  const timeout = setTimeout(() => undefined);
  clearTimeout(timeout);
  for (const prototype of [
    Promise.prototype, Object.getPrototypeOf(timeout), Object.getPrototypeOf(immediate),
  ] as object[]) {
    Object.defineProperty(prototype, inspect.custom, {
      value: hidden, enumerable: false, configurable: true, writable: true,
    });
  }
}

/** Given itself back, `inspect` shows an object as if it had no inspection of its own. */
function hidden(this: object): object {
  for (const key of Object.getOwnPropertySymbols(this)) {
    if (BOOKKEEPING.test(key.description ?? '')) Object.defineProperty(this, key, {enumerable: false});
  }
  return this;
}
