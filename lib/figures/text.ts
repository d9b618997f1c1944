import {dirname, join} from 'node:path';

/** A face of the shipped typeface. */
export type FontFace = 'regular' | 'bold' | 'oblique';

const directory = join(dirname(require.resolve('dejavu-fonts-ttf/package.json')), 'ttf');

/** Files of the shipped typeface, one a face; rendering never looks at the machine's own fonts. */
export const fontFiles: Readonly<Record<FontFace, string>> = Object.freeze({
  regular: join(directory, 'DejaVuSansCondensed.ttf'),
  bold: join(directory, 'DejaVuSansCondensed-Bold.ttf'),
  oblique: join(directory, 'DejaVuSansCondensed-Oblique.ttf'),
});

/** The face for a CSS weight and style. */
export function fontFace(weight: string | number | undefined, style: string | undefined): FontFace {
  if (weight === 'bold' || Number(weight) >= 600) return 'bold';
  return style === 'italic' || style === 'oblique' ? 'oblique' : 'regular';
}

/**
 * Measures text in the shipped typeface, or that of other files: `(text, size in px, face) -> width in px`. Advances
 * are read from the font once.
 */
export async function textMeasure(
  files = fontFiles,
): Promise<(text: string, fontSize: number, face?: FontFace) => number> {
  const fontkit = await import('fontkit');
  const advances = new Map<string, number>();
  const faces = Object.fromEntries(Object.entries(files).map(([face, file]) => {
    const font = fontkit.openSync(file);
    return [face, (char: string) => (isWide(char) ? 1
      : 'glyphForCodePoint' in font ? font.glyphForCodePoint(char.codePointAt(0)!).advanceWidth / font.unitsPerEm
      : 0.6)];
  })) as Record<FontFace, (char: string) => number>;
  const advance = (face: FontFace, char: string) => {
    const key = face + char;
    if (!advances.has(key)) advances.set(key, faces[face](char));
    return advances.get(key)!;
  };
  return (text, fontSize, face = 'regular') =>
    fontSize * Array.from(text).reduce((sum, char) => sum + advance(face, char), 0);
}

const below: Readonly<Record<string, string>> = Object.freeze({
  0: '₀', 1: '₁', 2: '₂', 3: '₃', 4: '₄', 5: '₅', 6: '₆', 7: '₇', 8: '₈', 9: '₉', '+': '₊', '-': '₋', '=': '₌',
  a: 'ₐ', e: 'ₑ', h: 'ₕ', i: 'ᵢ', j: 'ⱼ', k: 'ₖ', l: 'ₗ', m: 'ₘ', n: 'ₙ', o: 'ₒ', p: 'ₚ', r: 'ᵣ', s: 'ₛ', t: 'ₜ',
  u: 'ᵤ', v: 'ᵥ', x: 'ₓ',
});

/** `'Z_{t+s}'` to `'Zₜ₊ₛ'`; an index that has no such letter (b, c, d, ...) stays as it is written. */
export function subscripted(text: string): string {
  return text.replace(/_(?:\{([^}]*)\}|([A-Za-z0-9]+))/g, (whole, braced?: string, bare?: string) => {
    const index = Array.from(braced ?? bare ?? '');
    return index.length > 0 && index.every(char => char in below) ? index.map(char => below[char]).join('') : whole;
  });
}

/**
 * Vega expression that breaks the headings `names` into lines of at most `width` px, bold 11 px; a word is broken only
 * where it is longer than 24 letters, and more than 8 lines are cut.
 */
export function headingLines(names: readonly string[], width: number): string {
  const letters = Math.max(6, Math.floor(width / 6.4));
  const short = (lines: string[]) => (lines.length > 8 ? [...lines.slice(0, 7), '…'] : lines);
  return lookup(names, names.map(name => short(wrapped(name, letters, 24))), 'datum.label');
}

/**
 * Lines of at most `letters` letters, wide ones counted twice; words longer than that and than `unbroken` are broken.
 */
export function wrapped(text: string, letters: number, unbroken = letters): string[] {
  const words = text.split(/[\n\r\u2028\u2029]+/).flatMap(line =>
    line.split(' ').flatMap(word => (wide(word) <= Math.max(letters, unbroken) ? [word] : pieces(word, letters))));
  return words.reduce<string[]>((done, word) => {
    const last = done[done.length - 1];
    return last !== undefined && wide(last) + 1 + wide(word) <= letters
      ? [...done.slice(0, -1), `${last} ${word}`]
      : [...done, word];
  }, []);
}

const wide = (text: string): number => Array.from(text).reduce((sum, char) => sum + (isWide(char) ? 2 : 1), 0);

/** Letters of Chinese, Japanese and Korean, and pictures, are as wide as two others. */
const isWide = (char: string): boolean =>
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{Extended_Pictographic}\uff01-\uff60]/u.test(char)
    && char > '\u02ff';

function pieces(word: string, letters: number): string[] {
  return Array.from(word).reduce<string[]>((done, char) => {
    const last = done[done.length - 1];
    return last !== undefined && wide(last) + wide(char) <= letters
      ? [...done.slice(0, -1), last + char]
      : [...done, char];
  }, []);
}

/**
 * Vega expression for the one of `values` that stands where `of` stands in `names`; names are never keys, which objects
 * have of their own.
 */
export function lookup(names: readonly string[], values: readonly unknown[], of: string): string {
  return `${literal(values)}[indexof(${literal(names)}, ${of})]`;
}

/** `value` in a Vega expression, its texts as they are drawn. */
export function literal(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'string' ? drawn(part) : part));
}

/**
 * `text` as it can be drawn: what XML or Vega's expressions cannot hold becomes the replacement character; Vega takes
 * names of members of every object for its own, but not with a space behind.
 */
export function drawn(text: string): string {
  const clean = text.replace(/(?![\t\n\r])\p{Cc}|\p{Cs}|[\u2028\u2029\ufffe\uffff]/gu, '\ufffd');
  return clean in Object.prototype ? `${clean} ` : clean;
}

/** Letters of `text` that the shipped typeface lacks; they print as boxes. */
export async function missingLetters(text: string): Promise<string[]> {
  const fontkit = await import('fontkit'), font = fontkit.openSync(fontFiles.regular);
  return [...new Set(text)].filter(char => !/[\s\p{Cf}\p{M}]/u.test(char) && 'hasGlyphForCodePoint' in font
    && !font.hasGlyphForCodePoint(char.codePointAt(0)!));
}
