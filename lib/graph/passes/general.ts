import type {Program} from '../ir/program';
import {foldConstants} from './foldConstants';
import {removeDeadCode} from './removeDeadCode';
import type {Pass} from './rewrite';
import {shareCommon} from './shareCommon';
import {simplify} from './simplify';

/** What pays on every engine. Simplifying opens constants and common subexpressions, and those open more. */
export const general: readonly Pass[] =
  [removeDeadCode, simplify, foldConstants, simplify, shareCommon, removeDeadCode];

/** The program after one pass behind the other. */
export const applyPasses = (program: Program, passes: readonly Pass[]): Program =>
  passes.reduce((current, pass) => pass(current), program);
