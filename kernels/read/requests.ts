import type {Asked, Edits, PageRequest} from './protocol';

/** A message that no page of ours sends. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
}

/** Most characters of one cell. */
const MOST_CODE = 500_000;

const ASKED: readonly Asked[] = ['complete', 'inspect', 'errors', 'needs', 'save'];

type Fields = Readonly<Record<string, unknown>>;

/**
 * What a page asks for, checked to the last field.
 *
 * @param known cells of the page
 * @throws RequestError that says what is wrong
 */
export function readRequest(text: string, known: ReadonlySet<string>): PageRequest {
  const fields = objectIn(parsed(text), 'the message');
  const {type} = fields;
  if (type === 'interrupt' || type === 'restart') return {type};
  if (type === 'run') return {type, cells: cellsIn(fields.cells, known), edits: editsIn(fields.edits, known)};
  if (type === 'input') return {type, value: textIn(fields.value, 'value')};
  if (type === 'widget') return {type, model: textIn(fields.model, 'model'), state: objectIn(fields.state, 'state')};
  if (type === 'click') return {type, model: textIn(fields.model, 'model')};
  if (type === 'ask') return question(fields, known);
  throw new RequestError('type is none of run, interrupt, restart, input, widget, click, ask');
}

function question(fields: Fields, known: ReadonlySet<string>): PageRequest {
  const what = ASKED.find((each) => each === fields.what);
  if (!what) throw new RequestError(`what is none of ${ASKED.join(', ')}`);
  return {
    type: 'ask', what, ask: wholeIn(fields.ask, 'ask'), cell: cellIn(fields.cell, known),
    offset: wholeIn(fields.offset, 'offset'), edits: editsIn(fields.edits, known),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RequestError('the message is not JSON');
  }
}

function objectIn(value: unknown, name: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new RequestError(`${name} is not an object`);
  }
  return value as Fields;
}

function textIn(value: unknown, name: string): string {
  if (typeof value !== 'string') throw new RequestError(`${name} is not a text`);
  if (value.length > MOST_CODE) throw new RequestError(`${name} has more than ${MOST_CODE} characters`);
  return value;
}

function wholeIn(value: unknown, name: string): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw new RequestError(`${name} is not a whole number`);
  return value as number;
}

function cellIn(value: unknown, known: ReadonlySet<string>): string {
  if (typeof value !== 'string' || !known.has(value)) throw new RequestError('the page has no such cell');
  return value;
}

function cellsIn(value: unknown, known: ReadonlySet<string>): string[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > known.size) {
    throw new RequestError('cells is not a list of cells');
  }
  return value.map((each) => cellIn(each, known));
}

function editsIn(value: unknown, known: ReadonlySet<string>): Edits {
  const entries = Object.entries(objectIn(value, 'edits'));
  return Object.fromEntries(entries.map(([cell, code]) => [cellIn(cell, known), textIn(code, 'an edit')]));
}
