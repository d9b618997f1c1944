import assert from 'node:assert/strict';
import {mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {parse} from 'csv-parse/sync';
import {
  barsFigure, dagFigure, dashes, heatmapFigure, histogramFigure, linesFigure, palette, scatterFigure, shapes,
  subscripted, trajectoriesFigure,
} from '../../lib/figures';
import {ndarray} from '../../lib/math/ndarray';
import {gallery} from './gallery';

const text = {title: 'A title'}, axes = {...text, x: 'x (s)', y: 'y (m)'};

describe('A saved figure', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'obsnode-figures-'));
  });
  afterEach(() => rm(dir, {recursive: true}));

  it('is five files, with title, description and provenance inside and nothing left over', async () => {
    const fig = gallery['lines-panels']();
    const paths = await fig.save(join(dir, 'deep', 'er'), 'figure-1', {commit: 'abc<1>', seeds: [1, 2]});
    assert.deepEqual(paths.map(path => path.slice(dir.length + 9)), [
      'figure-1.svg', 'figure-1.png', 'figure-1.pdf', 'figure-1.vl.json', 'figure-1.csv',
    ]);
    assert.deepEqual((await readdir(join(dir, 'deep', 'er'))).sort(), [
      'figure-1.csv', 'figure-1.pdf', 'figure-1.png', 'figure-1.svg', 'figure-1.vl.json',
    ]);
    const svg = await readFile(paths[0], 'utf8');
    assert.match(
      svg,
      /<title>Errors grow with the horizon<\/title><desc>Lines of RMSE .*<\/desc><metadata>.*abc&lt;1&gt;.*<\/metadata>/,
    );
    assert.deepEqual((JSON.parse(await readFile(paths[3], 'utf8')) as {usermeta: unknown}).usermeta, {
      provenance: {commit: 'abc<1>', seeds: [1, 2]},
    });
  });

  it('keeps every number of the data in its CSV', async () => {
    const fig = gallery['lines-log']();
    const [, , , , csv] = await fig.save(dir, 'f');
    const rows = parse(await readFile(csv, 'utf8'), {columns: true}) as Record<string, string>[];
    assert.deepEqual(rows.map(row => [row.series, Number(row.x), Number(row.y)]), fig.data.map(row =>
      [row.series, row.x, row.y]));
  });

  it('has a PDF with the typeface inside, without a date, of the size of the drawing', async () => {
    const fig = gallery['bars-vertical']();
    const [svg, pdf] = [await fig.toSvg(), Buffer.from(await fig.toPdf()).toString('latin1')];
    assert.match(pdf, /^%PDF-1\.\d/);
    assert.match(pdf, /\/BaseFont \/[A-Z]{6}\+DejaVuSansCondensed\b/);
    assert.doesNotMatch(pdf, /\/BaseFont \/Helvetica/);
    assert.match(pdf, /D:19700101000000Z/);
    const width = Number(/ width="([\d.]+)"/.exec(svg)![1]);
    assert.ok(Math.abs(Number(/\/MediaBox \[0 0 ([\d.]+)/.exec(pdf)![1]) - width * 0.75) < 0.01);
  });

  it('is refused under a name that would leave the folder, with nothing written', async () => {
    await assert.rejects(
      gallery['bars-vertical']().save(dir, '../up'), /save: argument `name` must be a file name .* received "\.\.\/up"/,
    );
    assert.deepEqual(await readdir(dir), []);
  });

  it('fails clearly where a file stands in the place of the folder', async () => {
    await writeFile(join(dir, 'taken'), '');
    await assert.rejects(gallery['bars-vertical']().save(join(dir, 'taken'), 'f'), /EEXIST|ENOTDIR/);
  });

  it('has as many pixels as the scale says, and refuses a scale of 0 or 11', async () => {
    const fig = gallery['bars-vertical']();
    const width = async (scale: number) => Buffer.from(await fig.toPng({scale})).readUInt32BE(16);
    assert.ok(Math.abs((await width(3)) - 3 * (await width(1))) <= 3);
    await assert.rejects(fig.toPng({scale: 0}), /toPng: argument `scale` must be in \(0, 10\]; received 0/);
    await assert.rejects(fig.toPng({scale: 11}), /received 11/);
  });
});

