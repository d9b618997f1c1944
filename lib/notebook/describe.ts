import {inspect, type InspectOptions} from 'node:util';

/** Depths at which a value is shown, the first whose text is not too long. */
const DEPTHS = [4, 2, 1, 0];

/** Most characters of leaves that are gone through at one depth: a value can unfold without end. */
const BUDGET = 300_000;

/** Most characters of one text about a value; more than that nobody reads. */
export const MOST_TEXT = 1_000_000;

/** The text was longer than its budget. */
class TooLong extends Error {}

/**
 * A value as text. Nothing that the value does can make this fail: getters, traps, methods for inspection and endless
 * structures are met with a mark in angle brackets.
 *
 * @param options.depth deepest level shown; default 4, less where the text would be too long
 * @param options.breakLength width in characters; default 100
 */
export function describeValue(
  value: unknown, {depth = DEPTHS[0], ...options}: InspectOptions & {readonly depth?: number} = {},
): string {
  const common = {maxArrayLength: 60, breakLength: 100, ...options};
  for (const level of DEPTHS.filter((least) => least <= depth)) {
    for (const customInspect of [true, false]) {
      const text = attempt(() =>
        inspect(value, {...common, customInspect, depth: level, stylize: spending(BUDGET)} as InspectOptions));
      if (typeof text === 'string') return clip(text);
      if (text instanceof TooLong) break;
    }
  }
  return `<${kindOf(value)} that cannot be shown>`;
}

/** `name: message` of anything thrown, in one line. */
export function describeThrown(error: unknown): string {
  const [name, message] = ['name', 'message'].map((key) => textProperty(error, key));
  return message === undefined ? describeValue(error, {depth: 2}) : `${name || 'Error'}: ${message}`;
}

/** A property as text; undefined where it is missing, a getter that throws counts as missing. */
export function textProperty(value: unknown, key: string): string | undefined {
  const found = property(value, key);
  if (found === undefined || found === null) return undefined;
  return clip(typeof found === 'string' ? found : describeValue(found, {depth: 1}));
}

/** A property whose getter may throw; undefined then. */
export function property(value: unknown, key: PropertyKey): unknown {
  try {
    return (value as Record<PropertyKey, unknown> | null | undefined)?.[key];
  } catch {
    return undefined;
  }
}

/** A text that is not too long to be sent. */
export function clip(text: string, most = MOST_TEXT): string {
  return text.length <= most ? text : `${text.slice(0, most)}... ${text.length - most} more characters`;
}

/** What `body` gives, or what it throws in place of it. */
function attempt(body: () => unknown): unknown {
  try {
    return body();
  } catch (error) {
    return error instanceof TooLong ? error : null;
  }
}

/** `inspect` passes each leaf through this. */
function spending(budget: number): (text: string) => string {
  let left = budget;
  return (text) => {
    left -= text.length + 1;
    if (left < 0) throw new TooLong();
    return text;
  };
}

function kindOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return typeof value;
  const prototype: unknown = attempt(() => Object.getPrototypeOf(value));
  const name = property(property(prototype, 'constructor'), 'name');
  return typeof name === 'string' && name !== '' ? clip(name, 100) : 'object';
}
