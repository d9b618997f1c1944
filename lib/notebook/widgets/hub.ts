/** Key of the global through which a kernel offers comms: channels between cells and the front end. */
export const COMM_HUB: unique symbol = Symbol.for('obsnode.comms');

/** One end of a comm. */
export interface Comm {
  readonly id: string;
  send(data: Record<string, unknown>, buffers?: readonly Uint8Array[]): void;
  close(data?: Record<string, unknown>): void;
  /** Set to hear what the other end sends. */
  onMessage: (data: Readonly<Record<string, unknown>>, buffers: readonly Uint8Array[]) => unknown;
}

/** What a target does with a comm that the front end opens. */
export type CommTarget = (comm: Comm, data: Readonly<Record<string, unknown>>) => void;

/** What a kernel puts at `globalThis[Symbol.for('obsnode.comms')]`. */
export interface WidgetHub {
  open(target: string, data: Record<string, unknown>, metadata?: Record<string, unknown>): Comm;
  registerTarget(name: string, target: CommTarget): void;
}

/** The comms of the kernel we run under, if it has any. */
export function currentHub(): WidgetHub | undefined {
  return (globalThis as {[COMM_HUB]?: WidgetHub})[COMM_HUB];
}
