/**
 * The value that `record` itself holds under `name`; what every object inherits (`constructor`, `toString`, ...) is no
 * value.
 */
export function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
