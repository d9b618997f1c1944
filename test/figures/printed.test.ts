import assert from 'node:assert/strict';
import {join} from 'node:path';
import {spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {printed} from '../../lib/figures/print/printed';
import {shownIn} from '../../kernels/figures/shipped';
import {readNotebook} from '../../kernels/nbformat/notebook';
import {findNotebooks} from '../../kernels/runner/find';
import {gallery} from './gallery';
import {overlaps, placedTexts} from './svgText';

const root = join(__dirname, '../..');
const shipped = findNotebooks(root).flatMap(path => shownIn(path, readNotebook(path))).flatMap(({name, shown}) =>
  (shown.kind === 'figure' ? [{name, spec: shown.spec}] : []));

/** Page, in the px of its coordinates, as the drawing says it. */
function page(svg: string): {left: number; width: number; height: number} {
  const [left, , width, height] = /viewBox="([^"]+)"/.exec(svg)![1].split(' ').map(Number);
  return {left, width, height};
}

const sizes = (svg: string) => [...new Set([...svg.matchAll(/font-size="([\d.]+)px"/g)].map(([, px]) => Number(px)))];

async function outside(svg: string): Promise<string[]> {
  const {left, width, height} = page(svg);
  return (await placedTexts(svg)).filter(text => text.left < left || text.top < 0 || text.right > left + width
    || text.bottom > height).map(({text}) => text);
}

for (const width of [85, 174]) describe(`Every figure of the notebooks, ${width} mm wide at 8 pt`, () => {
  for (const {name, spec} of shipped) it(
    `${name} has this width, letters of this size and all of them on the page, whole and apart`, async () => {
      const {svg} = await printed(spec as never, {width, font: 8});
      assert.equal(Number(/^<svg width="([\d.]+)mm"/.exec(svg)![1]), width);
      assert.ok(Math.abs((page(svg).width * 25.4) / 96 - width) < 1e-9);
      assert.deepEqual(sizes(svg).map(px => Number((px * 0.75).toFixed(3))), [8]);
      assert.deepEqual(await outside(svg), []);
      assert.deepEqual(overlaps(await placedTexts(svg)), []);
      assert.doesNotMatch(svg, />[^<]*…<\/t/);
    },
  );
});

describe('A figure for print', () => {
  const fig = gallery['lines-panels']();

  it('is the same in every way when made again, and leaves the specification as it was', async () => {
    const before = JSON.stringify(fig.spec), texts = {title: fig.title, description: fig.description};
    const [one, two] = [await printed(fig.spec, {width: 85}), await printed(fig.spec, {width: 85})];
    assert.equal(one.svg, two.svg);
    assert.ok(Buffer.from(await one.pdf(texts)).equals(await two.pdf(texts)));
    assert.ok(Buffer.from(await one.png()).equals(await two.png()));
    assert.equal(JSON.stringify(fig.spec), before);
  });

  it('has one width in all formats: PDF in points, PNG in pixels that say how large they are', async () => {
    const print = await printed(fig.spec, {width: 85}), png = Buffer.from(await print.png(600));
    const pdf = Buffer.from(await print.pdf({title: 't', description: 'd'})).toString('latin1');
    const [, width, height] = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(pdf)!.map(Number);
    assert.ok(Math.abs(width - (85 * 72) / 25.4) < 0.01 && Math.abs(height - (print.height * 72) / 25.4) < 0.01);
    assert.ok(Math.abs(png.readUInt32BE(16) - (85 * 600) / 25.4) <= 1);
    const at = png.indexOf('pHYs');
    assert.equal(png.readUInt32BE(at + 4), Math.round(600 / 0.0254));
    assert.equal(png[at + 12], 1);
  });

  it('has text that can be read and searched, 8 pt high by poppler', async function test(this: Mocha.Context) {
    if (spawnSync('pdftotext', ['-v']).error) {
      console.log('      skipped: pdftotext is missing (Debian: poppler-utils)');
      this.skip();
    }
    const print = await printed(fig.spec, {width: 85, font: 8}), dir = mkdtempSync(join(tmpdir(), 'obsnode-print-'));
    try {
      writeFileSync(join(dir, 'f.pdf'), await print.pdf({title: 't', description: 'd'}));
      const {stdout} = spawnSync('pdftotext', ['-bbox', join(dir, 'f.pdf'), '-'], {encoding: 'utf8'});
      const [, page] = /<page width="([\d.]+)"/.exec(stdout)!;
      const words = [...stdout.matchAll(/xMin="(\S+)" yMin="(\S+)" xMax="(\S+)" yMax="(\S+)">([^<]*)/g)];
      const upright = words.filter(([, , top, , bottom]) => Number(bottom) - Number(top) < 15);
      // DejaVu Sans Condensed reaches 0.928 above and 0.236 below the line, of its size
      const points = upright.map(([, , top, , bottom]) => (Number(bottom) - Number(top)) / (0.928 + 0.236));
      assert.ok(words.some(([, , , , , word]) => word === 'persistence'));
      assert.ok(points.every(pt => Math.abs(pt - 8) < 0.02), `sizes ${points.map(pt => pt.toFixed(3)).join()}`);
      assert.ok(words.every(([, left, , right]) => Number(left) >= 0 && Number(right) <= Number(page)));
      assert.ok(Math.abs((Number(page) * 25.4) / 72 - 85) < 0.1);
    } finally {
      rmSync(dir, {recursive: true});
    }
  });

  it('can go without its title, or have another', async () => {
    const [none, other] = await Promise.all(['none', 'Errors'].map(title => printed(fig.spec, {width: 85, title})));
    assert.doesNotMatch(none.svg, /Errors grow|tumour volume, t_c/);
    assert.ok((await placedTexts(other.svg)).some(({text}) => text === 'Errors'));
    assert.ok(none.height < other.height);
  });

  it('puts fewer panels side by side on a narrow page, and its legend below', async () => {
    const [wide, narrow] = [await printed(fig.spec, {width: 174}), await printed(fig.spec, {width: 60})];
    const columns = ({spec}: {spec: object}) => (spec as {columns: number}).columns;
    assert.ok(columns(wide) === 3 && columns(narrow) === 1);
    assert.match(JSON.stringify(narrow.spec), /"orient":"bottom"/);
  });

  for (const [name, make] of Object.entries(gallery)) {
    it(`of the kind ${name} keeps its letters on 85 mm and apart`, async () => {
      const {svg} = await printed(make().spec, {width: 85});
      assert.deepEqual(await outside(svg), []);
      assert.deepEqual(overlaps(await placedTexts(svg)), []);
    });
  }

  for (const [options, message] of [
    [{width: 5}, /printed: argument `width` must be in \[20, 1000\] mm; received 5/],
    [{width: 85, font: 0}, /printed: argument `font` must be in \[3, 72\] pt; received 0/],
    [{width: 30, font: 12}, /printed: argument `width` must be at least \d+ mm for this figure/],
  ] as const) it(`is refused with ${JSON.stringify(options)}, and told what would do`, () =>
    assert.rejects(printed(fig.spec, options), message));
});
