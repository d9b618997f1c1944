/** The one object that holds every top-level value of a notebook; cells read and write its properties. */
export type Namespace = Record<string, unknown>;

/** Name of the namespace parameter in compiled cells; it is stripped from error messages. */
export const NAMESPACE = '$cell';

/** Name of the function that stands in for dynamic `import()` in compiled cells. */
export const IMPORT = '$import';

/** Name of the object that stands in for `import.meta` in compiled cells. */
export const META = '$meta';

/** Name of the function through which awaited values pass, so that an interrupted cell is thrown out of its waiting. */
export const ALIVE = '$alive';

/** Parameters of every compiled cell, in order. */
export const CELL_PARAMETERS =
  [NAMESPACE, IMPORT, META, ALIVE, 'require', 'module', 'exports', '__filename', '__dirname'] as const;

/** An empty namespace: no prototype, so that no name is there before a cell makes it. */
export function createNamespace(): Namespace {
  return Object.create(null) as Namespace;
}
