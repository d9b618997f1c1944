import type {Program} from '../ir/program';
import {batchSums} from '../passes/batchSums';
import {expandSlopes} from '../passes/expandSlopes';
import {fuseGemm} from '../passes/fuseGemm';
import {applyPasses, general} from '../passes/general';
import {longSums} from '../passes/longSums';
import {removeDeadCode} from '../passes/removeDeadCode';
import type {Pass} from '../passes/rewrite';
import {shareCommon} from '../passes/shareCommon';

/** Fewer, larger nodes, for a runtime in which a node costs as much as a small product. */
const passes: readonly Pass[] =
  [...general, expandSlopes, batchSums, shareCommon, removeDeadCode, fuseGemm, longSums, removeDeadCode];

/**
 * An equivalent program with fewer, larger nodes. Results differ from the original by rounding, and in the sign of
 * zeros, only.
 */
export const optimise = (program: Program): Program => applyPasses(program, passes);