describe('Grey print and colour blindness', () => {
  it('neighbouring series differ in lightness, and all in dash and shape', () => {
    const lightness = palette.map(grey);
    lightness.slice(1).forEach((value, k) =>
      assert.ok(Math.abs(value - lightness[k]) > 4, `${palette[k]} and ${palette[k + 1]}`));
    assert.ok(Math.abs(lightness[0] - lightness[1]) > 20);
    assert.equal(new Set(dashes.map(String)).size, dashes.length);
    assert.equal(new Set(shapes).size, shapes.length);
    assert.ok(dashes.length >= palette.length && shapes.length >= palette.length);
  });
});

/** CIE lightness L* in [0, 100]. */
function grey(hex: string): number {
  const [r, g, b] = [1, 3, 5].map(i => parseInt(hex.slice(i, i + 2), 16) / 255).map(v =>
    (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
  const y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return y > 0.008856 ? 116 * Math.cbrt(y) - 16 : 903.3 * y;
}

describe('Numbers reach the drawing unchanged', () => {
  it('a heat map leaves out exactly the cells that are NaN, null or undefined, and clips only the colour', () => {
    const fig = heatmapFigure([{x: [0, 1], y: [1, 2], values: [[0.5, null], [3, undefined]]}], {...text, clip: 1});
    assert.deepEqual(fig.data.map(({x, y, value, shown}) => [x, y, value, shown]), [[0, 1, 0.5, 0.5], [1, 1, 3, 1]]);
    const dense = heatmapFigure([{x: [0, 1], y: [1, 2], values: ndarray([2, 2], Float64Array.of(0.5, NaN, 3, NaN))}], {
      ...text, clip: 1,
    });
    assert.deepEqual(dense.data, fig.data);
  });

  it('a histogram counts every value once, and a density has area one', () => {
    const values = Array.from({length: 1000}, (_, i) => Math.sqrt(i));
    const {data} = histogramFigure([{name: 'a', values}, {name: 'b', values: values.slice(0, 10)}], {...text, x: 'x'});
    const of = (name: string) =>
      data.filter(row => row.series === name) as {from: number; to: number; count: number; density: number}[];
    assert.equal(of('a').reduce((sum, row) => sum + row.count, 0), 1000);
    assert.ok(Math.abs(of('a').reduce((sum, row) => sum + row.density * (row.to - row.from), 0) - 1) < 1e-12);
    for (const {from, to, count} of of('a').slice(0, -2))
      assert.equal(values.filter(v => v >= from && v < to).length, count);
    assert.equal(histogramFigure([{name: 'same', values: [3, 3, 3]}], {...text, x: 'x'}).data
      .reduce((sum, row) => sum + (row.count as number), 0), 3);
  });

  it('two hundred thousand points do not overflow the stack', () => {
    const x = Float64Array.from({length: 200_000}, (_, i) => i);
    assert.equal(scatterFigure([{name: 'a', x, y: x}], {...axes, diagonal: true}).data.length, 200_000);
    assert.equal(histogramFigure([{name: 'a', values: x}], {...text, x: 'x'}).data
      .reduce((sum, row) => sum + (row.count as number), 0), 200_000);
    assert.equal(linesFigure([{name: 'a', x, y: x}], axes).data.length, 200_000);
  });

  it('a band that reaches zero is cut on a log axis, the line is not', () => {
    const {data} = linesFigure([{name: 'a', x: [1, 2], y: [0.1, 0.2], sd: [0.5, 0.01]}], {...axes, yScale: 'log'});
    assert.deepEqual(data.map(row => [row.y, row.low]), [[0.1, 0.05], [0.2, 0.19]]);
  });

  it('indices are set below the line where the letters exist', () => {
    assert.equal(subscripted('Z_{t+s}'), 'Zₜ₊ₛ');
    assert.equal(subscripted('A_0'), 'A₀');
    assert.equal(subscripted('t_c'), 't_c');
  });
});

describe('Bad input is refused by name', () => {
  const cases: readonly [string, () => unknown, RegExp][] = [
    [
      'a heat map of the wrong shape', () => heatmapFigure([{x: [0, 1], y: [1], values: ndarray([1, 2])}], text),
      /heatmapFigure: argument `panels\[0\]\.values` must be of shape \[2, 1\] = \[x, y\]; received \[1, 2\]/,
    ],
    ['ragged rows', () => heatmapFigure([{x: [0, 1], y: [1, 2], values: [[1, 2], [3]]}], text), /panels\[0\]\.values/],
    [
      'a heat map without a value', () => heatmapFigure([{x: [0], y: [1], values: [[NaN]]}], text),
      /not NaN everywhere/,
    ],
    ['an infinite cell', () => heatmapFigure([{x: [0], y: [1], values: [[Infinity]]}], text), /finite/],
    ['no panels', () => heatmapFigure([], text), /at least one panel/],
    [
      'zeros without a domain', () => heatmapFigure([{x: [0], y: [1], values: [[0]]}], text),
      /`domain` must be of increasing limits; .* give `domain`/,
    ],
    [
      'a line with too few values', () => linesFigure([{name: 'a', x: [1, 2], y: [1]}], axes),
      /linesFigure: argument `series\[0\]\.y` must be 2 values, as many as x; received 1/,
    ],
    [
      'a line with NaN', () => linesFigure([{name: 'a', x: [1, 2], y: [1, NaN]}], axes),
      /data\[1\]\.y` must be a finite number; received NaN\. Leave missing points out/,
    ],
    [
      'zero on a log axis', () => linesFigure([{name: 'a', x: [1], y: [0]}], {...axes, yScale: 'log'}),
      /positive on a log axis; received 0/,
    ],
    [
      'two kinds of band', () => linesFigure([{name: 'a', x: [1], y: [1], sd: [1], low: [0], high: [2]}], axes),
      /either `sd`, or `low` and `high`/,
    ],
    [
      'an empty title', () => linesFigure([{name: 'a', x: [1], y: [1]}], {...axes, title: ' '}),
      /`title` must be a line of text/,
    ],
    [
      'points without partners', () => scatterFigure([{name: 'a', x: [1], y: []}], axes),
      /scatterFigure: argument `series\[0\]\.y`/,
    ],
    ['an empty sample', () => histogramFigure([{name: 'a', values: []}], {...text, x: 'x'}), /at least one value/],
    [
      'a sample with NaN', () => histogramFigure([{name: 'a', values: [1, NaN]}], {...text, x: 'x'}),
      /must be finite; received NaN/,
    ],
    [
      'half a bin', () => histogramFigure([{name: 'a', values: [1]}], {...text, x: 'x', bins: 0.5}),
      /whole number in \[1, 200\]/,
    ],
    [
      'a negative spread', () => barsFigure([{category: 'a', value: 1, sd: -1}], {...text, value: 'v'}),
      /`bars\[0\]\.sd` must be >= 0; received -1/,
    ],
    [
      'an edge to nowhere', () => dagFigure([{id: 'A'}], [{from: 'A', to: 'B'}], text),
      /dagFigure: argument `edges\[0\]`/,
    ],
    ['a node twice', () => dagFigure([{id: 'A'}, {id: 'A'}], [], text), /each id once/],
    [
      'a cycle without positions',
      () => dagFigure([{id: 'A'}, {id: 'B'}], [{from: 'A', to: 'B'}, {from: 'B', to: 'A'}], text),
      /free of directed cycles; received \["A", "B", "A"\]/,
    ],
    [
      'a node without a place', () => dagFigure([{id: 'A'}, {id: 'B'}], [], {...text, positions: {A: [0, 0]}}),
      /received "B"/,
    ],
    [
      'a path that leaves the edges', () => dagFigure([{id: 'A'}, {id: 'B'}], [], {...text, paths: [['A', 'B']]}),
      /a walk along edges/,
    ],
    [
      'patients of one name',
      () => trajectoriesFigure([{name: 'p', time: [], observed: []}, {name: 'p', time: [], observed: []}], axes),
      /named differently/,
    ],
    ['a negative dose', () => trajectoriesFigure([{
      name: 'p', time: [0], observed: [1], doses: [{treatment: 'a', from: 0, to: 1, dose: -1}],
    }], axes), /a dose >= 0/],
    [
      'zero volume on a log axis',
      () => trajectoriesFigure([{name: 'p', time: [0], observed: [0]}], {...axes, yScale: 'log'}),
      /positive throughout on a log axis/,
    ],
  ];
  for (const [what, make, message] of cases) it(what, () => assert.throws(make, {name: 'ArgumentError', message}));
});
