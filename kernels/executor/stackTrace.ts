import {findSourceMap, type SourceMap} from 'node:module';
import {property} from '../../lib/notebook/describe';

/** A place in a stack trace: file, line and column. */
const PLACE = /((?:file:\/\/)?[^\s()]+):(\d+):(\d+)\)?$/;

/** Frames of what runs a cell, below it. */
const RUNS_CELLS = /[\\/]kernels[\\/](executor|jupyter|runner)[\\/]/;

/**
 * Stack traces speak of the lines that were written, also where a program reads `error.stack` or prints `console.trace`
 * itself, and not of what ran them: that differs from client to client.
 *
 * @param mapOf source map of a compiled cell, by file name
 */
export function mapStackTraces(mapOf: (file: string) => SourceMap | undefined): void {
  Error.prepareStackTrace = (error, sites) => {
    const frames = sites.map((site) =>
      `    at ${mapped(String(site), (file) => mapOf(file) ?? findSourceMap(file.replace(/^file:\/\//, '')))}`);
    const isOfCell = frames.some((frame) => /\bcell-\d+\.ts:/.test(frame));
    return [headOf(error), ...frames.filter((frame) => !isOfCell || !RUNS_CELLS.test(frame))].join('\n');
  };
}

/**
 * As an error begins its own stack. A name or message that is no text is left out: to make one of a long list, say,
 * would take seconds.
 */
function headOf(error: Error): string {
  const [name, message] = ['name', 'message'].map((key) => property(error, key)).map((part, i) =>
    (part === undefined && i === 0 ? 'Error' : part));
  return [name, message].filter((part) => typeof part === 'string' && part !== '').join(': ') || '<error>';
}

/** A frame with the place in compiled text replaced by the place in its source. */
export function mapped(frame: string, mapOf: (file: string) => SourceMap | undefined): string {
  return frame.replace(PLACE, (all, file: string, line: string, column: string) => {
    const entry = mapOf(file)?.findEntry(Number(line) - 1, Number(column) - 1);
    if (!entry || !('originalLine' in entry)) return all;
    return `${file}:${entry.originalLine + 1}:${entry.originalColumn + 1}${all.endsWith(')') ? ')' : ''}`;
  });
}
