import type {Program} from '../ir/program';
import {adjacentAxes} from '../passes/adjacentAxes';
import {fuseGemm} from '../passes/fuseGemm';
import {applyPasses, general} from '../passes/general';
import {removeDeadCode} from '../passes/removeDeadCode';
import type {Pass} from '../passes/rewrite';
import {shareCommon} from '../passes/shareCommon';
import {narrowSums} from './chains';
import {contiguousRows} from './packing';

/** What our engine cannot do without. */
const needed: readonly Pass[] = [removeDeadCode, contiguousRows, narrowSums, adjacentAxes];

/**
 * Products as our engine takes them; it has no use for stacked gradients, since its products add into sums without a
 * copy.
 */
const passes: readonly Pass[] = [...general, ...needed, shareCommon, fuseGemm, removeDeadCode];

/** An equivalent program for the engine in C; without `all`, changed only as far as that engine needs it. */
export const optimiseForNative = (program: Program, all = true): Program => applyPasses(program, all ? passes : needed);
