/** Something that cannot be recorded: names the TensorFlow.js kernel, the caller's line, and what to do. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError';
  constructor(
    /** TensorFlow.js kernel or method that failed, e.g. `'Conv2D'`. */
    readonly kernel: string,
    problem: string,
    remedy: string,
    /** File, line and column of the call in the recorded function. */
    readonly location: string = callSite(),
  ) {
    super(`record: ${kernel} ${problem}, called at ${location}. ${remedy}`);
  }
}

/** First frame of the stack outside packages, Node and this folder: the line of model code that was being recorded. */
export function callSite(stack = deepStack()): string {
  const frames = stack.split('\n').slice(1);
  const own = frames.find(frame =>
    !/node_modules|node:internal|\(node:|tfjs-[a-z-]+\/src\//.test(frame) && !isEngineFrame(frame));
  return own ? own.trim().replace(/^at /, '') : 'an unknown place';
}

const isEngineFrame = (frame: string) => /[\\/]lib[\\/]graph[\\/]/.test(frame);

/** Model code lies below many TensorFlow.js frames, more than the ten that V8 keeps. */
function deepStack(): string {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 200;
  try {
    return new Error().stack ?? '';
  } finally {
    Error.stackTraceLimit = limit;
  }
}
