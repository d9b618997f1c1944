import * as tf from '@tensorflow/tfjs';
import {createInterface} from 'node:readline';
import {timed} from './engines';
import {workload} from './workloads';

/** Runs a step of a workload eagerly, always at the same weights, and is timed through its standard input; see `remote`. Arguments: workload, back end. */
async function main(name: string, backend: 'cpu' | 'wasm'): Promise<void> {
  if (backend === 'wasm') await import('@tensorflow/tfjs-backend-wasm');
  if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js has no back end ${backend}`);
  if (backend === 'wasm') lendKernels();
  const {step} = workload(name), inputs = step.inputs.map((data, i) => tf.tensor(data, [...step.specs[i].shape]));
  const run = () => tf.tidy(() => (step.fn(...inputs) as tf.Tensor[])[0].dataSync()[0]);
  const began = performance.now(), losses = [run()];
  console.log(
    `ready ${JSON.stringify({version: tf.version.tfjs, start_s: (performance.now() - began) / 1000, losses})}`,
  );
  for await (const line of createInterface({input: process.stdin})) {
    const {elapsed, processor} = await timed(async () => { for (let i = 0; i < Number(line); i++) run(); });
    console.log(`${elapsed} ${processor}`);
  }
}

/** Kernels that the wasm back end lacks are run by the plain one, on copies. */
function lendKernels(): void {
  const own = new Set(tf.getKernelsForBackend('wasm').map(k => k.kernelName));
  for (const {kernelName, kernelFunc} of tf.getKernelsForBackend('cpu').filter(k => !own.has(k.kernelName))) {
    tf.registerKernel({
      kernelName, backendName: 'wasm',
      kernelFunc: ({inputs, attrs, backend}) => lend(kernelFunc, inputs, attrs, backend as tf.KernelBackend),
    });
  }
}

function lend(
  kernel: tf.KernelFunc, inputs: tf.NamedTensorInfoMap, attrs: tf.NamedAttrMap | undefined, wasm: tf.KernelBackend,
): tf.TensorInfo | tf.TensorInfo[] {
  const cpu = tf.engine().findBackend('cpu');
  const copy = (from: tf.KernelBackend, to: tf.KernelBackend, {dataId, shape, dtype}: tf.TensorInfo) =>
    ({dataId: to.write(from.readSync(dataId), shape, dtype), shape, dtype});
  const lent = Object.fromEntries(Object.entries(inputs).map(([name, info]) => [name, copy(wasm, cpu, info!)]));
  const result = kernel({inputs: lent, attrs, backend: cpu}), results = Array.isArray(result) ? result : [result];
  const returned = results.map(info => copy(cpu, wasm, info));
  for (const {dataId} of [...Object.values(lent), ...results]) cpu.disposeData(dataId, true);
  return Array.isArray(result) ? returned : returned[0];
}

void main(process.argv[2], process.argv[3] as 'cpu' | 'wasm');
