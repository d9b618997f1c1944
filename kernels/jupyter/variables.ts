import {inspect, types} from 'node:util';

/** What a panel of variables asks. */
export type VariablesQuestion =
  /** Whether a debugger runs. */
  | {readonly ask: 'state'}
  /** All names that cells have left behind, or what is in a value that was named before. */
  | {readonly ask: 'list'; readonly inside: number}
  /** One variable as text. */
  | {readonly ask: 'show'; readonly name: string};

/** A variable as the debug adapter protocol has it. */
interface Variable {
  readonly name: string;
  readonly value: string;
  readonly type: string;
  /** By which its parts can be asked for; 0 where it has none. */
  readonly variablesReference: number;
}

/** Most parts of a value that are listed, and most characters of one. */
const MOST = 200, LONGEST = 200;

const entriesOfMap = Map.prototype.entries, valuesOfSet = Set.prototype.values;

/** Values that were listed and have parts: their references are their places, from 1 on. */
let listed: object[] = [];

/** The question in the content of a `debug_request`; undefined where only a debugger could answer. */
export function variablesQuestion({command, arguments: given}: Readonly<Record<string, unknown>>):
VariablesQuestion | undefined {
  const {variablesReference = 0, variableName = ''} = (given ?? {}) as Record<string, unknown>;
  if (command === 'debugInfo') return {ask: 'state'};
  if (command === 'inspectVariables') return {ask: 'list', inside: 0};
  if (command === 'variables') return {ask: 'list', inside: Number(variablesReference)};
  return command === 'richInspectVariables' ? {ask: 'show', name: String(variableName)} : undefined;
}

/** What `debugInfo` says where nothing can be debugged. */
export const debugInfo = (): object => ({
  isStarted: false, hashMethod: '', hashSeed: 0, tmpFilePrefix: '', tmpFileSuffix: '', breakpoints: [],
  stoppedThreads: [], richRendering: true, exceptionPaths: [], copyToGlobals: false,
});

/**
 * Answers from the names of a notebook. Nothing of what is looked at runs: no getter, no trap of a proxy.
 * @param namespace names that cells have left behind, with their values
 */
export function answerVariables(namespace: object, question: VariablesQuestion): object {
  if (question.ask === 'show') return shown(namespace, question.name);
  if (question.ask === 'state') return debugInfo();
  if (question.inside === 0) listed = [];
  const of = question.inside === 0 ? namespace : listed[question.inside - 1];
  return {variables: of ? partsOf(of).map(([name, value]) => variable(name, value)) : []};
}

/** As text, two levels deep. */
function shown(namespace: object, name: string): object {
  const value = Object.getOwnPropertyDescriptor(namespace, name)?.value as unknown;
  if (value === undefined) return {data: {}, metadata: {}};
  return {data: {'text/plain': text(value, 2)}, metadata: {}};
}

function variable(name: string, value: unknown): Variable {
  const said = text(value, 0);
  const hasParts = typeof value === 'object' && value !== null && !types.isProxy(value) && partsOf(value).length > 0;
  return {
    name, value: said.length > LONGEST ? `${said.slice(0, LONGEST)}...` : said, type: typeName(value),
    variablesReference: hasParts ? listed.push(value) : 0,
  };
}

/** Without the value's own ways of saying what it is, which would run its code. */
function text(value: unknown, depth: number): string {
  try {
    return inspect(value, {depth, showProxy: true, customInspect: false, maxArrayLength: 20, maxStringLength: LONGEST});
  } catch {
    return 'cannot be shown';
  }
}

/** Own properties that hold values; entries of maps and sets. */
function partsOf(value: object): (readonly [string, unknown])[] {
  if (types.isMap(value)) return [...entriesOfMap.call(value)].slice(0, MOST).map(([key, of]) => [text(key, 0), of]);
  if (types.isSet(value)) return [...valuesOfSet.call(value)].slice(0, MOST).map((of, k) => [String(k), of]);
  const names = ArrayBuffer.isView(value) || Array.isArray(value)
    ? Array.from({length: Math.min(MOST, (value as ArrayLike<unknown>).length ?? 0)}, (_, k) => String(k))
    : Object.getOwnPropertyNames(value).slice(0, MOST);
  return names.flatMap(name => {
    const own = Object.getOwnPropertyDescriptor(value, name);
    return own && 'value' in own ? [[name, own.value] as const] : [];
  });
}

function typeName(value: unknown): string {
  if (value === null || typeof value !== 'object') return value === null ? 'null' : typeof value;
  if (types.isProxy(value)) return 'Proxy';
  const prototype = (Object.getPrototypeOf(value) ?? {}) as object;
  if (types.isProxy(prototype)) return 'object';
  const made: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  return typeof made === 'function' ? made.name : 'object';
}
