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

/** Measures text in the shipped typeface: `(text, size in px, face) -> width in px`. Advances are read from the font once. */
export async function textMeasure(): Promise<(text: string, fontSize: number, face?: FontFace) => number> {
  const fontkit = await import('fontkit');
  const advances = new Map<string, number>();
  const faces = Object.fromEntries(Object.entries(fontFiles).map(([face, file]) => {
    const font = fontkit.openSync(file);
    return [face, (char: string) => ('glyphForCodePoint' in font ? font.glyphForCodePoint(char.codePointAt(0)!).advanceWidth / font.unitsPerEm : 0.6)];
  })) as Record<FontFace, (char: string) => number>;
  const advance = (face: FontFace, char: string) => {
    const key = face + char;
    if (!advances.has(key)) advances.set(key, faces[face](char));
    return advances.get(key)!;
  };
  return (text, fontSize, face = 'regular') => fontSize * Array.from(text).reduce((sum, char) => sum + advance(face, char), 0);
}

const below: Readonly<Record<string, string>> = Object.freeze({
  0: '₀', 1: '₁', 2: '₂', 3: '₃', 4: '₄', 5: '₅', 6: '₆', 7: '₇', 8: '₈', 9: '₉', '+': '₊', '-': '₋', '=': '₌',
  a: 'ₐ', e: 'ₑ', h: 'ₕ', i: 'ᵢ', j: 'ⱼ', k: 'ₖ', l: 'ₗ', m: 'ₘ', n: 'ₙ', o: 'ₒ', p: 'ₚ', r: 'ᵣ', s: 'ₛ', t: 'ₜ', u: 'ᵤ', v: 'ᵥ', x: 'ₓ',
});

/** `'Z_{t+s}'` to `'Zₜ₊ₛ'`; an index that has no such letter (b, c, d, ...) stays as it is written. */
export function subscripted(text: string): string {
  return text.replace(/_(?:\{([^}]*)\}|([A-Za-z0-9]+))/g, (whole, braced?: string, bare?: string) => {
    const index = Array.from(braced ?? bare ?? '');
    return index.length > 0 && index.every(char => char in below) ? index.map(char => below[char]).join('') : whole;
  });
}

/** Vega expression that breaks the headings `names` into lines of at most `width` px, bold 11 px; a single word is never broken. */
export function headingLines(names: readonly string[], width: number): string {
  const letters = Math.max(6, Math.floor(width / 6.4));
  const lines = (name: string) => name.split(' ').reduce<string[]>((done, word) => {
    const last = done[done.length - 1];
    return last !== undefined && last.length + 1 + word.length <= letters ? [...done.slice(0, -1), `${last} ${word}`] : [...done, word];
  }, []);
  return `${JSON.stringify(Object.fromEntries(names.map(name => [name, lines(name)])))}[datum.label]`;
}
