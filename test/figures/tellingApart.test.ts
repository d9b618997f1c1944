import assert from 'node:assert/strict';
import {dashes, linesFigure, palette, shapes} from '../../lib/figures';
import {lightness} from '../../lib/figures/print/grey';
import {printed} from '../../lib/figures/print/printed';
import {gallery} from './gallery';

type Three = readonly [number, number, number];

/**
 * What is left of linear red, green and blue for eyes without one kind of cone.
 * @reference Machado, Oliveira, Fernandes 2009, A physiologically-based model for simulation of color vision
 * deficiency. doi:10.1109/TVCG.2009.113
 */
const EYES: Readonly<Record<string, readonly Three[]>> = {
  'all cones': [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  'protanopia': [
    [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998],
  ],
  'deuteranopia': [
    [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881],
  ],
  'tritanopia': [
    [1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039],
  ],
};

const dot = (row: Three, of: readonly number[]) => row[0] * of[0] + row[1] * of[1] + row[2] * of[2];

/** CIE L*a*b* of a colour as such eyes see it. */
function seen(colour: string, eyes: readonly Three[]): readonly number[] {
  const linear = [1, 3, 5].map(at => parseInt(colour.slice(at, at + 2), 16) / 255).map(part =>
    (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  const rgb = eyes.map(row => Math.min(1, Math.max(0, dot(row, linear))));
  const xyz = ([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]] as const).map(row =>
    dot(row, rgb));
  const [x, y, z] = xyz.map((part, k) => part / [0.9505, 1, 1.089][k]).map(part =>
    (part > 0.008856 ? Math.cbrt(part) : 7.787 * part + 16 / 116));
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const pairs = <T>(all: readonly T[]) => all.flatMap((one, k) => all.slice(k + 1).map(two => [one, two] as const));

describe('Ten series', () => {
  for (const [name, eyes] of Object.entries(EYES)) it(`have colours that ${name} tells apart`, () => {
    assert.equal(palette.length, 10);
    for (const [one, two] of pairs(palette)) {
      const [a, b] = [seen(one, eyes), seen(two, eyes)];
      // CIE 1976: 2.3 is just noticed side by side; Okabe and Ito's own green and sky blue are 16 apart to some eyes
      assert.ok(Math.hypot(...a.map((part, k) => part - b[k])) > 15, `${one} and ${two}`);
    }
  });

  it('have a dash and a shape each, so that colour is not needed', () => {
    for (const kind of [dashes, shapes]) assert.equal(new Set(kind.slice(0, 10).map(String)).size, 10);
  });

  const ten = linesFigure(palette.map((_, k) => ({name: `series ${k}`, x: [0, 1, 2], y: [k, k + 1, k + 3]})), {
    title: 'Ten', x: 'x', y: 'y',
  });

  it('have ten greys in grey print, and keep dashes and shapes', async () => {
    const {spec} = await printed(ten.spec, {width: 85, grey: true}), text = JSON.stringify(spec);
    const found = text.matchAll(/"scale":\{"domain":\["series 0"[^}]*"range":(\[.*?\])\}/g);
    const scales = [...found].map(([, range]) => range);
    const greys = JSON.parse(scales.find(range => range.includes('#'))!) as string[];
    assert.deepEqual(greys.filter(one => !/^#(..)\1\1$/.test(one)), []);
    assert.equal(new Set(greys).size, 10);
    // neighbours in the legend are far apart, and the lightest still stands out on paper
    for (let k = 1; k < 10; k++) assert.ok(Math.abs(lightness(greys[k]) - lightness(greys[k - 1])) > 25);
    assert.ok(greys.every(one => lightness(one) < 80));
    assert.ok(text.includes(JSON.stringify(dashes)));
    assert.ok(text.includes(JSON.stringify(JSON.stringify(shapes)).slice(1, -1)));
  });
});

describe('Grey print', () => {
  for (const [name, make] of Object.entries(gallery)) it(`of the kind ${name} has no colour left`, async () => {
    const {svg} = await printed(make().spec, {width: 100, grey: true});
    const colours = [...svg.matchAll(/#([0-9a-f]{6})\b|rgb\((\d+), ?(\d+), ?(\d+)\)/gi)];
    assert.ok(colours.length > 0);
    for (const [text, hex, r, g, b] of colours) {
      const parts = hex ? [0, 2, 4].map(at => parseInt(hex.slice(at, at + 2), 16)) : [r, g, b].map(Number);
      assert.ok(Math.max(...parts) - Math.min(...parts) <= 1, text);
    }
  });
});
