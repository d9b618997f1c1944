import {existsSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {ownKernelspec, tslabKernelspec, userKernels, writeKernelspec} from './kernelspec';

const ROOT = resolve(__dirname, '../..');

/** `npm run kernel:install`: makes both kernels known to Jupyter, without Python. */
async function main(): Promise<void> {
  const folder = userKernels();
  const specs =
    existsSync(join(ROOT, 'node_modules/tslab')) ? [ownKernelspec(ROOT), tslabKernelspec(ROOT)] : [ownKernelspec(ROOT)];
  for (const spec of specs) console.log(`${spec.displayName}: ${await writeKernelspec(folder, spec)}`);
  console.log('Restart Jupyter, or reload its page, to see them.');
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
