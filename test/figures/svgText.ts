import {fontFace, textMeasure} from '../../lib/figures/text';

/** A text of a drawing with the rectangle it covers, in px of the page. */
export interface PlacedText {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

type Matrix = readonly [number, number, number, number, number, number];

/** Every visible text of `svg` with its place, from the transforms above it and the widths of the shipped typeface. */
export async function placedTexts(svg: string): Promise<PlacedText[]> {
  const measure = await textMeasure();
  const stack: Matrix[] = [[1, 0, 0, 1, 0, 0]];
  const found: PlacedText[] = [];
  let lastText = '', line = -1;
  for (const [, close, name, attributes, selfClosed, text] of svg.matchAll(
    /<(\/?)(g|text|tspan)\b((?:[^>"]|"[^"]*")*?)(\/?)>([^<]*)/g,
  )) {
    if (name === 'tspan' && !close) found.push(...place(
      text, `${lastText} ${attributes}`,
      multiply(stack[stack.length - 1], [1, 0, 0, 1, number(attributes, 'x'), number(attributes, 'dy') * ++line]),
    ));
    if (name === 'tspan') continue;
    if (close) stack.pop();
    else if (!selfClosed) {
      stack.push(transforms(attributes).reduce(multiply, stack[stack.length - 1]));
      if (name === 'text') [lastText, line] = [attributes, -1];
      if (name === 'text' && text.trim()) found.push(...place(text, attributes, stack[stack.length - 1]));
    }
  }
  return found;

  function place(raw: string, attributes: string, [a, b, c, d, e, f]: Matrix): PlacedText[] {
    if (/opacity="0"/.test(attributes) || !raw.trim()) return [];
    const text = raw.replace(/&amp;/g, '&').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&#39;/g, "'").replace(
      /&quot;/g, '"',
    );
    const size = number(attributes, 'font-size') || 11;
    const width = measure(text, size, fontFace(
      /font-weight="bold"/.test(attributes) ? 'bold' : 'normal',
      /font-style="italic"/.test(attributes) ? 'italic' : 'normal',
    ));
    const start = /text-anchor="middle"/.test(attributes)
      ? -width / 2
      : /text-anchor="end"/.test(attributes) ? -width : 0;
    // the height of capitals: what overlaps is ink, not the line box
    const corners = [
      [start, 0], [start + width, 0], [start, -0.72 * size], [start + width, -0.72 * size],
    ].map(([x, y]) => [a * x + c * y + e, b * x + d * y + f]);
    const [xs, ys] = [corners.map(p => p[0]), corners.map(p => p[1])];
    return [{text, left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys)}];
  }
}

/** Pairs of different texts that cover each other by more than a pixel each way. */
export function overlaps(texts: readonly PlacedText[]): string[] {
  return texts.flatMap((one, i) => texts.slice(i + 1)
    .filter(two => !(one.text === two.text && Math.abs(one.left - two.left) < 0.5 && Math.abs(one.top - two.top) < 0.5))
    .filter(two => Math.min(one.right, two.right) - Math.max(one.left, two.left) > 1
      && Math.min(one.bottom, two.bottom) - Math.max(one.top, two.top) > 1)
    .map(two => `"${one.text}" and "${two.text}"`));
}

function number(attributes: string, name: string): number {
  return Number(new RegExp(`(?:^|\\s)${name}="(-?[\\d.]+)(?:px)?"`).exec(attributes)?.[1] ?? 0);
}

function transforms(attributes: string): Matrix[] {
  const value = /transform="([^"]*)"/.exec(attributes)?.[1] ?? '';
  return [...value.matchAll(/(translate|rotate|scale)\(([^)]*)\)/g)].map(([, kind, list]): Matrix => {
    const [p, q = 0] = list.split(/[ ,]+/).map(Number);
    if (kind === 'translate') return [1, 0, 0, 1, p, q];
    if (kind === 'scale') return [p, 0, 0, q || p, 0, 0];
    const [cos, sin] = [Math.cos((p * Math.PI) / 180), Math.sin((p * Math.PI) / 180)];
    return [cos, sin, -sin, cos, 0, 0];
  });
}

function multiply([a, b, c, d, e, f]: Matrix, [g, h, i, j, k, l]: Matrix): Matrix {
  return [a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * l + e, b * k + d * l + f];
}
