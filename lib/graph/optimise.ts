import {narrowSums} from './native/chains';
import {contiguousRows} from './native/packing';
import {adjacentAxes} from './passes/adjacent-axes';
import {batchSums} from './passes/batch-sums';
import {expandSlopes} from './passes/expand-slopes';
import {foldConstants} from './passes/fold-constants';
import {fuseGemm} from './passes/fuse-gemm';
import {longSums} from './passes/long-sums';
import {removeDeadCode} from './passes/remove-dead-code';
import type {Pass} from './passes/rewrite';
import {shareCommon} from './passes/share-common';
import {simplify} from './passes/simplify';
import type {Program} from './program';

/** Simplifying opens constants and common subexpressions, and those open more. */
const general: readonly Pass[] = [removeDeadCode, simplify, foldConstants, simplify, shareCommon, removeDeadCode];

/** Fewer, larger nodes, for a runtime in which a node costs as much as a small product. */
const forOnnxRuntime: readonly Pass[] = [...general, expandSlopes, batchSums, shareCommon, removeDeadCode, fuseGemm, longSums, removeDeadCode];

/** What our engine cannot do without. */
const needed: readonly Pass[] = [removeDeadCode, contiguousRows, narrowSums, adjacentAxes];

/** Products as our engine takes them; it has no use for stacked gradients, since its products add into sums without a copy. */
const forNative: readonly Pass[] = [...needed, shareCommon, fuseGemm, removeDeadCode];

const run = (program: Program, passes: readonly Pass[]) => passes.reduce((current, pass) => pass(current), program);

/** An equivalent program with fewer, larger nodes. Results differ from the original by rounding, and in the sign of zeros, only. */
export const optimise = (program: Program): Program => run(program, forOnnxRuntime);

/** An equivalent program for the engine in C; without `all`, changed only as far as that engine needs it. */
export const optimiseForNative = (program: Program, all = true): Program => run(program, all ? [...general, ...forNative] : needed);
