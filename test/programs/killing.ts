import {spawnSync, type ChildProcess} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as wait} from 'node:timers/promises';

/** What a worker wrote down: that it began a training (0 epochs), or that a checkpoint holds so many. */
interface TraceLine {
  readonly pid: number;
  readonly training: string;
  readonly epochs: number;
  /** Processor seconds of the process until then. */
  readonly used: number;
  /** Seconds by the clock. */
  readonly at: number;
}

/** A worker at the moment at which it was stopped. */
export interface Stopped {
  /** By kill -9; others ended because the process that had started them was gone. */
  readonly killed: boolean;
  /** Processor seconds. */
  readonly used: number;
  /** The last that it had written down; undefined where it was still being loaded. */
  readonly line?: TraceLine;
}

/** Follows what the workers of programs do that are started with `env`. */
export function trainingTrace(folder: string) {
  const path = join(folder, 'trace.jsonl'), hook = `--require ${JSON.stringify(join(__dirname, 'trainingTrace.cjs'))}`;
  const lines = () => (existsSync(path) ? readFileSync(path, 'utf8') : '').split('\n').slice(0, -1).map(line =>
    JSON.parse(line) as TraceLine);
  const epochs = () => lines().filter(line => line.epochs > 0);
  /** What epochs took that one process did one after the other. */
  const steps = (key: 'used' | 'at') => {
    const last = new Map<number, TraceLine>();
    return lines().flatMap(line => {
      const before = last.get(line.pid);
      last.set(line.pid, line);
      return before && before.epochs > 0 && line.epochs === before.epochs + 1 ? [line[key] - before[key]] : [];
    });
  };
  return Object.freeze({
    env: {...process.env, TRAINING_TRACE: path, NODE_OPTIONS: hook}, lines, epochs, steps,
    last: (pid: number) => lines().findLast(line => line.pid === pid),
    /** Epochs that were done more than once. */
    repeated: () => epochs().length - new Set(epochs().map(({training, epochs: k}) => `${training} ${k}`)).size,
  });
}

/**
 * Kills half of the workers of a driver, and the driver. Those that stay end when they find it gone.
 * @param between seconds from the first to the second; the driver may have begun another worker by then
 */
export async function strike(
  driver: ChildProcess, {last}: ReturnType<typeof trainingTrace>, between: number,
): Promise<Stopped[]> {
  const workers = () => spawnSync('pgrep', ['-P', `${driver.pid}`, '-f', 'train.ts'], {encoding: 'utf8'}).stdout
    .split('\n').filter(Boolean).map(Number);
  // Halted first: what is read is what is lost.
  const halted = (pids: readonly number[], killed: boolean): Stopped[] => {
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    return pids.map(pid => ({killed, used: processorSeconds(pid), line: last(pid)}));
  };
  const all = workers(), half = all.slice(0, Math.ceil(all.length / 2)), killed = halted(half, true);
  for (const pid of half) process.kill(pid, 'SIGKILL');
  await wait(1000 * between);
  const others = workers().filter(pid => !half.includes(pid)), left = halted(others, false);
  driver.kill('SIGKILL');
  for (const pid of others) process.kill(pid, 'SIGCONT');
  return [...killed, ...left];
}

/** Used by a process so far, from its line in /proc, in which a second has a hundred ticks. */
function processorSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
