/**
 * A text as it stands in a statement. In a path the signs by which the engine would look for many files stand for
 * themselves.
 */
export function quoted(text: string, kind: 'text' | 'path' = 'text'): string {
  const plain = kind === 'path' ? text.replace(/[*?[]/g, '[$&]') : text;
  return `'${plain.replaceAll("'", "''")}'`;
}
