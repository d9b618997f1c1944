import {existsSync, readFileSync} from 'node:fs';
import {cpus, hostname} from 'node:os';
import {performance} from 'node:perf_hooks';
import {writeWhole} from '../../files';

/** What one run of a training took; a training that was stopped has several. */
export interface RunCost {
  readonly host: string;
  readonly processor: string;
  /** When it began, in UTC. */
  readonly started: string;
  /** Processor seconds of the whole process. */
  readonly processorSeconds: number;
  readonly seconds: number;
  /** Largest memory of the process [MB]. */
  readonly memory: number;
  /** Epochs done when it was last heard of. */
  readonly epochs: number;
}

/** Keeps account of a run, in a file beside its result: costs differ where results are equal. */
export interface CostAccount {
  /** Processor seconds of earlier runs and of this one. */
  spent(): number;
  /** Writes down what was used until now. */
  note(epochs: number): void;
}

/** @param path of the account, which earlier runs may have begun */
export function costAccount(path: string): CostAccount {
  const earlier = read(path), started = new Date().toISOString(), from = performance.now();
  const before = process.cpuUsage();
  const used = () => {
    const {user, system} = process.cpuUsage(before);
    return (user + system) / 1e6;
  };
  const sum = earlier.reduce((total, run) => total + run.processorSeconds, 0);
  return Object.freeze({
    spent: () => sum + used(),
    note(epochs: number) {
      const run: RunCost = {
        host: hostname(), processor: cpus()[0]?.model ?? 'unknown', started, processorSeconds: round(used()),
        seconds: round((performance.now() - from) / 1000), memory: round(process.resourceUsage().maxRSS / 1024), epochs,
      };
      writeWhole(path, `${JSON.stringify({runs: [...earlier, run]}, undefined, 1)}\n`);
    },
  });
}

/** What the runs of a training took, oldest first; empty where there is no account, or no whole one. */
export function readCosts(path: string): readonly RunCost[] {
  return read(path);
}

const round = (value: number): number => Number(value.toFixed(3));

function read(path: string): readonly RunCost[] {
  if (!existsSync(path)) return [];
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as {runs: readonly RunCost[]}).runs;
  } catch {
    return [];
  }
}
