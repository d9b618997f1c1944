/**
 * Circles between folders that stand side by side, anywhere below `roots`: each folder counts with all that it holds.
 * A folder and the one it lies in are not side by side: its door imports what it holds, and that may use what stands
 * beside the door.
 * @param modules of dependency-cruiser's result, imports of types included
 * @returns pairs `{from, to}` of folders, one a step of each circle
 */
export function folderCircles(modules, roots = ['lib', 'kernels']) {
  const steps = new Map();
  for (const {source, dependencies} of modules) {
    for (const {resolved} of dependencies) {
      const step = aside(source.split('/').slice(0, -1), resolved.split('/').slice(0, -1));
      if (!step || !roots.includes(source.split('/')[0])) continue;
      const [from, to] = step;
      steps.set(from, (steps.get(from) ?? new Set()).add(to));
    }
  }
  const reaches = (from, to, seen = new Set()) => [...steps.get(from) ?? []].some((next) =>
    next === to || (!seen.has(next) && reaches(next, to, seen.add(next))));
  return [...steps].flatMap(([from, all]) => [...all].filter((to) => reaches(to, from)).map((to) => ({from, to})));
}

/** The folders in which two paths part, where both have one. */
function aside(from, to) {
  const k = from.findIndex((name, at) => name !== to[at]);
  return k > 0 && k < to.length ? [from, to].map((path) => path.slice(0, k + 1).join('/')) : undefined;
}
