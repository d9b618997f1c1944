/** Ids that the site gives by itself; a heading must not look like one. */
const OWN = /^(?:(?:eq|formula|cell|figure|table|card|symbol|reference|L)-|main$|contents$|L\d)/;

/** Hands out ids for one page: each once, whatever is asked for. */
export function uniqueIds(): (wanted: string) => string {
  const taken = new Set<string>(['main', 'contents']);
  return wanted => {
    const stem = wanted.replace(/[^\p{L}\p{N}._-]+/gu, '-') || 'part';
    let id = stem;
    for (let n = 2; taken.has(id); n++) id = `${stem}-${n}`;
    taken.add(id);
    return id;
  };
}

/** Id of a cell on its page. */
export const cellId = (id: string): string => `cell-${id.replace(/[^\p{L}\p{N}._-]+/gu, '-')}`;

/** A heading as an id: small letters, digits and hyphens. */
export function slug(text: string): string {
  const plain = text.toLowerCase().replace(/\$[^$]*\$/g, ' ').replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '');
  return OWN.test(plain) || plain === '' ? `section-${plain}` : plain;
}
