import assert from 'node:assert/strict';
import {Resvg} from '@resvg/resvg-js';
import {heatmapFigure, linesFigure, mimeSymbol, type Figure} from '../../lib/figures';
import {fontFiles, textMeasure} from '../../lib/figures/text';
import {gallery} from './gallery';
import {overlaps, placedTexts} from './svgText';

describe('Every kind of figure', () => {
  for (const [name, make] of Object.entries(gallery)) {
    describe(name, () => {
      let fig: Figure, svg: string;
      before(async () => {
        fig = make();
        svg = await fig.toSvg();
      });

      it('draws numbers only: no NaN, no undefined, no null', () => assert.doesNotMatch(svg, /NaN|undefined|>null</));

      it('keeps its labels apart', async () => assert.deepEqual(overlaps(await placedTexts(svg)), []));

      it('keeps its labels on the page', async () => {
        const [, width, height] = /width="([\d.]+)" height="([\d.]+)"/.exec(svg)!.map(Number);
        const texts = await placedTexts(svg);
        assert.ok(texts.length > 0);
        assert.deepEqual(texts.filter(text => text.left < 0 || text.top < 0 || text.right > width
          || text.bottom > height), []);
      });

      it('shows its title and says in words what it shows', () => {
        assert.ok(svg.includes(`>${fig.title}</text>`));
        assert.ok(fig.description.length > 20);
        assert.doesNotMatch(fig.description, /NaN|undefined/);
      });

      it('is frozen, and drawing it leaves the specification as it was', async () => {
        const before = JSON.stringify(fig.spec);
        await fig.toSvg();
        assert.equal(JSON.stringify(fig.spec), before);
        assert.ok(Object.isFrozen(fig) && Object.isFrozen(fig.spec) && Object.isFrozen(fig.data));
      });

      it('gives equal bytes for equal data, in every format', async () => {
        const again = make();
        assert.ok(await again.toSvg() === svg, 'SVG differs');
        assert.ok(Buffer.from(await fig.toPng()).equals(await again.toPng()));
        assert.ok(Buffer.from(await fig.toPdf()).equals(await again.toPdf()));
      });

      it('shows itself in a notebook as Vega-Lite 5, PNG at its own size, and text', async () => {
        const {data, metadata} = await fig[mimeSymbol]();
        assert.deepEqual(Object.keys(data), ['application/vnd.vegalite.v5+json', 'image/png', 'text/plain']);
        assert.equal((data['application/vnd.vegalite.v5+json'] as {$schema: string}).$schema, 'https://vega.github.io/schema/vega-lite/v5.json');
        const png = Buffer.from(String(data['image/png']), 'base64');
        const {width, height} = metadata['image/png'] as {width: number; height: number};
        assert.ok(Math.abs(png.readUInt32BE(16) - 2 * width) <= 2 && Math.abs(png.readUInt32BE(20) - 2 * height) <= 2);
      });
    });
  }
});

describe('Labels', () => {
  it('are found to overlap where they do', async () => {
    const crowded = heatmapFigure([{x: [1, 2], y: [1], values: [[0.123], [0.456]]}], {
      title: 'T', cell: 8, printed: true, format: '.3f',
    });
    assert.ok(overlaps(await placedTexts(await crowded.toSvg())).includes('"0.123" and "0.456"'));
  });

  it('are as wide as measured', async () => {
    const measure = await textMeasure();
    for (const [text, face, style] of [
      ['assimilation time t_c (months)', 'regular', ''], ['WAVE γ ≥ 0.5', 'bold', 'font-weight="bold"'],
      ['Zₜ₊ₛ fj', 'oblique', 'font-style="italic"'],
    ] as const) {
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="900" height="100"><text x="10" y="50" font-size="40" font-family="DejaVu Sans Condensed" ${style}>${text}</text></svg>`;
      const drawn = new Resvg(svg, {
        font: {loadSystemFonts: false, fontFiles: Object.values(fontFiles)},
      }).getBBox()!.width;
      // ink ends before the last advance, and kerning is not measured: a few per cent
      assert.ok(
        Math.abs(drawn / measure(text, 40, face) - 1) < 0.06,
        `${text}: ${drawn} drawn, ${measure(text, 40, face)} measured`,
      );
    }
  });
});

describe('A drawing that Vega complains about', () => {
  it('is refused with the complaint', async () => {
    const {spec} = linesFigure([{name: 'a', x: [1, 2], y: [1, 2]}], {title: 'T', x: 'x', y: 'y'});
    const {renderSvg} = await import('../../lib/figures/render');
    await assert.rejects(renderSvg({...spec, layer: [{mark: 'bar', encoding: {
      x: {field: 'x', type: 'quantitative', bin: true},
      y: {field: 'y', type: 'quantitative', stack: 'zero', scale: {type: 'log'}},
    }}]} as never), /renderSvg: Vega complains: /);
  });
});
