import type {MimeBundle} from './mime';

/** Key of the global hook through which a kernel takes displays. */
export const DISPLAY_SINK: unique symbol = Symbol.for('obsnode.display');

/** How a bundle is to be shown. */
export interface DisplayOptions {
  /** Names the display so that it can be updated later. */
  readonly id?: string;
  /** Replaces the display of that `id` instead of adding one. Default `false`. */
  readonly update?: boolean;
}

/** What a kernel puts at `globalThis[Symbol.for('obsnode.display')]`. */
export interface DisplaySink {
  /** Shows a bundle below the cell at work. */
  display(bundle: MimeBundle, options?: DisplayOptions): void;
  /** Removes what the cell has shown. @param wait only once there is something else to show */
  clear?(wait: boolean): void;
  /** Keeps the cell from ending before `work` has. */
  wait(work: Promise<unknown>): void;
}

/** The sink of the kernel we run under, if any. */
export function currentSink(): DisplaySink | undefined {
  return (globalThis as {[DISPLAY_SINK]?: DisplaySink})[DISPLAY_SINK];
}
