import assert from 'node:assert/strict';
import {
  copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join, resolve} from 'node:path';
import {notebookPage} from '../../kernels/html/notebookPage';
import {references, referenceAt} from '../../kernels/html/references';
import {sourcePages} from '../../kernels/html/sources';
import {symbolsIn, names, normal} from '../../kernels/html/symbols';
import {writeSite} from '../../kernels/html/writeSite';
import type {Notebook} from '../../kernels/nbformat/notebook';

const ROOT = resolve(__dirname, '../..');

/** A notebook with these cells; a string is Markdown. */
function notebook(...cells: (string | {readonly source?: string; readonly outputs: readonly object[]})[]): Notebook {
  return {nbformat: 4, nbformat_minor: 5, metadata: {}, cells: cells.map((cell, k) => (typeof cell === 'string'
    ? {cell_type: 'markdown' as const, id: `c${k}`, metadata: {}, source: cell}
    : {cell_type: 'code' as const, id: `c${k}`, metadata: {}, execution_count: k, source: '', ...cell})) as never};
}

const shown = (data: object, metadata: object = {}) => ({outputs: [{output_type: 'display_data', data, metadata}]});
const HOSTILE = '</script><script>alert(1)</script><img src=x onerror=alert(1)>';
const PIXEL = 'iVBORw0KGgo=';

/** A site of the committed notebooks, written once for all tests. */
describe('The site', function () {
  this.timeout(240_000);
  let out: string;
  const pages = new Map<string, string>();

  before(async () => {
    out = mkdtempSync(join(tmpdir(), 'obsnode site '));
    for (const folder of ['notebooks', 'figures']) mkdirSync(join(out, folder));
    for (const name of readdirSync(join(ROOT, 'notebooks')).filter(file => file.endsWith('.ipynb')))
      copyFileSync(join(ROOT, 'notebooks', name), join(out, 'notebooks', name));
    writeFileSync(join(out, 'figures', 'figure-2.svg'), '<svg/>');
    await writeSite(out);
    for (const file of readdirSync(out, {recursive: true}).map(String).filter(name => name.endsWith('.html')))
      pages.set(join(out, file), readFileSync(join(out, file), 'utf8'));
  });

  after(() => rmSync(out, {recursive: true}));

  const idsOf = (html: string) => [...html.matchAll(/<[a-z][^<>]*? id="([^"]*)"/g)].map(([, id]) => id);

  it('has no link that leads nowhere: every file and every place in it is there', () => {
    const ids = new Map([...pages].map(([path, html]) => [path, new Set(idsOf(html))])), dead: string[] = [];
    for (const [path, html] of pages) {
      for (const [, href] of html.matchAll(/ (?:href|src)="([^"]*)"/g)) {
        if (/^(https?:|data:)/.test(href)) continue;
        const [file, place] = href.replaceAll('&amp;', '&').split('#').map(decodeURIComponent);
        const target = file === '' ? path : resolve(dirname(path), file);
        if (!existsSync(target) || (place !== undefined && !ids.get(target)?.has(place))) dead.push(`${path}: ${href}`);
      }
    }
    assert.deepEqual(dead, []);
    assert.ok([...pages.values()].some(html => html.includes('href="../source/lib/studies/cancer/questions.ts.html')));
  });

  it('has no id twice on a page', () => {
    for (const [path, html] of pages) {
      const ids = idsOf(html);
      assert.deepEqual(ids.filter((id, k) => ids.indexOf(id) !== k), [], path);
    }
  });

  it('has pages of at most 1.5 MB with all that they load, figures and their data apart', () => {
    const size = (file: string) => statSync(join(out, 'assets', file)).size;
    const assets = ['page.css', 'katex.min.css', 'theme.js', 'site.js', 'charts.js'];
    const loaded = assets.reduce((sum, file) => sum + size(file), 0);
    for (const [path, html] of pages) {
      const text = html.replace(/src="data:[^"]*"|<script type="application\/json">[\s\S]*?<\/script>/g, '');
      assert.ok(Buffer.byteLength(text) + loaded <= 1_500_000, `${path}: ${Buffer.byteLength(text)} and ${loaded}`);
    }
  });

  it('loads nothing but its own files, by what every page forbids itself', () => {
    for (const [path, html] of pages) {
      assert.match(html, /http-equiv="Content-Security-Policy" content="default-src 'none';/, path);
      assert.doesNotMatch(html, /unsafe-eval|script-src[^;]*(?:unsafe-inline|http)/, path);
    }
  });

  it('leads from page to page in reading order, and back to the front', () => {
    const html = pages.get(join(out, 'notebooks', '02-adjustment-formula.html'))!;
    assert.match(html, /<a rel="prev" href="01-problem\.html">/);
    assert.match(html, /<a rel="next" href="0[23]\w?-[\w-]+\.html">/);
    assert.match(html, /<a class="home" href="\.\.\/assets\/\.\.\/index\.html">/);
    assert.match(html, /<a href="#the-equations">The equations<\/a>/);
  });

  it('has every numbered equation of a page under its number, and references to it linked', () => {
    const html = pages.get(join(out, 'notebooks', '02-adjustment-formula.html'))!;
    for (const number of ['2', '3', '4', '6', '7']) assert.ok(idsOf(html).includes(`eq-${number}`), number);
    assert.match(html, /equation <a href="#eq-4">\(4\)<\/a>/);
    const other = pages.get(join(out, 'notebooks', '03-observable-normal-form.html'))!;
    assert.match(other, /<a href="02-[\w-]+\.html#eq-4" data-card="card-eq-4">\(4\)<\/a>/);
    assert.match(other, /<div id="card-eq-4">/);
  });

  it('says on each page how it was made', () => {
    for (const [path, html] of pages) {
      if (dirname(path) !== join(out, 'notebooks')) continue;
      assert.match(html, /<section class="provenance"[^>]*><dl><dt>code<\/dt><dd>[0-9a-f]{7,}/, path);
      assert.match(html, /<dt>profile<\/dt><dd>full<\/dd>/, path);
    }
  });

  it('gives every figure what it shows as words, a number and a place', () => {
    for (const [path, html] of pages) {
      const figures = [...html.matchAll(/<figure id="figure-(\d+)" class="figure">[\s\S]*?<img alt="([^"]*)"/g)];
      assert.deepEqual(figures.map(([, n]) => Number(n)), figures.map((_, k) => k + 1), path);
      for (const [, n, alt] of figures) assert.ok(alt.length > 20, `${path}: figure ${n}: ${alt}`);
    }
  });
});

