import {expect} from '../../errors';

/** How those fare who write to one file, one after the other. Times in seconds. */
export interface JournalLoad {
  /** Share of the time in which somebody writes. */
  readonly busy: number;
  /** Mean wait for those before. */
  readonly wait: number;
  readonly longestWait: number;
}

/**
 * What a journal has to bear: writers come at given moments, each writes for `service` seconds, and nobody else
 * meanwhile. The first to come is the first to write.
 * @param moments ascending [s], at least one
 * @param service [s], > 0
 * @throws ArgumentError for no moments, or a service that takes no time
 * @reference Lindley 1952, The theory of queues with a single server. doi:10.1017/S0305004100027638
 */
export function journalLoad(moments: Float64Array, service: number): JournalLoad {
  const fn = 'journalLoad';
  expect(moments.length > 0, {fn, argument: 'moments', expected: 'at least one', received: moments.length});
  expect(service > 0, {fn, argument: 'service', expected: 'seconds > 0', received: service});
  let free = moments[0], waited = 0, longestWait = 0;
  for (const moment of moments) {
    const wait = Math.max(0, free - moment);
    free = moment + wait + service;
    waited += wait;
    longestWait = Math.max(longestWait, wait);
  }
  return {busy: moments.length * service / (free - moments[0]), wait: waited / moments.length, longestWait};
}
