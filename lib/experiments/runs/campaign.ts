import {expect, expectWhole} from '../../errors';
import {fold, logNormal, uniform, type Rng} from '../../math';

/** Many trainings on many nodes that fail now and then. Times in hours. */
export interface CampaignOptions {
  /** >= 1. */
  readonly trainings: number;
  /** >= 1. */
  readonly nodes: number;
  /** Trainings at a time on one node, >= 1. */
  readonly slots: number;
  /** Lengths of trainings are log-normal: their median, > 0, and the standard deviation of their logarithm, >= 0. */
  readonly length: {readonly median: number; readonly spread: number};
  /** From one checkpoint to the next, > 0. */
  readonly checkpoint: number;
  /** Until a training that was handed out begins or goes on: waiting, loading, data; >= 0. */
  readonly start: number;
  /** Mean time between two failures of one node, > 0; `Infinity`: none. Times between them are exponential. */
  readonly failures: number;
  /** Until a node that has failed is back, > 0. */
  readonly repair: number;
  readonly rng: Rng;
}

/** What a campaign came to. Sums are over slots, in hours. */
export interface Campaign {
  /** Until the last training has ended. */
  readonly hours: number;
  /** Of training that counts. */
  readonly useful: number;
  /** Of training after the last checkpoint before a failure: done again. */
  readonly lost: number;
  /** Of starting, for the first time or again. */
  readonly starting: number;
  /** Failures of nodes. */
  readonly failures: number;
  /** Trainings that a failure ended, to be begun again. */
  readonly cut: number;
  /** When somebody writes to the study: a training begins, has a checkpoint, ends. In seconds, ascending. */
  readonly writes: Float64Array;
}

/**
 * Plays through many trainings on a cluster. Whoever is free takes the next training, those that a failure ended first;
 * these go on from their last checkpoint. All trainings of a node that fails end.
 * @throws ArgumentError for counts below 1, or times out of their ranges
 */
export function simulateCampaign(options: CampaignOptions): Campaign {
  expectCampaign(options);
  const {trainings, nodes, slots, length, checkpoint, start, failures: between, repair, rng} = options;
  const shape = {mean: Math.log(length.median), sd: length.spread};
  const lengths = logNormal(fold(rng, 'lengths'), trainings, shape);
  const saved = new Float64Array(trainings), queue = Array.from(lengths, (_, k) => trainings - 1 - k);
  const lanes = Array.from({length: nodes * slots}, (_, k): Lane =>
    ({node: Math.floor(k / slots), from: 0, ends: Infinity}));
  let number = 0, now = 0, ended = 0;
  const gap = () => -between * Math.log(1 - uniform(fold(rng, number++), 1)[0]);
  const fails = Array.from({length: nodes}, gap), back = fails.map(() => Infinity), writes: number[] = [];
  const sum = {useful: 0, lost: 0, starting: 0, failures: 0, cut: 0};
  const begin = (lane: Lane) => {
    if (lane.training !== undefined || queue.length === 0 || back[lane.node] < Infinity) return;
    lane.training = queue.pop()!;
    lane.from = now;
    lane.ends = now + start + lengths[lane.training] - saved[lane.training];
  };
  /** The run in a lane is over; the hours of training that a checkpoint, or the end, holds. */
  const leave = (lane: Lane, whole: boolean) => {
    const worked = Math.max(0, now - lane.from - start), steps = Math.floor(worked / checkpoint + 1e-9);
    const kept = whole ? worked : steps * checkpoint;
    for (let k = 0; k <= steps && now > lane.from + start; k++) writes.push(lane.from + start + k * checkpoint);
    saved[lane.training!] += kept;
    sum.useful += kept;
    sum.lost += worked - kept;
    sum.starting += Math.min(start, now - lane.from);
    if (!whole) queue.push(lane.training!);
    Object.assign(lane, {training: undefined, ends: Infinity});
  };
  lanes.forEach(begin);
  while (ended < trainings) {
    const lane = lanes.reduce((first, one) => (one.ends < first.ends ? one : first));
    const [failing, returning] = [fails, back].map(times => times.indexOf(Math.min(...times)));
    now = Math.min(lane.ends, fails[failing], back[returning]);
    if (now === lane.ends) {
      leave(lane, true);
      writes.push(now);
      ended++;
    } else if (now === fails[failing]) {
      const running = lanes.filter(one => one.node === failing && one.training !== undefined);
      running.forEach(one => leave(one, false));
      [fails[failing], back[failing]] = [Infinity, now + repair];
      sum.failures++;
      sum.cut += running.length;
    } else {
      [fails[returning], back[returning]] = [now + gap(), Infinity];
    }
    lanes.forEach(begin);
  }
  return Object.freeze({hours: now, ...sum, writes: Float64Array.from(writes, hour => 3600 * hour).sort()});
}

/** A place for one training at a time. */
interface Lane {
  readonly node: number;
  training?: number;
  /** When its training was handed out. */
  from: number;
  ends: number;
}

function expectCampaign({trainings, nodes, slots, length, checkpoint, start, failures, repair}: CampaignOptions): void {
  const fn = 'simulateCampaign';
  expectWhole(fn, {trainings, nodes, slots});
  const positive = {'length.median': length.median, checkpoint, repair};
  for (const [argument, received] of Object.entries(positive))
    expect(received > 0 && Number.isFinite(received), {fn, argument, expected: 'hours > 0', received});
  for (const [argument, received] of Object.entries({'length.spread': length.spread, start}))
    expect(received >= 0 && Number.isFinite(received), {fn, argument, expected: 'a number >= 0', received});
  expect(failures > 0, {fn, argument: 'failures', expected: 'hours > 0, or Infinity', received: failures});
}
