/**
 * The protocol counts code points, TypeScript UTF-16 units.
 * @param cursor code points before the cursor; by default the end
 */
export function utf16Offset(text: string, cursor: unknown): number {
  if (typeof cursor !== 'number' || !(cursor >= 0)) return text.length;
  return Array.from(text).slice(0, cursor).join('').length;
}

/** Code points before a UTF-16 offset. */
export function codePoints(text: string, offset: number): number {
  return Array.from(text.slice(0, offset)).length;
}
