import type {MimeBundle} from '../figures/mime';
import {describeThrown, describeValue, property} from './describe';

/** Names that begin a MIME type (RFC 6838, and the ones that browsers use). */
const MIME_TYPE = /^(application|audio|chemical|font|image|message|model|multipart|text|video|x-[\w.+-]+)\/[\w.+-]+$/;

/** Most lines of a text that comes as a list: an array can be long without holding anything. */
const MOST_LINES = 10_000_000;

/** A bundle that cannot be sent; the message names the MIME type. */
export class BundleError extends TypeError {
  override readonly name = 'BundleError';
}

/** Bundles that have been checked, and are copies that nobody changes. */
const checked = new WeakSet<MimeBundle>();

/**
 * Whether `value` is a ready-made bundle: an object whose `data` has only MIME types as keys. What cannot be looked at
 * is none.
 */
export function isMimeBundle(value: unknown): value is MimeBundle {
  if (typeof value !== 'object' || value === null) return false;
  const types = keysOf(property(value, 'data'));
  return types.length > 0 && types.every((type) => MIME_TYPE.test(type));
}

function keysOf(data: unknown): string[] {
  try {
    return typeof data === 'object' && data !== null ? Object.keys(data) : [];
  } catch {
    return [];
  }
}

/**
 * A copy of a bundle that can be sent: text and images are strings, JSON types are plain JSON.
 *
 * @throws BundleError that names the MIME type whose content is neither
 */
export function checkedBundle(bundle: unknown): MimeBundle {
  if (checked.has(bundle as MimeBundle)) return bundle as MimeBundle;
  if (!isMimeBundle(bundle)) throw new BundleError(
    `a MIME bundle must be an object {data: {'<MIME type>': content}}; received ${briefly(bundle)}`,
  );
  const data = property(bundle, 'data') as object;
  const contents = Object.keys(data).map((type) => [type, content(type, property(data, type))]);
  const metadata = property(bundle, 'metadata') ?? {};
  const copy = Object.freeze({
    data: Object.freeze(Object.fromEntries(contents)), metadata: checkedJson('metadata', metadata),
  }) as MimeBundle;
  checked.add(copy);
  return copy;
}

function content(type: string, value: unknown): unknown {
  if (typeof value === 'string') return value;
  if (/[/+]json$/.test(type)) return checkedJson(type, value);
  if (Array.isArray(value) && value.length <= MOST_LINES && value.every((line) => typeof line === 'string')) {
    return value.join('');
  }
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new BundleError(`${type} must be a string${type.startsWith('text/') ? '' : ' (base64 for binary formats)'}; `
    + `received ${briefly(value)}`);
}

/** A copy of a value as JSON carries it. @throws BundleError that names `what` when it is no JSON */
export function checkedJson<T>(what: string, value: T): T {
  const text = written(what, value);
  if (text === undefined) throw new BundleError(`${what} must be JSON; received ${briefly(value)}`);
  return JSON.parse(text) as T;
}

function written(what: string, value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (error) {
    throw new BundleError(`${what} must be JSON: ${describeThrown(error).split('\n')[0]}`);
  }
}

function briefly(value: unknown): string {
  const text = describeValue(value, {depth: 0});
  return text.length > 100 ? `${text.slice(0, 97)}...` : text;
}
