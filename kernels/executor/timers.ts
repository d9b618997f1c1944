import promises from 'node:timers/promises';
import timers from 'node:timers';
import {syncBuiltinESMExports} from 'node:module';
import {promisify} from 'node:util';
import {currentRun} from './capture';

type Timer = (callback: unknown, ...rest: unknown[]) => unknown;
type Sleep = (...args: unknown[]) => Promise<unknown>;

const {clearInterval} = globalThis;
let installed = false;

/**
 * Timers of a cell are not fired once it is over: a loop that waits for them, in whatever module it stands, ends there.
 */
export function guardTimers(): void {
  if (installed) return;
  installed = true;
  const sleeps = promises as unknown as Record<string, Sleep>;
  for (const name of ['setTimeout', 'setImmediate']) sleeps[name] = alike(sleeps[name], guardedSleep(sleeps[name]));
  const ticks = sleeps.setInterval;
  sleeps.setInterval = alike(ticks, (...args) =>
    currentRun()?.each(ticks(...args)) as Promise<unknown> ?? ticks(...args));
  for (const name of ['setTimeout', 'setInterval', 'setImmediate'] as const) {
    const guarded = alike(globalThis[name] as unknown as Timer, guardedTimer(globalThis[name] as unknown as Timer));
    if (name !== 'setInterval') {
      Object.defineProperty(guarded, promisify.custom, {value: sleeps[name], configurable: true});
    }
    Object.assign(globalThis, {[name]: guarded});
    Object.assign(timers, {[name]: guarded});
  }
  syncBuiltinESMExports();
}

function guardedTimer(original: Timer): Timer {
  return (callback, ...rest) => {
    const run = currentRun();
    if (!run || typeof callback !== 'function') return original(callback, ...rest);
    const timer: unknown = original(function (this: unknown, ...args: unknown[]): void {
      if (run.isOver) clearInterval(timer as NodeJS.Timeout);
      else callback.apply(this, args);
    }, ...rest);
    return timer;
  };
}

function guardedSleep(original: Sleep): Sleep {
  return (...args) => {
    const slept = original(...args);
    return currentRun()?.guard(slept) ?? slept;
  };
}

function alike<T extends object>(original: T, guarded: T): T {
  const {[promisify.custom]: _own, ...rest} =
    Object.getOwnPropertyDescriptors(original) as unknown as Record<PropertyKey, PropertyDescriptor>;
  return Object.defineProperties(guarded, rest) as T;
}