describe('A page', () => {
  it('links a published figure to the files that are there', () => {
    const cell = shown({'image/png': PIXEL, 'text/plain': 'Title\nWords'}, {obsnode: {name: 'figure-2'}});
    const out = mkdtempSync(join(tmpdir(), 'obsnode-files-'));
    try {
      for (const folder of ['notebooks', 'figures']) mkdirSync(join(out, folder));
      for (const ending of ['svg', 'vl.json']) writeFileSync(join(out, 'figures', `figure-2.${ending}`), '');
      writeFileSync(join(out, 'notebooks', '07-a.ipynb'), JSON.stringify(notebook('# A', cell)));
      return writeSite(out, join(out, 'none')).then(() => {
        const html = readFileSync(join(out, 'notebooks', '07-a.html'), 'utf8');
        assert.match(html, /<a class="number" href="#figure-1">Figure 7\.1<\/a> Title/);
        assert.match(html, /<a href="\.\.\/figures\/figure-2\.svg">SVG<\/a> <a href="[^"]*vl\.json">spec<\/a>/);
        assert.doesNotMatch(html, /figure-2\.pdf/);
      }).finally(() => rmSync(out, {recursive: true}));
    } catch (error) {
      rmSync(out, {recursive: true, force: true});
      throw error;
    }
  });

  it('keeps hostile names, titles, labels and data of charts as text', () => {
    const spec = {title: HOSTILE, data: {values: [{x: HOSTILE}]}, mark: 'point', encoding: {x: {field: 'x'}}};
    const html = notebookPage(notebook(`# ${HOSTILE}`, `## ${HOSTILE} (4)`, shown({
      'image/png': PIXEL, 'text/plain': HOSTILE, 'application/vnd.vegalite.v5+json': spec,
    }, {obsnode: {name: HOSTILE}}), shown({'text/html': `<table><caption>${HOSTILE}</caption><tr><td>1</table>`}),
    shown({'text/markdown': HOSTILE})), HOSTILE);
    assert.equal(html.match(/<script/g)!.length, 3, 'theme, site and the data of one chart');
    assert.doesNotMatch(html, /<img src=x/);
    const data = /<script type="application\/json">([\s\S]*?)<\/script>/.exec(html)![1];
    assert.ok(JSON.stringify(JSON.parse(data)).includes(JSON.stringify(HOSTILE)), 'the data come through');
  });

  it('folds long code under its first line that says something, and nothing short', () => {
    const long = Array.from({length: 20}, (_, k) => `const a${k} = ${k};`).join('\n');
    const source = `/**\n * Says.\n */\n${long}`;
    const html = notebookPage(notebook({source, outputs: []}, {source: 'short', outputs: []}), 'x');
    assert.equal(html.match(/<details/g)!.length, 1);
    assert.match(html, /<summary><code><span class="hljs-comment">[^<]*Says/);
    assert.match(html, /23 lines/);
  });

  it('folds the answers to exercises below their heading, and no other text', () => {
    const [text, answers] = notebook('## Exercises\n\n1. Why?', '## Answers\n\n1. Because.').cells;
    const page = notebookPage({...notebook(), cells: [text, {...answers, metadata: {tags: ['answer']}}]}, '01-a');
    assert.match(page, /Answers.*<\/h2>\s*<details><summary>Show the answers<\/summary>\s*<ol>\s*<li>Because\./);
    assert.equal(page.match(/<details>/g)?.length, 1);
  });

  it('shows links to what is not there as text', () => {
    const links = '[a](99-none.ipynb) [b](../lib/none.ts) [c](../../secret.md) [d](mailto:a@b.c)';
    const html = notebookPage(notebook(links), 'x');
    assert.match(html, /<p>a b c <a href="mailto:a@b\.c">d<\/a><\/p>/);
  });

  it('says of a computed text from which cell it is', () => {
    const html = notebookPage(notebook('# A', shown({'text/markdown': 'error **0.5**'})), 'x');
    assert.match(html, /<a class="origin" href="#cell-c1" aria-label="Computed by cell 1"/);
  });

  it('numbers a table and takes its caption', () => {
    const table = '<table>\n<caption>Errors</caption>\n<tr><th></th></tr></table>';
    const html = notebookPage(notebook(shown({'text/html': table})), '07-x');
    assert.match(html, /<figure id="table-1" class="table"><figcaption><a class="number" href="#table-1">Table 7\.1</);
    assert.match(html, /<\/a> Errors<\/figcaption>/);
    assert.match(html, /<tr><td><\/td><\/tr>/);
  });

  it('keeps the ids of headings apart from its own', () => {
    const html = notebookPage(notebook('# main', '## cell c0', '## Eq 4', '## Eq 4'), 'x');
    for (const id of ['section-main', 'section-cell-c0', 'section-eq-4', 'section-eq-4-2'])
      assert.ok(html.includes(`id="${id}"`), id);
  });
});

