import {tensorData} from '../ir/builder';
import {evaluateNode} from '../reference/evaluate';
import {count} from '../ir/program';
import {rewrite, type Pass} from './rewrite';

/** Largest result worth storing, in elements; larger ones (expanded zeros, say) are cheaper to compute than to load. */
const LIMIT = 1 << 16;

/**
 * Computes at compile time whatever depends on constants alone. Expanded scalars stay, so that later passes see through
 * them.
 */
export const foldConstants: Pass = program =>
  rewrite(program, (node, b) => {
    const data = node.inputs.map(v => b.data(v));
    if (node.op === 'Expand' || node.inputs.length === 0 || data.some(d => d === undefined)) return undefined;
    if (node.outputs.some(v => count(v.shape) > LIMIT)) return undefined;
    const results = evaluateNode(node, data.map(d => Float64Array.from(d!)));
    return node.outputs.map((v, i) => b.constant(tensorData(v.dtype, results[i]), v.shape, v.dtype));
  });
