import type {Executable} from './engine';

/** Compiled programs, each made when it is first asked for. */
export interface CompiledPrograms<Size> {
  /** What `work` makes of the program for this size. */
  use<R>(size: Size, work: (program: Executable) => Promise<R>): Promise<R>;
  /** Frees all programs once nothing uses them; they are made anew when asked for again. */
  dispose(): Promise<void>;
}

/** Keeps what `compile` makes for each size; one that fails is tried again next time. */
export function compiledPrograms<Size>(compile: (size: Size) => Promise<Executable>): CompiledPrograms<Size> {
  const made = new Map<string, Promise<Executable>>(), running = new Set<Promise<unknown>>();
  const get = (size: Size): Promise<Executable> => {
    const key = JSON.stringify(size), known = made.get(key);
    if (known) return known;
    const program = compile(size);
    made.set(key, program);
    program.catch(() => made.delete(key));
    return program;
  };
  return Object.freeze({
    async use<R>(size: Size, work: (program: Executable) => Promise<R>): Promise<R> {
      const result = get(size).then(work), settled = result.then(() => {}, () => {});
      running.add(settled);
      try {
        return await result;
      } finally {
        running.delete(settled);
      }
    },
    async dispose(): Promise<void> {
      const programs = [...made.values()];
      made.clear();
      await Promise.all(running);
      await Promise.all(programs.map(program => program.then(p => p.dispose(), () => {})));
    },
  });
}
