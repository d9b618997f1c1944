import {join} from 'node:path';
import {nativeSources} from '../native/library';

/** Files that results depend on and that no import leads to: workers are started from a path, and the engine in C is compiled from its sources. */
export const loadedByPath: readonly string[] = [join(__dirname, '..', 'onnx', 'worker.ts'), ...nativeSources];
