import {nativeVersion} from './native/library';
import type {Provider} from './run/session';

/**
 * The state of what computes: programs run by equal versions of a provider give the same numbers on the same machine.
 */
export const providerVersion = (provider: Provider): string =>
  provider === 'native' ? nativeVersion() : (require('onnxruntime-node/package.json') as {version: string}).version;
