import type {CellOutcome} from '../executor';
import type {MimeBundle} from '../../lib/notebook/mime';
import type {ExpressionValue} from './messages';
import {PROTOCOL_VERSION} from './wire';

/** A MIME bundle as content. */
export function bundleContent({data, metadata}: MimeBundle): object {
  return {data, metadata: metadata ?? {}};
}

/** Reply to a cell that ran. */
export function okReply(count: number, expressions: Readonly<Record<string, ExpressionValue>>): object {
  return {status: 'ok', execution_count: count, user_expressions: expressions, payload: []};
}

/** Reply to a cell that failed. */
export function errorReply(count: number, outcome: Extract<CellOutcome, {status: 'error'}>): object {
  const {ename, evalue, traceback} = outcome.failure;
  return {status: 'error', execution_count: count, ename, evalue, traceback};
}

/** What the kernel says of itself. */
export function kernelInfo(): object {
  const {version} = require('typescript/package.json') as {version: string};
  return {
    status: 'ok',
    protocol_version: PROTOCOL_VERSION,
    implementation: 'obsnode',
    implementation_version: '0.1.0',
    language_info: {
      name: 'typescript',
      version,
      mimetype: 'text/typescript',
      file_extension: '.ts',
      pygments_lexer: 'typescript',
      codemirror_mode: {name: 'javascript', typescript: true},
      nbconvert_exporter: 'script',
    },
    banner: `TypeScript ${version} on Node ${process.versions.node}`,
    help_links: [{text: 'TypeScript', url: 'https://www.typescriptlang.org/docs/'}],
    supported_features: ['kernel subshells'],
    debugger: false,
  };
}
