import type {SourceMap} from 'node:module';
import {types} from 'node:util';
import {clip, describeValue, property, textProperty} from '../../lib/notebook/describe';
import type {CellSyntaxError} from './cell';
import {NAMESPACE} from './namespace';
import {mapped} from './stackTrace';

/** An error of a cell as notebooks record it. */
export interface Failure {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
  /** One-based line of the cell, when the error can be traced to it. */
  readonly line?: number;
}

/** Where an error happened. */
export interface FailureContext {
  /** Project root: paths below it are shown relative to it. */
  readonly root: string;
}

/** Frames of this folder are the machinery that runs a cell, of no use to its author. */
const MACHINERY =
  /[\\/]kernels[\\/](executor|runner|jupyter)[\\/]|node:internal|\(node:|at node:|[\\/]node_modules[\\/]tsx[\\/]/;

/** Most errors that are told of one another: causes, and the errors of an `AggregateError`. */
const MOST_ERRORS = 20;

/** Most characters of a message. */
const MOST_MESSAGE = 100_000;

/** Names of errors that say less than the name of their class. */
const PLAIN = new Set([
  'Error', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError', 'AggregateError',
]);

/**
 * Turns anything thrown into a failure whose stack speaks of the lines the user wrote. Nothing that the error does can
 * make this fail.
 */
export function describeFailure(error: unknown, context: FailureContext): Failure {
  try {
    return failureOf(error, context, new Set());
  } catch {
    const evalue = describeValue(error, {depth: 1});
    return {ename: 'Error', evalue, traceback: [`Error: ${evalue}`]};
  }
}

function failureOf(error: unknown, context: FailureContext, seen: Set<unknown>): Failure {
  if (!isErrorLike(error)) {
    const evalue = clip(typeof error === 'string' ? error : describeValue(error, {depth: 2}), MOST_MESSAGE);
    return {ename: 'Thrown', evalue, traceback: [`Thrown: ${evalue}`]};
  }
  seen.add(error);
  const ename = nameOf(error);
  const evalue = clip(tidy(textProperty(error, 'message') ?? '', context.root), MOST_MESSAGE);
  const frames = stackFrames(error).map((frame) => tidy(tidyFrame(frame), context.root));
  const line = frames.map((frame) => /cell-\d+\.ts:(\d+)/.exec(frame)?.[1]).find(Boolean);
  const traceback = [`${ename}: ${evalue}`, ...frames, ...fieldsOf(error), ...others(error, context, seen)];
  return {ename, evalue, traceback, ...(line ? {line: Number(line)} : {})};
}

/** A cell that is not TypeScript, with the place. */
export function syntaxFailure({name, message, line, column}: CellSyntaxError, fileName: string): Failure {
  return {
    ename: name, evalue: message, traceback: [`${name}: ${message}`, `    at ${fileName}:${line + 1}:${column + 1}`],
    line: line + 1,
  };
}

function isErrorLike(value: unknown): boolean {
  if (types.isNativeError(value)) return true;
  return typeof value === 'object' && property(value, 'message') !== undefined
    && typeof property(value, 'stack') === 'string';
}

/** The name of an error; that of its class where the class did not trouble to give another. */
function nameOf(error: unknown): string {
  const name = textProperty(error, 'name') || 'Error';
  const ofClass = property(property(error, 'constructor'), 'name');
  return clip(PLAIN.has(name) && typeof ofClass === 'string' && ofClass !== '' ? ofClass : name, 1000);
}

/**
 * Fields that a class or the system has added: `code`, `status`, ... `problem` is what an `ArgumentError` made its
 * message of.
 */
const TOLD = new Set(['name', 'message', 'stack', 'cause', 'errors', 'problem']);

function fieldsOf(error: unknown): string[] {
  const fields: Record<string, unknown> = {};
  for (const key of enumerableKeys(error)) {
    if (!TOLD.has(key)) Object.defineProperty(fields, key, {value: property(error, key), enumerable: true});
  }
  return Object.keys(fields).length === 0 ? [] : describeValue(fields, {depth: 2}).split('\n').map((text) =>
    `    ${text}`);
}

function enumerableKeys(value: unknown): string[] {
  try {
    return Object.keys(value as object);
  } catch {
    return [];
  }
}

/** What caused an error, and what an `AggregateError` gathers; each error is told once. */
function others(error: unknown, context: FailureContext, seen: Set<unknown>): string[] {
  const cause = property(error, 'cause');
  const inner = property(error, 'errors');
  const told = [...(cause === undefined ? [] : [['Caused by:', cause]]), ...listed(inner).map((each) =>
    ['One of the errors:', each])];
  return told.flatMap(([head, each]) => {
    if (seen.has(each)) return [`${String(head)} an error told above`];
    if (seen.size >= MOST_ERRORS) return [];
    return [String(head), ...failureOf(each, context, seen).traceback];
  });
}

function listed(value: unknown): unknown[] {
  try {
    return Array.isArray(value) ? Array.from((value as unknown[]).slice(0, MOST_ERRORS)) : [];
  } catch {
    return [];
  }
}

function stackFrames(error: unknown): string[] {
  const lines = (textProperty(error, 'stack') ?? '').split('\n');
  return lines.filter((line) => /^\s+at /.test(line) && !MACHINERY.test(line));
}

/** A stack frame that was never mapped, with the place in the compiled cell replaced by the place in its source. */
export function mapFrame(frame: string, maps: ReadonlyMap<string, SourceMap>): string {
  return tidyFrame(mapped(frame, (file) => maps.get(file)));
}

function tidyFrame(frame: string): string {
  return frame.replace(/ async null\.<anonymous>|^(\s+at )(?:async )?(?:null\.)?<anonymous> \((cell-[^)]*)\)/, '$1$2');
}

function tidy(text: string, root: string): string {
  const withoutNamespace = text.replaceAll(`(0 , ${NAMESPACE}.`, '(')
    .replace(new RegExp(`\\(?\\${NAMESPACE}\\.([\\w$]+)\\)?`, 'g'), '$1');
  const called = withoutNamespace.replace(/^\((\w+)\) is not a function/, '$1 is not a function');
  return called.replaceAll(`file://${root}/`, '').replaceAll(`${root}/`, '');
}
