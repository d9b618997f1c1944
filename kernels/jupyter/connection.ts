import {readFileSync} from 'node:fs';

/** What a connection file says: where to listen and how to sign. */
export interface Connection {
  readonly transport: 'tcp' | 'ipc';
  readonly ip: string;
  readonly shell_port: number;
  readonly control_port: number;
  readonly stdin_port: number;
  readonly iopub_port: number;
  readonly hb_port: number;
  /** Empty: messages are not signed. */
  readonly key: string;
  readonly signature_scheme: string;
  /** Keys of CurveZMQ, 40 characters of Z85 each; without them nothing is encrypted. */
  readonly curve_publickey?: string;
  readonly curve_secretkey?: string;
}

/** The five channels of a kernel. */
export const CHANNELS = ['shell', 'control', 'stdin', 'iopub', 'hb'] as const;

/** Name of a channel. */
export type Channel = (typeof CHANNELS)[number];

/** Reads and checks a connection file. @throws Error that names the field that is wrong */
export function readConnection(path: string): Connection {
  const value = JSON.parse(readFileSync(path, 'utf8')) as Connection;
  for (const channel of CHANNELS) {
    const port = value[`${channel}_port`];
    if (!Number.isInteger(port) || port < 1 || port > 65535) {
      throw new Error(`connection file: ${channel}_port must be a port number; received ${port}`);
    }
  }
  if (value.transport !== 'tcp' && value.transport !== 'ipc') {
    throw new Error(`connection file: transport must be tcp or ipc; received ${String(value.transport)}`);
  }
  if (typeof value.ip !== 'string' || typeof value.key !== 'string') {
    throw new Error('connection file: ip and key must be strings');
  }
  if (value.key !== '' && value.signature_scheme !== 'hmac-sha256') {
    throw new Error(`connection file: signature_scheme must be hmac-sha256; received ${value.signature_scheme}`);
  }
  checkCurve(value);
  return value;
}

/** Whoever leaves the keys of a connection half done would be left with an open one. */
function checkCurve({curve_publickey: open, curve_secretkey: secret}: Connection): void {
  for (const [name, key, other] of [['curve_publickey', open, secret], ['curve_secretkey', secret, open]] as const) {
    if (key === undefined ? other !== undefined : typeof key !== 'string' || !/^[\x21-\x7e]{40}$/.test(key)) {
      throw new Error(`connection file: ${name} must be 40 characters of Z85`);
    }
  }
}

/** Address of a channel. */
export function addressOf({transport, ip, ...ports}: Connection, channel: Channel): string {
  const port = ports[`${channel}_port`];
  return transport === 'tcp' ? `tcp://${ip}:${port}` : `ipc://${ip}-${port}`;
}
