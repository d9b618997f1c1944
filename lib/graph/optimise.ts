import {batchSums} from './passes/batch-sums';
import {expandSlopes} from './passes/expand-slopes';
import {foldConstants} from './passes/fold-constants';
import {fuseGemm} from './passes/fuse-gemm';
import {removeDeadCode} from './passes/remove-dead-code';
import type {Pass} from './passes/rewrite';
import {shareCommon} from './passes/share-common';
import {simplify} from './passes/simplify';
import type {Program} from './program';

/** Passes in the order in which they run; simplifying opens constants and common subexpressions, and those open more. */
const pipeline: readonly Pass[] = [
  removeDeadCode, simplify, foldConstants, simplify, shareCommon, removeDeadCode,
  expandSlopes, batchSums, shareCommon, removeDeadCode,
  fuseGemm, removeDeadCode,
];

/** An equivalent program with fewer, larger nodes. Results differ from the original by rounding only. */
export const optimise = (program: Program): Program => pipeline.reduce((current, pass) => pass(current), program);
