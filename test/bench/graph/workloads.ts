import type {Engine} from './engine';
import {eagerTensorFlow, ours, python} from './engines';
import {modelStep, modelSteps, reference, referenceSizes, type Step} from './steps';

/** Engines that a step can be run by, as they are named on the command line. */
export const ENGINES = [
  'native', 'native-workers', 'onnxruntime', 'onnxruntime-workers', 'least-memory', 'webgpu', 'cuda', 'wasm', 'cpu',
  'torch', 'torch-compile', 'jax', 'diffrax',
] as const;
export type EngineName = (typeof ENGINES)[number];

/** A step, and who runs it. */
export interface Workload {
  readonly name: string;
  readonly step: Step;
  /** The step recorded for half of the batch, for two workers. */
  readonly half?: Step;
  readonly engines: readonly EngineName[];
  /** How many of the first losses must agree: all three, or the first where gradients differ by design. */
  readonly compared: number;
}

/** What a run of everything measures, in order. `scaling` is the reference step in other sizes; `small`, a little one to try things with, is measured only when asked for. */
export const PARTS: readonly string[] = ['W', 'W2', ...modelSteps, 'scaling'];
export const ALL_PARTS: readonly string[] = [...PARTS, 'small'];

/** The part that is meant, 'LSTM' for 'LSTM step'. @throws Error for an unknown name. */
export function partNamed(given: string): string {
  const name = ALL_PARTS.find(part => part === given || part === `${given} step`);
  if (!name) throw new Error(`no part '${given}'; there are ${ALL_PARTS.join(', ')}`);
  return name;
}

export function workload(name: string): Workload {
  const sizes = referenceSizes[name];
  if (sizes) {
    // A step of W2 takes TensorFlow.js minutes.
    const engines = name === 'W2' ? ENGINES.filter(e => e !== 'wasm' && e !== 'cpu') : ENGINES;
    return {name, step: reference(sizes), half: reference({...sizes, batch: sizes.batch / 2}), engines, compared: 3};
  }
  const step = modelStep(name), common = {name, step, compared: 3} as const;
  if (name === 'released step') return {...common, engines: ['native', 'onnxruntime', 'torch'], compared: 1};
  return {...common, engines: step.python
    ? ['native', 'onnxruntime', 'webgpu', 'cuda', 'wasm', 'cpu', 'torch', 'torch-compile', 'jax']
    : ['native', 'onnxruntime', 'webgpu', 'cuda', 'wasm', 'cpu']};
}

export interface EngineOptions {
  /** Which to take of those that a workload has. */
  readonly engines: readonly EngineName[];
  /** Interpreter; without one, the engines in Python are left out. */
  readonly python?: string;
  /** Threads of the engines in Python for the reference step W; elsewhere one. */
  readonly threads: readonly number[];
  /** Is told why an engine is left out. */
  readonly leftOut: (reason: string) => void;
}

/** Starts the engines of a workload, ours first: it is what the others are compared with. */
export async function start({name, step, half, engines}: Workload, options: EngineOptions): Promise<Engine[]> {
  const started: Engine[] = [];
  for (const engine of engines.filter(e => options.engines.includes(e))) {
    for (const threads of isPython(engine) && name === 'W' ? options.threads : [1]) {
      try {
        started.push(await one(engine, threads));
      } catch (error) {
        options.leftOut(`${engine}: ${(error as Error).message}`);
      }
    }
  }
  return started;

  function one(engine: EngineName, threads: number): Promise<Engine> {
    if (engine === 'native') return ours(step);
    if (engine === 'native-workers') return ours(step, {share: half});
    if (engine === 'onnxruntime') return ours(step, {provider: 'cpu'});
    if (engine === 'onnxruntime-workers') return ours(step, {provider: 'cpu', share: half});
    if (engine === 'webgpu' || engine === 'cuda') return ours(step, {provider: engine});
    if (engine === 'least-memory') return ours(step, {provider: 'cpu', memory: 'least'});
    if (engine === 'wasm' || engine === 'cpu') return eagerTensorFlow(name, engine);
    if (!options.python) throw new Error('no Python interpreter was given');
    return python(step, engine as 'torch', {
      interpreter: options.python, threads,
      name: name === 'released step' ? 'released program, re-created in torch' : engine,
    });
  }
}

const isPython = (engine: EngineName): boolean => ['torch', 'torch-compile', 'jax', 'diffrax'].includes(engine);
