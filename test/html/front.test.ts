import assert from 'node:assert/strict';
import {cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {shownIn} from '../../kernels/figures/shipped';
import {sheetsIn} from '../../kernels/html/front/committed';
import {paperCoverage} from '../../kernels/html/front/coverage';
import {evidence, find} from '../../kernels/html/front/evidence';
import {
  messageAt, messageText, MESSAGE_AXES, type MessageGrid, type MessagePlace,
} from '../../kernels/html/front/message';
import {drawMessage} from '../../kernels/html/front/drawMessage';
import {resultsOf, textTable} from '../../kernels/html/front/results';
import {writeSite} from '../../kernels/html/writeSite';
import {readNotebook, type Notebook} from '../../kernels/nbformat/notebook';
import {compareLinear, linearStateSpace, regressionBias} from '../../lib/causal';
import {FILE, messageGrid} from './messageGrid';

const NOTEBOOKS = resolve(__dirname, '../../notebooks');
const grid = JSON.parse(readFileSync(FILE, 'utf8')) as MessageGrid & {source: string};

/** Place of the sliders with these values. */
const placeOf = (values: Record<string, number>): MessagePlace => Object.fromEntries(MESSAGE_AXES.map(axis =>
  [axis, grid.axes[axis].indexOf(values[axis])])) as unknown as MessagePlace;

describe('The moving figure of the front page', () => {
  it('holds what the library computes, at every place of the sliders', () => {
    const {source, ...stored} = grid;
    assert.equal(source, 'test/html/messageGrid.ts');
    assert.deepEqual(stored, JSON.parse(JSON.stringify(messageGrid())));
    assert.equal(grid.bias.length, 5 * 7 * 5 * 16);
  });

  it('says at each place what regression and equation (4) say there', () => {
    for (const values of [
      {confounding: 1, decay: 0.9, stateNoise: 0.3, visits: 2}, {confounding: 2, decay: 1.1, stateNoise: 0, visits: 12},
      {confounding: 0, decay: 0.8, stateNoise: 0.5, visits: 1},
    ]) {
      const {regression, truth, at} = messageAt(grid, placeOf(values));
      assert.deepEqual(at, values);
      assert.ok(Math.abs(regression - truth - regressionBias({effect: truth, ...values})) <= 0.5001 * grid.unit);
      const {visits, ...numbers} = values, scm = linearStateSpace({effect: truth, steps: visits + 1, ...numbers});
      const {formula, truth: surgery} = compareLinear(scm, visits - 1), dose = `A${visits - 1}`;
      for (const answer of [formula, surgery]) assert.ok(Math.abs(answer.coefficients[dose] - truth) < 1e-9);
    }
  });

  it('tells in words what it draws, and keeps inside its axes everywhere', () => {
    const text = messageText(grid, placeOf({confounding: 1, decay: 0.9, stateNoise: 0.3, visits: 2}));
    assert.match(text, /After 2 measurements .* by −0\.45; in truth, .* −0\.20\. Regression is off by 0\.25/);
    assert.match(messageText(grid, placeOf({confounding: 0, decay: 0.9, stateNoise: 0.3, visits: 1})),
      /After 1 measurement the .* Nothing is hidden from the record, and regression is right\./);
    assert.ok(grid.bias.every(b => grid.effect + b * grid.unit > -0.9 && b <= 0));
    const {answers, state} = drawMessage(grid, placeOf({confounding: 2, decay: 1.1, stateNoise: 0.5, visits: 1}),
      {answers: 340, state: 300});
    for (const svg of [answers, state]) assert.doesNotMatch(svg, /NaN|undefined|Infinity/);
    assert.match(answers, /regression: −0\.81/);
  });
});

/** What a line of notebook 00's list names: `Tables 9 to 11` are three, `(2) to (4)` as well. */
function listed(text: string): Set<string> {
  const range = (from: string, to: string) => {
    const letter = /[a-z]$/.test(from);
    const value = (name: string) => (letter ? name.charCodeAt(name.length - 1) : Number(name));
    return Array.from({length: value(to) - value(from) + 1}, (_, k) =>
      (letter ? from.slice(0, -1) + String.fromCharCode(value(from) + k) : String(value(from) + k)));
  };
  const found = new Set([...text.matchAll(/(?:Figure|Table|Theorem|Definition) [\d.]+/g)].map(([name]) => name));
  for (const [, first, word, last] of text.matchAll(/Tables (\d+) (to|and) (\d+)/g))
    (word === 'to' ? range(first, last) : [first, last]).forEach(n => found.add(`Table ${n}`));
  for (const [, first, last = first] of text.matchAll(/\((\d+[a-z]?)\)(?: to \((\d+[a-z]?)\))?/g))
    range(first, last).forEach(n => found.add(`(${n})`));
  return found;
}

describe('The coverage table', () => {
  const sheets = sheetsIn(NOTEBOOKS);

  it('has every figure, table, definition, theorem and numbered equation of the paper once', () => {
    const numbered = ['(1a)', '(1b)', '(1c)', '(8a)', '(8b)', '(9a)', '(9b)',
      ...[2, 3, 4, 5, 6, 7, 10, 11, 12].map(n => `(${n})`)];
    const paper = [...[1, 2, 3, 4].map(n => `Figure ${n}`),
      ...Array.from({length: 11}, (_, k) => `Table ${k + 1}`), 'Definition 3.1', 'Theorem 3.2', ...numbered];
    const items = paperCoverage().map(({item}) => item);
    assert.equal(new Set(items).size, items.length);
    assert.deepEqual(paper.filter(item => !items.includes(item)), []);
    assert.deepEqual(items.filter(item => !paper.includes(item)).sort(), [
      'Bernoulli policy (A.3.2)', 'cost (A.5)', 'delta law (4.1)', 'imputation (A.2)', 'loss (4.3)', 'recursion (A.2)',
    ]);
  });

  for (const item of paperCoverage()) it(`${item.item}: its places exist, what came out is in a notebook`, () => {
    assert.ok(item.at.length > 0);
    assert.deepEqual(item.at.filter(place => !find(sheets, place)), []);
    assert.equal(evidence(sheets, item).length, item.said?.length ?? 0, JSON.stringify(evidence(sheets, item)));
  });

  it('agrees with the list of notebook 00: what stands there, and on which page', () => {
    const {cells} = sheets.find(({stem}) => stem.startsWith('00'))!.notebook;
    const guide = cells.map(({source}) => [source].flat().join(''))
      .find(source => source.includes('## Which part of the paper stands where'))!;
    const rows = guide.split('\n').filter(line => /^\| \w/.test(line)).map(line => ({
      names: listed(line.split('|')[1]), pages: [...line.matchAll(/\[(\d+\w?)\]\(/g)].map(([, page]) => page),
    }));
    const numbered = paperCoverage().filter(({item}) => !/[a-z] \(|A\.3/.test(item));
    assert.equal(numbered.length, 4 + 11 + 2 + 16);
    for (const {item, at} of numbered) {
      const here = rows.filter(({names}) => names.has(item) || names.has(item.replace(/[ab]\)$/, ')')));
      assert.equal(here.length, 1, item);
      assert.ok(at.some(place => here[0].pages.includes(place.split('/')[0])), item);
    }
  });

  it('reads numbers by table, heading, row, source and column, and invents none', () => {
    const [sheet] = [{...sheets[0], notebook: {...sheets[0].notebook, cells: [{
      cell_type: 'code' as const, metadata: {}, source: '', outputs: [{
        output_type: 'display_data' as const, metadata: {}, data: {
          'text/plain': 'T\nmethod    source  s = 1\n--------  ------  -----\ng = 1\nours      a       1 ± 1 *\ng = 2\n'
            + 'ours      a       2\nours [1]  b       3',
        },
      }],
    }]}}];
    const said = (more: object) => evidence([sheet], {
      item: 'x', about: '', how: '', at: ['00/x'],
      said: [{table: 'T', row: 'ours', column: 's = 1', as: 'n', ...more}],
    }).map(({value}) => value);
    assert.deepEqual(said({}), ['1 ± 1']);
    assert.deepEqual(said({group: 'g = 2'}), ['2']);
    assert.deepEqual(said({group: 'g = 2', source: 'b'}), ['3']);
    assert.deepEqual([said({row: 'theirs'}), said({column: 's = 2'}), said({table: 'U'})], [[], [], []]);
  });
});

describe('Figures and tables of a notebook', () => {
  it('have the names by which npm run figure draws them', () => {
    for (const {stem, notebook, results} of sheetsIn(NOTEBOOKS)) {
      const drawn = shownIn(stem, notebook).filter(({shown}) => shown.kind === 'figure').map(({name}) => name);
      assert.deepEqual(results.filter(({kind}) => kind === 'figure').map(({name}) => name), drawn, stem);
    }
  });

  it('are all of those that its committed outputs hold', () => {
    for (const {notebook, stem, results} of sheetsIn(NOTEBOOKS)) {
      const bundles = notebook.cells.flatMap(({outputs = []}) => outputs.flatMap(output =>
        ('data' in output ? [output.data] : [])));
      const figures = bundles.filter(data => 'image/png' in data).length;
      assert.equal(results.filter(({kind}) => kind === 'figure').length, figures, stem);
      const tables = bundles.filter(data => String(data['text/html'] ?? '').includes('<table')).length;
      const provenance = bundles.filter(data => /^what +value/.test(String(data['text/plain']))).length;
      assert.equal(results.filter(({kind}) => kind === 'table').length, tables - provenance, stem);
      assert.equal(new Set(results.map(({kind, name}) => kind + name)).size, results.length, stem);
    }
  });

  it('are called as their output says, else as the source says, else by notebook and place', () => {
    const figure = (metadata: object) =>
      ({output_type: 'display_data', metadata, data: {'image/png': 'AAAA', 'text/plain': 'A title\nwords'}});
    const cell = (source: string, ...outputs: object[]) =>
      ({cell_type: 'code', id: 'c', metadata: {}, source, outputs});
    const cells = [
      cell('x', figure({obsnode: {name: 'given'}})), cell('await publish(f, \'stated\');', figure({})),
      cell('y', figure({}), figure({obsnode: {name: '../evil'}})), cell('z', figure({obsnode: {name: 'given'}})),
    ];
    const named = resultsOf({nbformat: 4, nbformat_minor: 5, metadata: {}, cells} as unknown as Notebook, '07-x');
    assert.deepEqual(named.map(({name}) => name), ['given', 'stated', '07-figure-1', '07-figure-2', 'given-2']);
    assert.deepEqual(named[0].title, 'A title');
  });

  it('tables are read back from their text', () => {
    assert.deepEqual(textTable('T\n\na   b c\n--  ---\n1   x y\n2\n\nnote'),
      {heads: ['a', 'b c'], rows: [['1', 'x y'], ['2', '']]});
    assert.equal(textTable('no table'), undefined);
  });
});

describe('The written front page', function () {
  this.timeout(600_000);
  let out: string;
  const read = (name: string) => readFileSync(join(out, name), 'utf8');
  before(async () => {
    out = mkdtempSync(join(tmpdir(), 'obsnode front '));
    mkdirSync(join(out, 'notebooks'));
    cpSync(join(NOTEBOOKS, '04-cancer-data.ipynb'), join(out, 'notebooks', '04-cancer-data.ipynb'));
    await writeSite(out);
  });
  after(() => rmSync(out, {recursive: true}));

  it('and the gallery lead nowhere but to files and anchors that are there', () => {
    for (const name of ['index.html', 'gallery.html']) {
      const links = [...read(name).matchAll(/ (?:href|src)="([^"]+)"/g)].map(([, link]) => link.replace(/&amp;/g, '&'))
        .filter(link => !/^https:/.test(link));
      assert.ok(links.length > 100, name);
      for (const link of new Set(links)) {
        const [path, anchor] = link.split('#').map(decodeURIComponent);
        const page = path === '' ? name : path;
        assert.ok(statSync(join(out, page)).isFile(), link);
        if (anchor) assert.ok(read(page).includes(` id="${anchor}"`), link);
      }
    }
  });

  it('the gallery shows every figure and table once, and the reader\'s run beside the published one', () => {
    const gallery = read('gallery.html');
    for (const {stem, results} of sheetsIn(NOTEBOOKS)) {
      const shelf = gallery.slice(gallery.indexOf(`id="shelf-${stem}"`)).split('</section>')[0];
      assert.deepEqual([...shelf.matchAll(/data-name="([^"]+)"/g)].map(([, name]) => name).sort(),
        results.map(({name}) => name).sort(), stem);
      assert.equal(shelf.split('class="badge own"').length - 1, stem === '04-cancer-data' ? results.length : 0, stem);
    }
  });

  it('figures have picture, drawing, numbers and specification, and pages share the pictures', () => {
    const files = readdirSync(join(out, 'full', 'figures'));
    for (const ending of ['png', 'svg', 'csv', 'vl.json']) assert.ok(files.includes(`figure-2.${ending}`), ending);
    const count = (ending: string) => files.filter(file => file.endsWith(ending)).length;
    assert.equal(count('.svg'), count('.png'));
    assert.doesNotMatch(read('full/notebooks/07-figure-2-table-1.html'), /src="data:image/);
    assert.match(read('full/notebooks/07-figure-2-table-1.html'), /src="\.\.\/figures\/figure-2\.png"/);
  });

  it('is light: at most 200 kB before the first picture', () => {
    const sizes = ['index.html', 'assets/front.css', 'assets/front.js'].map(name => statSync(join(out, name)).size);
    console.log(`      index, style, script: ${sizes.join(', ')} bytes`);
    assert.ok(sizes.reduce((a, b) => a + b) < 200_000);
  });

  it('tells what it shows without scripts, and labels every slider', () => {
    const index = read('index.html');
    assert.match(index, /aria-live="polite">After 3 measurements/);
    for (const axis of MESSAGE_AXES) assert.match(index, new RegExp(`<label for="message-${axis}">`));
    assert.match(index, /<svg class="answers"[^>]*>.*regression: −0\.\d\d/);
  });
});

describe('Names and titles from notebooks', function () {
  this.timeout(60_000);
  const evil = '<script>alert(1)</script>';

  it('are text on every page that is written of them', async () => {
    const out = mkdtempSync(join(tmpdir(), 'obsnode evil ')), committed = join(out, 'committed');
    try {
      mkdirSync(committed);
      const notebook = {
        nbformat: 4, nbformat_minor: 5, metadata: {obsnode: {profile: evil}}, cells: [
          {cell_type: 'markdown', id: evil, metadata: {}, source: `# ${evil}`},
          {cell_type: 'code', id: evil, metadata: {}, source: '', execution_count: 1, outputs: [
            {output_type: 'display_data', metadata: {obsnode: {name: evil}}, data: {
              'image/png': 'AAAA', 'text/plain': `${evil}\n${evil}`, 'application/vnd.vegalite.v5+json': {title: evil},
            }},
            {output_type: 'display_data', metadata: {}, data: {
              'text/html': `<table><caption>${evil}</caption></table>`,
              'text/plain': `${evil}\n\n${evil}\n---\n${evil}`,
            }},
          ]},
        ],
      };
      for (const folder of [committed, join(out, 'notebooks')]) {
        mkdirSync(folder, {recursive: true});
        writeFileSync(join(folder, '00-evil.ipynb'), JSON.stringify(notebook));
      }
      writeFileSync(join(committed, '01-broken.ipynb'), '{');
      await writeSite(out, committed);
      for (const page of ['index.html', 'gallery.html', 'full/notebooks/00-evil.html', 'notebooks/00-evil.html']) {
        const html = readFileSync(join(out, page), 'utf8');
        assert.doesNotMatch(html, /<script>alert/, page);
        assert.match(html, /&lt;script&gt;alert/, page);
      }
      assert.deepEqual(readdirSync(join(out, 'full', 'figures')).filter(name => /script|\//.test(name)), []);
    } finally {
      rmSync(out, {recursive: true});
    }
  });
});

it('a notebook without outputs has neither figures nor tables', () => {
  const {cells, ...rest} = readNotebook(join(NOTEBOOKS, '01-problem.ipynb'));
  assert.deepEqual(resultsOf({...rest, cells: cells.map(({outputs: _, ...cell}) => cell)}, '01-problem'), []);
});
