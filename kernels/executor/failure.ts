import {SourceMap} from 'node:module';
import type {CellSyntaxError} from './cell';
import {NAMESPACE} from './namespace';

/** An error of a cell as notebooks record it. */
export interface Failure {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
  /** One-based line of the cell, when the error can be traced to it. */
  readonly line?: number;
}

/** Where and in what an error happened. */
export interface FailureContext {
  /** Source maps of compiled cells by file name. */
  readonly maps: ReadonlyMap<string, SourceMap>;
  /** Project root: paths below it are shown relative to it. */
  readonly root: string;
}

/** Frames of this folder are the machinery that runs a cell, of no use to its author. */
const MACHINERY = /[\\/]kernels[\\/](executor|runner|jupyter)[\\/]|node:internal|\(node:|at node:|[\\/]node_modules[\\/]tsx[\\/]/;

/** Turns anything thrown into a failure whose stack speaks of the lines the user wrote. */
export function describeFailure(error: unknown, {maps, root}: FailureContext): Failure {
  if (!(error instanceof Error) && !isErrorLike(error)) {
    const evalue = typeof error === 'string' ? error : inspectBriefly(error);
    return {ename: 'Thrown', evalue, traceback: [`Thrown: ${evalue}`]};
  }
  const ename = error.name || 'Error';
  const evalue = tidy(String(error.message), root);
  const frames = stackFrames(error).map((frame) => tidy(mapFrame(frame, maps), root));
  const line = frames.map((frame) => /cell-\d+\.ts:(\d+)/.exec(frame)?.[1]).find(Boolean);
  const cause = error.cause === undefined ? [] : ['Caused by:', ...describeFailure(error.cause, {maps, root}).traceback];
  return {ename, evalue, traceback: [`${ename}: ${evalue}`, ...frames, ...cause], ...(line ? {line: Number(line)} : {})};
}

/** A cell that is not TypeScript, with the place. */
export function syntaxFailure({name, message, line, column}: CellSyntaxError, fileName: string): Failure {
  return {ename: name, evalue: message, traceback: [`${name}: ${message}`, `    at ${fileName}:${line + 1}:${column + 1}`], line: line + 1};
}

function isErrorLike(value: unknown): value is Error {
  return typeof value === 'object' && value !== null && 'message' in value && 'stack' in value;
}

function stackFrames(error: Error): string[] {
  const lines = String(error.stack ?? '').split('\n');
  return lines.filter((line) => /^\s+at /.test(line) && !MACHINERY.test(line));
}

/** A stack frame with the place in the compiled cell replaced by the place in its source. */
export function mapFrame(frame: string, maps: ReadonlyMap<string, SourceMap>): string {
  const mapped = frame.replace(/(cell-\d+\.ts):(\d+):(\d+)/, (all, file: string, line: string, column: string) => {
    const entry = maps.get(file)?.findEntry(Number(line) - 1, Number(column) - 1);
    return entry && 'originalLine' in entry ? `${file}:${entry.originalLine + 1}:${entry.originalColumn + 1}` : all;
  });
  return mapped.replace(/ async null\.<anonymous>|^(\s+at )(?:async )?(?:null\.)?<anonymous> \((cell-[^)]*)\)/, '$1$2');
}

function tidy(text: string, root: string): string {
  const withoutNamespace = text.replaceAll(`(0 , ${NAMESPACE}.`, '(').replace(new RegExp(`\\(?\\${NAMESPACE}\\.([\\w$]+)\\)?`, 'g'), '$1');
  const called = withoutNamespace.replace(/^\((\w+)\) is not a function/, '$1 is not a function');
  return called.replaceAll(`file://${root}/`, '').replaceAll(`${root}/`, '');
}

function inspectBriefly(value: unknown): string {
  const {inspect} = require('node:util') as typeof import('node:util');
  return inspect(value, {depth: 2, breakLength: 100});
}
