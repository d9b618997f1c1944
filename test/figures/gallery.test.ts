import assert from 'node:assert/strict';
import {mimeSymbol, type Figure} from '../../lib/figures';
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
        assert.deepEqual(texts.filter(text => text.left < 0 || text.top < 0 || text.right > width || text.bottom > height), []);
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
