/** The text of a part of a file, whose types nobody has checked. */
export function plain(value: unknown): string {
  if (Array.isArray(value)) return value.map(plain).join('');
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '');
}
