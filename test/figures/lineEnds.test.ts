import assert from 'node:assert/strict';
import fc from 'fast-check';
import {linesFigure, type Figure, type LineSeries, type LinesOptions} from '../../lib/figures';
import {dodged} from '../../lib/figures/dodge';
import {printed} from '../../lib/figures/print/printed';
import {rng, uniform} from '../../lib/math/rng';
import {overlaps, placedTexts} from './svgText';

const range = (n: number) => Array.from({length: n}, (_, k) => k);
const axes = {title: 'T', x: 'time (d)', y: 'value'};

/** Ten lines, two of which end in one point. */
const ten = (labels?: 'legend' | 'ends') => linesFigure(range(10).map(k => ({
  name: `series ${k}`, x: [0, 1, 2], y: [k, k + 1, k === 7 ? 9 : k + 3],
})), {...axes, labels});

interface Drawing {
  readonly layer?: readonly {name?: string; data?: {values: never[]}; transform?: {filter?: string}[]}[];
  readonly spec?: Drawing;
}

/** Where labels stand and lines end, from the layers of a specification. */
function ends({spec}: {readonly spec: object}): readonly {series: string; y: number; at: number}[] | undefined {
  return (spec as Drawing).layer?.find(({name}) => name === 'lineEndLabels')?.data!.values;
}

/** The panels in which names stand at the ends of lines. */
function namedPanels({spec}: {readonly spec: object}): string[] {
  const layers = (spec as Drawing).spec?.layer ?? [];
  return layers.filter(({name}) => /^lineEndLabels\d+$/.test(name ?? ''))
    .map(({transform}) => /datum\.panel === "(.*?)"/.exec(transform![0].filter!)![1]);
}

