import {narrowSums} from '../native/chains';
import {contiguousRows} from '../native/packing';
import {adjacentAxes} from './adjacentAxes';
import {batchSums} from './batchSums';
import {expandSlopes} from './expandSlopes';
import {foldConstants} from './foldConstants';
import {fuseGemm} from './fuseGemm';
import {longSums} from './longSums';
import {removeDeadCode} from './removeDeadCode';
import type {Pass} from './rewrite';
import {shareCommon} from './shareCommon';
import {simplify} from './simplify';
import type {Program} from '../ir/program';

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
