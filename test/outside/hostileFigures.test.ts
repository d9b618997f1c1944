import assert from 'node:assert/strict';
import {
  barsFigure, dagFigure, figure, heatmapFigure, histogramFigure, linesFigure, scatterFigure, trajectoriesFigure,
  type Figure,
} from '../../lib/figures';
import {renderSvg} from '../../lib/figures/render';
import {placedTexts} from '../figures/svgText';

const axes = {title: 'T', x: 'x', y: 'y'};

/** One figure of each kind with `s` wherever a text can stand. */
const kinds: Readonly<Record<string, (s: string) => Figure>> = {
  lines: s => linesFigure([{name: s, x: [1, 2], y: [1, 2], panel: s}, {name: 'b', x: [1, 2], y: [2, 2], panel: 'q'}],
    {title: s, x: s, y: s, subtitle: s, band: s, rules: [{axis: 'y', value: 1, label: s}], colors: {b: '#000000'}}),
  scatter: s => scatterFigure([{name: s, x: [1, 2], y: [1, 2], panel: s}, {name: 'b', x: [1], y: [2], panel: 'q'}], {
    title: s, x: s, y: s,
  }),
  histogram: s => histogramFigure([{name: s, values: [1, 2, 3]}, {name: 'b', values: [2]}], {title: s, x: s}),
  bars: s => barsFigure([{category: s, value: 1, series: s}, {category: 'c', value: 2, series: 'd'}], {
    title: s, value: s, category: s, error: s,
  }),
  heatmap: s => heatmapFigure([s, 'c'].map(column =>
    ({column, row: s, x: [0, 1], y: [1], values: [[1], [2]]})), {title: s, x: s, y: s, color: s}),
  graph: s => dagFigure([{id: s}, {id: 'B', label: s}], [{from: s, to: 'B'}], {
    title: s, positions: Object.fromEntries([[s, [0, 0]], ['B', [1, 0]]]),
  }),
  patients: s => trajectoriesFigure([{
    name: s, time: [0, 1], observed: [1, 2], decision: 1,
    forecasts: [{name: s, time: [1, 2], mean: [2, 3], low: [1, 2], high: [3, 4]}],
    doses: [{treatment: s, from: 0, to: 1, dose: 1, plan: s}],
  }], {title: s, x: s, y: s}),
};

const texts: Readonly<Record<string, string>> = {
  'the prototype': '__proto__', 'a constructor': 'constructor', 'a method': 'toString',
  'another method': 'hasOwnProperty', 'a signal of Vega': 'width', 'a word of Vega': 'datum',
  'markup': '</text><script>alert(1)</script>',
  'quotes': `"'\`\\`, 'an expression': "'] || datum['x", 'an entity': '&lt;&amp;&#39;', 'two lines': 'one\ntwo',
  'separators of lines': 'one\u2028two\u2029three', 'control characters': 'a\u0000b\u001bc\u007f',
  'half a letter': 'a\ud800b',
  'no letter at all': '\ufffe', 'right to left': 'שלום عالم', 'combined letters': 'e\u0301\u0301\u0301',
  'Chinese and Japanese': '患者の体積', 'pictures': '😀👩‍👩‍👧', 'a long word': 'x'.repeat(1000),
  'many words': 'word '.repeat(200), 'digits': '10', 'a dollar': '${x} $1 $&', 'brackets': 'a[0].b',
};

const count = Object.keys(texts).length * Object.keys(kinds).length;

describe(`${count} figures of hostile texts`, () => {
  before(() => assert.ok(count > 100));
  for (const [claim, text] of Object.entries(texts)) {
    it(`${claim}: drawn in every kind of figure, on a page of bounded size, as a text`, async () => {
      for (const [kind, make] of Object.entries(kinds)) {
        const fig = make(text), svg = await fig.toSvg();
        const [, width, height] = /width="([\d.]+)" height="([\d.]+)"/.exec(svg)!.map(Number);
        assert.ok(width < 1500 && height < 1500, `${kind}: ${width} x ${height}`);
        assert.doesNotMatch(svg, /NaN|undefined|<script|\son\w+=|javascript:|<image|<a /, kind);
        assert.ok((await placedTexts(svg)).every(one => one.right - one.left < 700), kind);
        assert.ok((await fig.toPng({scale: 1})).length > 500, kind);
        assert.equal(fig.title, text);
        assert.ok(fig.data.some(row => Object.values(row).includes(text)), `${kind} changed its data`);
      }
    });
  }

  it('a PDF is made of each text', async () => {
    for (const text of Object.values(texts)) assert.ok((await kinds.lines(text).toPdf()).length > 1000);
  });
});