/** Outlines of all symbols filled with a colour. */
const symbols = (svg: string) => [...svg.matchAll(/<path [^>]*?d="(M[^"]*)"[^>]*fill="(#[0-9a-f]{6})"/gi)];

describe('Labels that dodge each other', () => {
  const labels = fc.array(fc.tuple(fc.double({min: -50, max: 250, noNaN: true}), fc.integer({min: 8, max: 30})), {
    minLength: 1, maxLength: 12,
  });

  it('never overlap, never leave their range, and keep their order', () => fc.assert(fc.property(labels, all => {
    const wished = all.map(([place]) => place).sort((a, b) => a - b), heights = all.map(([, height]) => height);
    const places = dodged(wished, heights, [0, 200]);
    if (heights.reduce((sum, height) => sum + height, 0) > 200) return assert.equal(places, undefined);
    places!.forEach((place, k) => {
      assert.ok(place - heights[k] / 2 > -1e-9 && place + heights[k] / 2 < 200 + 1e-9);
      if (k > 0) assert.ok(place - places![k - 1] > (heights[k] + heights[k - 1]) / 2 - 1e-9);
    });
  })));

  it('move as little as can be: no other places that are allowed cost less', () =>
    fc.assert(fc.property(labels, fc.infiniteStream(fc.double({min: -1, max: 1, noNaN: true})), (all, noise) => {
      const wished = all.map(([place]) => place).sort((a, b) => a - b), heights = all.map(([, height]) => height);
      const places = dodged(wished, heights, [0, 500])!;
      const cost = (of: readonly number[]) => of.reduce((sum, place, k) => sum + (place - wished[k]) ** 2, 0);
      // any mixture with other allowed places is allowed: the cheapest of all gains from none
      const other = dodged(wished.map(place => place + 100 * (noise.next().value as number)).sort((a, b) => a - b),
        heights, [0, 500])!;
      const mixed = places.map((place, k) => 0.99 * place + 0.01 * other[k]);
      assert.ok(cost(mixed) >= cost(places) - 1e-7);
    })));

  it('stay where they wish to be when there is room', () =>
    assert.deepEqual(dodged([10, 30, 50], [10, 10, 10], [0, 60]), [10, 30, 50]));
});

describe('Legends of lines with points', () => {
  it('show the dash and the mark of each of ten lines in its colour, all ten different without colour', async () => {
    const svg = await ten('legend').toSvg(), found = symbols(svg).filter(([, outline]) => outline.startsWith('M-12'));
    assert.equal(found.length, 10);
    assert.equal(new Set(found.map(([, outline]) => outline)).size, 10);
    assert.equal(new Set(found.map(([, , colour]) => colour)).size, 10);
  });

  it('and the points themselves are read as words, without an outline', async () => {
    const svg = await ten('legend').toSvg(), said = [...svg.matchAll(/aria-label="([^"]*)"/g)].map(([, text]) => text);
    assert.deepEqual(said.filter(text => /M-?\d/.test(text)), []);
    assert.ok(said.includes('time (d): 0; value: 8; series: series 8; shape: hourglass'), said.join('\n'));
    assert.ok(said.includes('time (d): 0; value: 9; series: series 9; shape: star'));
    const drawn = symbols(svg).map(([, outline]) => outline).filter(outline => !outline.startsWith('M-12'));
    assert.equal(new Set(drawn).size, 10);
  });

  it('fill their symbols instead of stroking them with dashes, which would fray the marks', async () => {
    const svg = await ten('legend').toSvg();
    const [group] = /<g class="mark-symbol role-legend-symbol"[\s\S]*?<\/g>/.exec(svg)!;
    assert.match(group, /fill="#0072B2"/i);
    assert.match(group, /stroke-width="0"/);
  });

  it('show lines alone where points are not drawn', async () => {
    const many = linesFigure(range(2).map(k => ({name: `n${k}`, x: range(40), y: range(40).map(x => x * k)})), {
      ...axes, labels: 'legend',
    });
    assert.match(await many.toSvg(), /role-legend-symbol/);
    assert.equal(symbols(await many.toSvg()).length, 0);
  });
});

describe('Names at the right ends of lines', () => {
  it('stand there for one panel of 2 to 10 lines, and then there is no legend', async () => {
    assert.equal(ends(ten())!.length, 10);
    assert.doesNotMatch(await ten().toSvg(), /role-legend/);
  });

  const line = (name: string, x: readonly number[], panel?: string): LineSeries => ({name, x, y: x, panel});
  const grid = (panels: number, options: Partial<LinesOptions> = {}) => linesFigure(range(panels).flatMap(p =>
    range(4).map(k => ({name: `n${k}`, panel: `p${p}`, x: [0, 1], y: [0, k + p]}))), {...axes, ...options});
  const legends: Readonly<Record<string, () => Figure>> = {
    'eleven lines': () => linesFigure(range(11).map(k => line(`n${k}`, [0, k + 1])), axes),
    'one line': () => linesFigure([line('a', [0, 1])], axes),
    'panels that lack a line': () => linesFigure([line('a', [0, 1], 'p'), line('b', [0, 1], 'q')], axes),
    'panels with y axes of their own': () => grid(2, {freeY: true}),
    'a line that ends early': () => linesFigure([line('a', [0, 10]), line('b', [0, 5])], axes),
    'names of a hundred letters': () => linesFigure(range(2).map(k => line('word '.repeat(20) + k, [0, k + 1])), axes),
    'a plot too low for its names': () => linesFigure(range(8).map(k => line(`n${k}`, [0, 1])), {...axes, height: 60}),
    'lines of one height': () => linesFigure(range(2).map(k => ({name: `n${k}`, x: [0, 1], y: [3, 3]})), axes),
  };
  for (const [what, make] of Object.entries(legends)) it(`not for ${what}`, async () => {
    assert.equal(ends(make()), undefined);
    assert.deepEqual(namedPanels(make()), []);
    assert.ok((await make().toSvg()).includes('<svg'));
  });

  it('lead from each line to its name in the same order, past an end that coincides with another', () => {
    const order = (key: 'y' | 'at') => [...ends(ten())!].sort((a, b) => b[key] - a[key]).map(({y}) => y);
    assert.deepEqual(order('at'), order('y'));
  });

  it('carry a piece of their line where ends coincide, and only there', () => {
    const named = (fig: Figure) => JSON.stringify(fig.spec).includes('lineEndKeys');
    assert.ok(named(ten()));
    const apart = linesFigure([1, 5].map(y => ({name: `to ${y}`, x: [0, 1], y: [0, y]})), axes);
    assert.ok(!named(apart) && !JSON.stringify(apart.spec).includes('lineEndLeaders'));
  });

  it('are refused by name where they cannot stand, and can be told to stay in the legend', async () => {
    for (const what of ['panels that lack a line', 'a plot too low for its names']) {
      const {spec} = legends[what]();
      assert.ok(!('usermeta' in spec));
    }
    assert.throws(() => linesFigure([line('a', [0, 1], 'p'), line('b', [0, 1], 'q')], {...axes, labels: 'ends'}), {
      name: 'ArgumentError',
      message: /linesFigure: argument `labels` must be 'legend' with y axes of panels' own, lines missing in one/,
    });
    assert.equal(ends(ten('legend')), undefined);
    assert.equal(ends(await printed(ten('legend').spec, {width: 174})), undefined);
    assert.equal(ends(await printed(ten('legend').spec, {width: 174, labels: 'ends'}))!.length, 10);
    assert.equal(ends(await printed(ten().spec, {width: 174, labels: 'legend'})), undefined);
    await assert.rejects(printed(legends['names of a hundred letters']().spec, {width: 40, labels: 'ends'}), {
      name: 'ArgumentError', message: /printed: argument `labels` must be 'legend' for names that have no room/,
    });
  });

  it('stand in the last panel of each full row of several, without a legend, on screen and for print', async () => {
    const rows: readonly [number, string[]][] = [[2, ['p1']], [4, ['p1', 'p3']], [5, ['p2']]];
    for (const [panels, named] of rows) {
      assert.deepEqual(namedPanels(grid(panels)), named);
      const svg = await grid(panels).toSvg(), written = [...svg.matchAll(/>n\d</g)];
      assert.doesNotMatch(svg, /role-legend/);
      assert.equal(written.length, 4 * named.length);
    }
    const narrow = await printed(grid(3).spec, {width: 50});
    assert.deepEqual(namedPanels(narrow), ['p0', 'p1', 'p2']);
    assert.deepEqual(namedPanels(await printed(grid(2, {labels: 'legend'}).spec, {width: 174})), []);
    assert.deepEqual(namedPanels(await printed(grid(9).spec, {width: 50})), [], 'nine rows are too high');
  });

  it('leave headings of a row of panels on one level, wherever lines end', async () => {
    const high = linesFigure(range(2).flatMap(p => range(3).map(k =>
      ({name: `n${k}`, panel: `p${p}`, x: [0, 1], y: [0, p === 1 ? 10 - k / 10 : k]}))), axes);
    const heads = (await placedTexts(await high.toSvg())).filter(({text}) => /^p\d$/.test(text));
    assert.equal(heads.length, 2);
    assert.ok(Math.abs(heads[0].top - heads[1].top) < 0.5, JSON.stringify(heads));
  });

  it('are written in ink, whatever the colour of their line, in grey print too', async () => {
    for (const grey of [false, true]) {
      const {svg} = await printed(ten().spec, {width: 85, grey});
      const names = [...svg.matchAll(/<text [^>]*fill="([^"]*)"[^>]*>series \d/g)].map(([, colour]) => colour);
      assert.deepEqual([...new Set(names)], ['#222222']);
      assert.equal(names.length, 10);
    }
  });
});

/** Figures of lines as they come: few and many, long names, log axes, bands, ends that coincide, panels. */
function randomFigure(seed: number, most: number): {readonly fig: Figure; readonly names: readonly string[]} {
  const stream = uniform(rng(seed), 4000).values(), draw = () => stream.next().value!;
  const pick = <T>(from: readonly T[]) => from[Math.floor(draw() * from.length)];
  const count = 2 + Math.floor(draw() * 9), points = pick([2, 6, 12, 40]);
  const words = ['ridge', 'ObsNODE', 'on', 'the', 'full', 'history', 'WWWWW', 'persistence', 'as', 'written', 'γ = 4'];
  const names = range(count).map(k =>
    `${range(pick([1, 1, 2, 3, 7])).map(() => pick(words)).join(' ')} ${k}`);
  const together = pick([0, 0.3, 1]), last = draw(), log = pick([true, false]);
  const y = () => (log ? 10 ** (-6 * draw()) : 20 * draw() - 10);
  const common = log ? 10 ** (-6 * last) : 20 * last - 10;
  const lineOf = (name: string, panel?: string): LineSeries => {
    const values = range(points).map(y), end = draw() < together ? common : y();
    return {
      name, panel, x: range(points).map(k => (k + 1) * 10), y: [...values.slice(1), end],
      ...(seed % 5 === 0 ? {sd: range(points).map(() => Math.abs(end) / 4)} : {}),
    };
  };
  const panels = most > 1 ? range(2 + Math.floor(draw() * (most - 1))).map(p => `panel ${p}`) : [undefined];
  const series = panels.flatMap(panel => names.map(name => lineOf(name, panel)));
  const options: LinesOptions = {
    ...axes, title: pick(['Short', 'A title of several words that fills more than a line of a narrow column']),
    yScale: log ? 'log' : 'linear', xScale: pick(['log', 'linear']), zero: pick([true, false]),
    ...(seed % 7 === 0 ? {rules: [{axis: 'x', value: 10 * points, label: ''}]} : {}),
  };
  return {fig: linesFigure(series, options), names};
}

async function textsOf(seed: number, fig: Figure): Promise<{svg: string; drawn: {readonly spec: object}}> {
  const width = [undefined, 85, 174][seed % 3];
  if (width === undefined) return {svg: await fig.toSvg(), drawn: fig};
  const drawn = await printed(fig.spec, {width, font: 8, grey: seed % 2 === 0});
  return {svg: drawn.svg, drawn};
}

const kinds = {'of one panel': {most: 1, few: 100}, 'of two to six panels': {most: 6, few: 60}};

for (const [kind, {most, few}] of Object.entries(kinds)) {
  describe(`Two hundred random figures of lines ${kind}, on screen and 85 and 174 mm wide`, function () {
    this.timeout(600_000);
    let atEnds = 0;

    for (const part of range(10)) it(`keep names whole, apart and on the page: figures ${20 * part} on`, async () => {
      for (let seed = 20 * part; seed < 20 * part + 20; seed++) {
        const {fig, names} = randomFigure(seed, most), {svg, drawn} = await textsOf(seed, fig);
        const texts = await placedTexts(svg);
        const [left, , width, height] = /viewBox="([^"]+)"/.exec(svg)![1].split(' ').map(Number), right = left + width;
        assert.deepEqual(overlaps(texts), [], `figure ${seed}`);
        const beyond = texts.filter(text => text.left < left - 1 || text.right > right + 1 || text.bottom > height);
        assert.deepEqual(beyond, [], `figure ${seed}`);
        const written = texts.map(({text}) => text).join(' ');
        for (const name of names) assert.ok(written.includes(name), `figure ${seed}: ${name}`);
        if (ends(drawn) ?? namedPanels(drawn)[0]) atEnds += 1;
      }
    });

    it('name most lines, or many, at their ends', () => assert.ok(atEnds > few, `${atEnds} of 200`));
  });
}


describe('A figure drawn before', () => {
  it('keeps its own dashes and marks in the legend and at the ends, whatever lines have by now', async () => {
    // as the first line was drawn with squares, the second with circles
    const fig = ten();
    const swapped = JSON.stringify(fig.spec).replaceAll('\\"circle\\",\\"square\\"', '\\"square\\",\\"circle\\"');
    const other = JSON.parse(swapped) as typeof fig.spec;
    for (const labels of ['legend', 'ends'] as const) {
      const [now, then] = await Promise.all([fig.spec, other].map(async spec =>
        symbols((await printed(spec, {width: 174, labels})).svg).map(([, outline]) => outline)));
      const keys = (all: readonly string[]) => all.filter(outline => outline.split('M').length > 2).sort();
      assert.ok(keys(now).length >= 10);
      assert.notDeepEqual(keys(then), keys(now));
    }
  });
});
