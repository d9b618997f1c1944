/** The processes below `root`, without itself. */
export function descendants(root: number): number[];

/** The processes that `root` has started itself. */
export function childrenOf(root: number): number[];

/** Interrupts a process and everything below it, as the terminal does. */
export function interruptProcess(pid: number | undefined): void;

/** Asks a process and everything below it to end. */
export function terminateProcess(pid: number | undefined): void;

/** Ends a process and everything below it. */
export function killProcess(pid: number | undefined): void;
