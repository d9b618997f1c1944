/** A piece of a specification, as JSON. */
export type Part = {[key: string]: unknown};

/** Whether `value` is an object of JSON. */
export function isPart(value: unknown): value is Part {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Calls `visit` for `value` and everything inside, outermost first; rows of data are no part of the drawing. */
export function walk(value: unknown, visit: (part: Part, key: string) => void, key = ''): void {
  if (Array.isArray(value)) value.forEach(item => walk(item, visit, key));
  if (!isPart(value)) return;
  visit(value, key);
  for (const [name, part] of Object.entries(value)) if (name !== 'data') walk(part, visit, name);
}

/** The plots of a specification: what has axes of its own, in the order they are drawn. */
export function plots(spec: Part): Part[] {
  for (const key of ['concat', 'hconcat', 'vconcat']) {
    if (Array.isArray(spec[key])) return (spec[key] as Part[]).flatMap(plots);
  }
  return isPart(spec.spec) ? plots(spec.spec) : [spec];
}

/** Rows drawn inside a specification. */
export function rowsOf(spec: Part): readonly Readonly<Part>[] {
  return ((spec.data as Part | undefined)?.values as Part[] | undefined) ?? [];
}

/** Encodings of a plot and of its layers. */
export function encodings(plot: Part): Part[] {
  const own = isPart(plot.encoding) ? [plot.encoding] : [];
  return [...own, ...((plot.layer as Part[] | undefined) ?? []).flatMap(encodings)];
}

/** The first definition of a channel that any layer has. */
export function channel(plot: Part, name: string): Part | undefined {
  return encodings(plot).map(encoding => encoding[name]).find(isPart);
}