describe('Titles', () => {
  it('get lines at spaces and keep every word; short ones stay one text', async () => {
    const title = 'a title of many words that goes on '.repeat(5).trim();
    const fig = linesFigure([{name: 'a', x: [1, 2], y: [1, 2]}], {...axes, title, x: title});
    const lines = (fig.spec.title as {text: string[]}).text;
    assert.ok(lines.length > 1 && lines.every(line => line.length <= 84));
    assert.equal(lines.join(' '), title);
    assert.equal((kinds.lines('short').spec.title as {text: string}).text, 'short');
    const drawn = (await placedTexts(await fig.toSvg())).map(one => one.text).join(' ');
    for (const line of lines) assert.ok(drawn.includes(line));
  });

  it('in letters that the typeface lacks are warned of once, by letter', async () => {
    const warnings: string[] = [], listen = (warning: Error) => warnings.push(`${warning.name}: ${warning.message}`);
    process.on('warning', listen);
    try {
      for (const title of ['龍 and a', '龍 again', 'plain'])
        await linesFigure([{name: 'a', x: [1, 2], y: [1, 2]}], {...axes, title}).toPng();
      await new Promise(resolve => setImmediate(resolve));
    } finally {
      process.off('warning', listen);
    }
    assert.equal(warnings.length, 1, warnings.join());
    assert.match(warnings[0], /FigureWarning: The typeface of figures has no letters for 龍: they print as boxes/);
  });
});

/** A fixed number in [0, 1) that looks random. */
const wave = (i: number) => (Math.sin(12.9898 * (i + 1)) * 43758.5453 % 1 + 1) % 1;

describe('A hundred thousand values', () => {
  const n = 100_000, t = Float64Array.from({length: n}, (_, i) => i), noise = t.map(wave);
  noise[777] = 5;
  noise[88_888] = -3;
  const shown = (fig: Figure) => (fig.spec.data as {values: {x: number; y: number; series: string}[]}).values;

  it('as points: a sample with the extremes is drawn and said so, the data keep all, the file is small', async () => {
    const fig = scatterFigure([{name: 'a', x: t, y: noise}, {name: 'few', x: [1, 2], y: [0, 1]}], axes);
    const drawn = shown(fig);
    assert.equal(fig.data.length, n + 2);
    assert.ok(drawn.length > 4000 && drawn.length < 5020, String(drawn.length));
    assert.ok([5, -3].every(y => drawn.some(row => row.y === y))
      && [0, n - 1].every(x => drawn.some(row => row.x === x)) && drawn.some(row => row.series === 'few'));
    assert.match(fig.description, new RegExp(
      `Drawn are ${drawn.length} of 100002 points, a random sample of each series with its extremes; the data hold all`,
    ));
    assert.ok((await fig.toSvg()).length < 2 ** 20);
    // Uniform draws: the mean of a sample of n has standard error 1 / sqrt(12 n), which 5 of them bound.
    const mean = drawn.reduce((sum, row) => sum + row.y, 0) / drawn.length;
    assert.ok(Math.abs(mean - 0.5) < 5 / Math.sqrt(12 * drawn.length) + 8 / drawn.length, String(mean));
    assert.deepEqual(
      shown(scatterFigure([{name: 'a', x: t, y: noise}, {name: 'few', x: [1, 2], y: [0, 1]}], axes)), drawn,
    );
  });

  it('as a line: the highest and lowest value of every column of pixels are drawn, also on a log axis', async () => {
    for (const [x, options] of [[t, {}], [t.map(v => 10 ** (v / 2e4)), {xScale: 'log' as const}]] as const) {
      const fig = linesFigure([{name: 'a', x, y: noise}], {...axes, ...options}), drawn = shown(fig), columns = 640;
      const at = (v: number) => (options.xScale ? Math.log(v) : v);
      const [low, high] = [at(x[0]), at(x[n - 1])];
      const column = (v: number) => Math.min(columns - 1, Math.floor((columns * (at(v) - low)) / (high - low)));
      const span = (points: Iterable<readonly [number, number]>) => {
        const found = new Map<number, [number, number]>();
        for (const [px, py] of points) found.set(column(px), [
          Math.min(py, found.get(column(px))?.[0] ?? py), Math.max(py, found.get(column(px))?.[1] ?? py),
        ]);
        return found;
      };
      assert.deepEqual(
        span(drawn.map(row => [row.x, row.y] as const)), span(Array.from(x, (v, k) => [v, noise[k]] as const)),
      );
      assert.ok(drawn.length <= 4 * columns && fig.data.length === n);
      assert.match(
        fig.description, /Drawn are \d+ of 100000 values, the first, last, lowest and highest in each of 640 columns/,
      );
      assert.ok((await fig.toSvg()).length < 2 ** 18);
    }
  });

  it('as many lines, as measurements and as a course of a patient', async () => {
    const many = linesFigure(Array.from({length: 100}, (_, k) => ({
      name: `s${k % 20}`, panel: `p${Math.floor(k / 20)}`, x: t.subarray(0, 1000),
      y: noise.subarray(1000 * k, 1000 * k + 1000),
    })), axes);
    assert.ok(shown(many).length <= 20_000 && many.data.length === n);
    const fig = trajectoriesFigure([{name: 'p', time: t, observed: noise, truth: {time: t, value: noise}}], axes);
    assert.ok(shown(fig).length < 8000 && fig.data.length === 2 * n && /Drawn are/.test(fig.description));
    assert.ok((await fig.toSvg()).length < 2 ** 21);
  });

  it('a few thousand are all drawn, and nothing is said', () => {
    const fig = scatterFigure([{name: 'a', x: t.subarray(0, 5000), y: noise.subarray(0, 5000)}], axes);
    assert.equal(shown(fig).length, 5000);
    assert.doesNotMatch(fig.description, /Drawn/);
  });
});