describe('What pages refer to', () => {
  it('symbols are read from tables, several names in one cell', () => {
    const [row] = symbolsIn('| paper | code | meaning |\n|---|---|---|\n| $\\boldsymbol Y_t, y_{t}$ | `x` | seen |');
    assert.deepEqual([names(row), row.meaning, row.more], [['Y_t', 'y_t'], 'seen', [['code', '`x`']]]);
    assert.equal(normal('p(z \\mid \\, y)'), 'p(z\\midy)');
  });

  it('works are found by any form of their address, each once', () => {
    assert.equal(referenceAt('http://dx.doi.org/10.1093/BIOMET/82.4.669')?.id, 'pearl-1995');
    assert.equal(referenceAt('https://arxiv.org/abs/2604.26070v2')?.id, 'wendland-2026');
    assert.equal(new Set(references().map(({id}) => id)).size, references().length);
    assert.equal(new Set(references().map(({url}) => url.toLowerCase())).size, references().length);
  });

  it('copies are made of texts of the project alone', () => {
    const {address} = sourcePages();
    assert.equal(address('lib/files.ts'), 'source/lib/files.ts.html');
    for (const path of [
      '../etc/passwd', 'lib/../../x.ts', 'data/cache/ward/visits.csv', '.git/config', 'node_modules/a/a.ts',
      'lib/none.ts', 'lib', '/etc/passwd',
    ]) assert.equal(address(path), null, path);
  });
});
