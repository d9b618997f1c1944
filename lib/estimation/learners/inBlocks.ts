import {handle, type Handle} from '../../graph';
import {ndarray, type NdArray} from '../../math/ndarray';

/** Rows that a program is asked about at once, see {@link inBlocks}: one program serves any number of rows. */
export const BLOCK = 512;

/**
 * Answers `[k, m]` of a program that takes `BLOCK` rows; the last block is filled up with zeros.
 * @param rows `[k, d]` @param ask takes `[BLOCK, d]` and answers `[BLOCK, m]`
 */
export async function inBlocks(rows: NdArray, m: number, ask: (block: Handle) => Promise<Handle>): Promise<NdArray> {
  const [k, d] = rows.shape, out = new Float64Array(k * m);
  for (let from = 0; from < k; from += BLOCK) {
    const block = new Float32Array(BLOCK * d), taken = Math.min(BLOCK, k - from);
    block.set(rows.data.subarray(from * d, (from + taken) * d));
    const told = await (await ask(handle(block, [BLOCK, d]))).read() as Float32Array;
    out.set(told.subarray(0, taken * m), from * m);
  }
  return ndarray([k, m], out);
}