describe('A figure', () => {
  it('loads nothing from elsewhere: neither addresses nor files', async () => {
    for (const url of ['https://example.org/data.csv', 'file:///etc/hostname', '/etc/hostname', 'package.json', 'data:text/csv,a%0A1']) {
      await assert.rejects(renderSvg({data: {
        url, format: {type: 'csv'},
      }, mark: 'point', encoding: {x: {field: 'a', type: 'quantitative'}}}), /may not load|Vega complains/, url);
    }
    const marks = {data: {values: [{a: 1, u: 'https://example.org/x.png'}]}, encoding: {x: {field: 'a', type: 'quantitative'}, url: {field: 'u', type: 'nominal'}, href: {field: 'u', type: 'nominal'}}};
    const svg = await renderSvg({...marks, mark: {type: 'image', width: 5, height: 5}} as never).catch(() => '');
    assert.doesNotMatch(svg, /href="[^"]*example/);
  });

  const lines = [{name: 'a', x: [1, 2], y: [1, 2]}];
  const cases: readonly [string, () => unknown, RegExp][] = [
    ['a width of 0', () => linesFigure(lines, {...axes, width: 0}), /`width` must be in \[60, 2000\] px; received 0/],
    ['a width that is none', () => linesFigure(lines, {...axes, width: NaN}), /`width`.*NaN/],
    [
      'a height of a million', () => scatterFigure(lines, {...axes, height: 1e6}),
      /`height` must be in \[40, 2000\] px/,
    ],
    ['half a column', () => linesFigure(lines, {...axes, columns: 0.5}), /`columns` must be a whole number >= 1/],
    [
      'no columns of patients',
      () => trajectoriesFigure([{name: 'p', time: [0], observed: [1]}], {...axes, columns: 0}), /`columns`/,
    ],
    [
      'a rule at infinity', () => linesFigure(lines, {...axes, rules: [{axis: 'y', value: Infinity}]}),
      /`rules` must be at finite values; received Infinity/,
    ],
    [
      'bars of no thickness', () => barsFigure([{category: 'a', value: 1}], {title: 'T', value: 'v', thickness: 0}),
      /`thickness` must be in \[4, 60\] px/,
    ],
    [
      'ten thousand bars',
      () => barsFigure(Array.from({length: 1e4}, (_, k) => ({category: `${k}`, value: k})), {title: 'T', value: 'v'}),
      /1 to 500 bars; received 10000/,
    ],
    ['points of no size', () => scatterFigure(lines, {...axes, size: 0}), /`size` must be a number > 0/],
    ['points that cannot be seen', () => scatterFigure(lines, {...axes, opacity: 0}), /`opacity` must be in \(0, 1\]/],
    [
      'a cell of a thousandth', () => heatmapFigure([{x: [0], y: [0], values: [[1]]}], {title: 'T', cell: 1e-3}),
      /`cell` must be in \[4, 60\] px/,
    ],
    ['a clip that is none', () => heatmapFigure([{x: [0], y: [0], values: [[1]]}], {title: 'T', clip: NaN}), /`clip`/],
    [
      'colours up to infinity',
      () => heatmapFigure([{x: [0], y: [0], values: [[1]]}], {title: 'T', domain: [0, Infinity]}), /`domain`/,
    ],
    ['a million cells', () => heatmapFigure([{
      x: Array.from({length: 1000}, (_, k) => k), y: Array.from({length: 1000}, (_, k) => k),
      values: Array.from({length: 1000}, () => new Array<number>(1000).fill(1)),
    }], {title: 'T'}), /at most 50000 cells.*Average blocks/],
    [
      'rows of a heat map of unequal length, by row',
      () => heatmapFigure([{x: [0, 1], y: [1, 2], values: [[1, 2], [3]]}], {title: 'T'}),
      /`panels\[0\]\.values\[1\]` must be 2 values, as many as the first row has; received 1/,
    ],
    [
      'a thousand series', () => linesFigure(Array.from({length: 1000}, (_, k) => ({...lines[0], name: `${k}`})), axes),
      /at most 100 names; received 1000/,
    ],
    [
      'a thousand panels',
      () => linesFigure(Array.from({length: 1000}, (_, k) => ({...lines[0], panel: `${k}`})), axes),
      /at most 100 values; received 1000/,
    ],
    [
      'a thousand nodes', () => dagFigure(Array.from({length: 1000}, (_, k) => ({id: `${k}`})), [], {title: 'T'}),
      /at most 150/,
    ],
    ['a node without extent', () => dagFigure([{id: 'a'}], [], {title: 'T', radius: 0}), /\(0, 1000\] px/],
    [
      'a place for a node that only every object has',
      () => dagFigure([{id: 'constructor'}], [], {title: 'T', positions: {}}), /received "constructor"/,
    ],
    [
      'a truth with other times',
      () => trajectoriesFigure([{name: 'p', time: [0], observed: [1], truth: {time: [0, 1], value: [1]}}], axes),
      /`patients\[0\]\.truth\.value` must be 2 values/,
    ],
    ['no rows', () => figure({title: 'T', description: 'd'}, [], {mark: 'point'} as never), /at least one row/],
  ];
  for (const [claim, make, message] of cases)
    it(`is refused by name: ${claim}`, () => assert.throws(make, {name: 'ArgumentError', message}));

  it('of extreme numbers is drawn or refused by name', async () => {
    for (const values of [
      [1e308, -1e308], [5e-324, 0], [1e-300, 2e-300], [1e300, 1.0000001e300], [-0, 0], [2 ** 53, 2 ** 53 + 2],
      [1e15, 1e15 + 1],
    ]) {
      for (const make of [
        () => linesFigure([{name: 'a', x: values, y: values}], axes),
        () => scatterFigure([{name: 'a', x: values, y: values}], {...axes, diagonal: true}),
        () => histogramFigure([{name: 'a', values}], {title: 'T', x: 'x'}),
        () => barsFigure(values.map((value, k) => ({category: `${k}`, value})), {title: 'T', value: 'v'}),
      ]) {
        const svg = await (async () => make().toSvg())().catch((error: Error) =>
          (assert.match(`${error.name} ${error.message}`, /^ArgumentError|Vega complains/), ''));
        assert.doesNotMatch(svg, /NaN|undefined|Infinity/, `${values} ${make}`);
      }
    }
  });
});
