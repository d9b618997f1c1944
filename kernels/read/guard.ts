import {createHash, timingSafeEqual} from 'node:crypto';
import type {IncomingMessage} from 'node:http';

/** Where the server is and what opens it. */
export interface Gate {
  readonly port: number;
  readonly token: string;
}

/** Why a request is not answered. */
export interface Refusal {
  readonly status: 403 | 404 | 405 | 413 | 421;
  readonly reason: string;
}

/**
 * Names under which a page of this machine reaches the server; another name means that somebody else's name leads here.
 */
const hosts = (port: number): readonly string[] => [`127.0.0.1:${port}`, `localhost:${port}`];

/** Name of the cookie: cookies do not tell ports apart. */
export const cookieName = (port: number): string => `obsnode-${port}`;

/**
 * Whether a request may be answered: by its form and by where it comes from. The token is asked for separately, since
 * the first request has it in its address.
 */
export function refusal({method, headers}: IncomingMessage, {port}: Gate, isSocket: boolean): Refusal | null {
  if (method !== 'GET' && method !== 'HEAD') return {status: 405, reason: `method ${method}`};
  if (Number(headers['content-length'] ?? 0) > 0 || headers['transfer-encoding'] !== undefined) {
    return {status: 413, reason: 'a body'};
  }
  const host = hosts(port).find((each) => each === headers.host);
  if (!host) return {status: 421, reason: `host ${headers.host}`};
  const {origin, 'sec-fetch-site': site} = headers;
  if (origin !== undefined && origin !== `http://${host}`) return {status: 403, reason: `origin ${origin}`};
  if (isSocket && origin === undefined) return {status: 403, reason: 'a socket without an origin'};
  // A page of another site may not fetch; a reader may come from anywhere by following a link.
  if (site !== undefined && site !== 'same-origin' && site !== 'none' && headers['sec-fetch-mode'] !== 'navigate') {
    return {status: 403, reason: `fetched from ${String(site)}`};
  }
  return null;
}

/** Whether the request shows the token in its cookie. */
export function hasCookie({headers}: IncomingMessage, {port, token}: Gate): boolean {
  const found = (headers.cookie ?? '').split(/;\s*/).filter((each) => each.startsWith(`${cookieName(port)}=`));
  return found.some((each) => isSame(each.slice(cookieName(port).length + 1), token));
}

/** Compares without telling by its time how much is right. */
export function isSame(given: string, token: string): boolean {
  const [a, b] = [given, token].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(a, b);
}
