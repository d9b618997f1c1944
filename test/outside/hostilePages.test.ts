import assert from 'node:assert/strict';
import {mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {cleanHtml} from '../../kernels/html/clean';
import {renderMarkdown} from '../../kernels/html/markdown';
import {notebookPage} from '../../kernels/html/notebookPage';
import {POLICY} from '../../kernels/html/page';
import {writeSite} from '../../kernels/html/writeSite';
import type {Notebook} from '../../kernels/nbformat/notebook';
import {tableBundle} from '../../lib/notebook/mime';
import {resultTable} from '../../lib/figures';

interface Node {
  readonly tagName?: string;
  readonly attrs?: readonly {readonly name: string; readonly value: string}[];
  readonly childNodes?: readonly Node[];
  readonly content?: Node;
}

/** A parser that reads pages as browsers do. */
const html = async (): Promise<{parse(text: string): Node}> =>
  import('parse5' as string) as Promise<{parse(text: string): Node}>;

function* elements(node: Node): Generator<Node> {
  if (node.tagName) yield node;
  for (const child of [...(node.childNodes ?? []), ...(node.content ? [node.content] : [])]) yield* elements(child);
}

const ACTIVE = new Set([
  'script', 'iframe', 'frame', 'object', 'embed', 'applet', 'form', 'input', 'button', 'base', 'template', 'audio',
  'video', 'foreignobject', 'animate', 'set', 'use', 'style', 'noscript', 'portal',
]);

/** The site's own scripts, by address, and data in a form that no browser runs. */
function isOwnScript({tagName, attrs = [], childNodes = []}: Node): boolean {
  const said = Object.fromEntries(attrs.map(({name, value}) => [name, value]));
  if (tagName !== 'script') return false;
  if (/^[./]*assets\/(?:theme|site|front)\.js$/.test(said.src ?? '')) return childNodes.length === 0;
  const text = childNodes.map(child => (child as {value?: string}).value ?? '').join('');
  return said.type === 'application/json' && attrs.length === 1 && !text.includes('<') && Boolean(JSON.parse(text));
}

/** Sliders and buttons of the moving figure: they send nothing. */
const isOwnControl = ({tagName, attrs = []}: Node): boolean => attrs.some(({name, value}) => name === 'type'
  && (tagName === 'input' && value === 'range' || tagName === 'button' && value === 'button'));

/** Everything of a page that runs, loads or leads where it should not. */
async function dangers(page: string): Promise<string[]> {
  const {parse} = await html(), found: string[] = [];
  for (const element of elements(parse(page))) {
    const {tagName = '', attrs = []} = element;
    if (isOwnScript(element)) continue;
    if (ACTIVE.has(tagName.toLowerCase()) && !isOwnControl(element)) found.push(`<${tagName}>`);
    const harmless = ['viewport', 'width=device-width, initial-scale=1', 'Content-Security-Policy', POLICY];
    if (tagName === 'meta' && !attrs.every(({name, value}) => name === 'charset' || harmless.includes(value)))
      found.push('<meta>');
    if (tagName === 'link' && !attrs.some(({value}) => /^[./]*assets\/[a-z.]+css$/.test(value))) found.push('<link>');
    for (const {name, value} of attrs) {
      if (/^on/i.test(name) || ['srcdoc', 'formaction', 'action', 'srcset', 'background', 'ping'].includes(name))
        found.push(`${tagName}.${name}`);
      if (['href', 'src', 'xlink:href'].includes(name)
          && !/^(https?:|data:image\/(png|svg\+xml|gif|jpeg)[;,]|mailto:|[^:]*$)/i.test(value.trim()))
        found.push(`${tagName}.${name}=${value}`);
      if (name === 'style' && /url|expression|import|position/i.test(value)) found.push(`${tagName}.style=${value}`);
    }
  }
  return found;
}

const PAYLOADS = [
  '<script>alert(1)</script>', '"><script>alert(1)</script>', "'><img src=x onerror=alert(1)>",
  '<img src=x onerror=alert(1)>', '<svg onload=alert(1)>', '<svg><script>alert(1)</script></svg>',
  '</title><script>alert(1)</script>', '</pre></div></section></main><script>alert(1)</script>',
  '<iframe src="javascript:alert(1)"></iframe>', '[click](javascript:alert(1))',
  '[click](JaVaScRiPt&#58;alert(1))', '<a href="javascript:alert(1)">x</a>', '<a href=" java\nscript:alert(1)">x</a>',
  '<a href="&#106;avascript:alert(1)">x</a>', '![x](javascript:alert(1))',
  '[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)', '$\\href{javascript:alert(1)}{x}$',
  '$$<script>alert(1)</script>$$', '```"><script>alert(1)</script>\nx\n```',
  '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>', '<table><td style="background:url(javascript:alert(1))">', '<div style="position:fixed;inset:0">', '<style>@import "http://e.x"</style>',
  '<b onmouseover=alert(1)>x</b>', '<b\tonclick\n=\nalert(1)>x', '<img/src="x"/onerror=alert(1)>',
  '<<script>script>alert(1)<</script>/script>', '<!--><script>alert(1)</script>-->',
  '\u0000<scr\u0000ipt>alert(1)</script>',
  '" onmouseover="alert(1)', '<meta http-equiv="refresh" content="0;url=http://e.x">', '<base href="http://e.x/">', '<form action="http://e.x"><input name=a></form>', '<link rel=stylesheet href="http://e.x">',
  '<details open ontoggle=alert(1)>', '<object data="http://e.x"></object>', '<a constructor=x __proto__=y toString=z>x</a>', '\u001b[31m<script>alert(1)</script>\u001b[0m',
];

/** Every field of the nbformat 4.5 schema that may hold a text, of every type of cell and output. */
const complete = {
  nbformat: 4, nbformat_minor: 5,
  metadata: {
    kernelspec: {name: 'text', display_name: 'text', language: 'text'}, orig_nbformat: 4, title: 'text',
    authors: [{name: 'text'}], obsnode: {profile: 'text', commit: 'text'},
    language_info: {
      name: 'text', codemirror_mode: 'text', file_extension: 'text', mimetype: 'text', pygments_lexer: 'text',
    }, widgets: {'application/vnd.jupyter.widget-state+json': {state: {a: {model_name: 'text'}}}},
  },
  cells: [
    {
      cell_type: 'markdown', id: 'text', metadata: {name: 'text', tags: ['text'], jupyter: {source_hidden: false}},
      attachments: {'text': {'image/png': 'text'}}, source: '# text',
    },
    {cell_type: 'markdown', id: 'text', metadata: {}, source: ['text\n', 'text']},
    {cell_type: 'raw', id: 'text', metadata: {format: 'text'}, attachments: {}, source: 'text'},
    {cell_type: 'code', id: 'text', metadata: {
      scrolled: 'auto', collapsed: false, name: 'text', tags: ['text'], vscode: {languageId: 'text'},
    }, execution_count: 1, source: 'text', outputs: [
      {output_type: 'stream', name: 'text', text: ['text\n', 'text']},
      {output_type: 'error', ename: 'text', evalue: 'text', traceback: ['text', 'text']},
      {output_type: 'error', ename: 'text', evalue: 'text', traceback: []},
      {
        output_type: 'execute_result', execution_count: 1, data: {'text/plain': 'text'},
        metadata: {'text/plain': {isolated: 'text'}},
      },
      ...[
        'image/svg+xml', 'image/png', 'image/jpeg', 'text/html', 'text/markdown', 'text/latex', 'text/plain',
        'application/json', 'application/javascript', 'application/vnd.vegalite.v5+json',
        'application/vnd.jupyter.widget-view+json',
      ].map(type => ({
        output_type: 'display_data',
        data: {[type]: type.endsWith('json') ? {value: 'text', data: {url: 'text'}} : 'text'},
        metadata: {[type]: {width: 'text', height: 'text'}},
      })),
      {output_type: 'text', data: {text: 'text'}, metadata: {text: 'text'}},
    ]},
    {cell_type: 'text', id: 'text', metadata: {}, source: 'text'},
  ],
};

type Path = readonly (string | number)[];

/** Places of all texts and numbers in `value`. */
function places(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, item]) =>
    places(item, [...path, Array.isArray(value) ? Number(key) : key]));
}

function replaced(value: unknown, [first, ...rest]: Path, by: unknown): unknown {
  if (first === undefined) return by;
  if (Array.isArray(value)) return value.map((item, k) => (k === first ? replaced(item, rest, by) : item));
  return {...(value as object), [first]: replaced((value as Record<string, unknown>)[first], rest, by)};
}

const pageOf = (notebook: unknown, name = 'name') => notebookPage(notebook as Notebook, name);

/** How the page is made up: its sections and what they hold, whatever the texts are. */
async function frame(page: string): Promise<string> {
  const {parse} = await html();
  const body = [...elements(parse(page))].find(({tagName}) => tagName === 'body')!;
  return (body.childNodes ?? []).filter(({tagName}) => tagName).map(({tagName, childNodes = []}) =>
    `${tagName}: ${childNodes.filter(child => child.tagName).map(child => child.tagName).join()}`).join('; ');
}

describe('Pages of notebooks from anywhere', () => {
  it('the check finds what is dangerous', async () => {
    for (const payload of PAYLOADS.filter(text =>
      /^<(script|img src|svg|iframe|a href="j|b on|style|form|base|object|details|table|link|meta)/.test(text))) {
      assert.ok((await dangers(`<!DOCTYPE html><html><body>${payload}</body></html>`)).length > 0, payload);
    }
  });

  it('hold no script, handler or foreign address, whatever stands in any field of the file', async function () {
    this.timeout(240_000);
    const all = places(complete), usual = await frame(pageOf(complete));
    assert.ok(all.length > 70);
    for (const place of all) {
      for (const payload of PAYLOADS) {
        const page = pageOf(replaced(complete, place, payload));
        assert.deepEqual(await dangers(page), [], `${place.join('.')}: ${payload}`);
        if (place[2] !== 'cell_type' && place[4] !== 'output_type')
          assert.equal(await frame(page), usual, `${place.join('.')}: ${payload}`);
      }
    }
  });

  it('are made whatever type a field has', async () => {
    for (const place of places(complete).filter(path => path[0] === 'cells' && path.length > 2)) {
      for (const odd of [
        null, 7, true, {}, [], ['<script>alert(1)</script>'], {'<script>': '<script>alert(1)</script>'},
      ]) assert.deepEqual(await dangers(pageOf(replaced(complete, place, odd))), [], place.join('.'));
    }
  });

  it('show hostile texts as texts', () => {
    const page = pageOf({
      ...complete, cells: [{cell_type: 'markdown', metadata: {}, source: '# <script>alert(1)</script>'}],
    });
    assert.ok(page.includes('<title>&lt;script&gt;alert(1)&lt;/script&gt;</title>')
      && /<h1 id="[\w-]+">&lt;script&gt;alert\(1\)&lt;\/script&gt; <a class="anchor"/.test(page));
    assert.ok(pageOf({...complete, cells: []}, '<b>').includes('<title>&lt;b&gt;</title>'));
    assert.ok(!pageOf({...complete, cells: [{
      cell_type: 'code', metadata: {}, source: '',
      outputs: [{output_type: 'stream', name: 'stdout', text: '\u001b[31mred\u001b[0m'}],
    }]}).includes('\u001b'));
  });

  it('with their index: names of files and profiles are texts', async () => {
    const out = mkdtempSync(join(tmpdir(), 'obsnode-site-'));
    try {
      for (const folder of ['notebooks', 'figures', 'tables']) mkdirSync(join(out, folder));
      const names = PAYLOADS.filter(text => !text.includes('/') && !text.includes('\0') && text.length < 100);
      assert.ok(names.length > 8);
      for (const name of names) {
        writeFileSync(
          join(out, 'notebooks', `${name}.ipynb`),
          JSON.stringify({nbformat: 4, nbformat_minor: 5, metadata: {obsnode: {profile: name}}, cells: []}),
        );
        for (const folder of ['figures', 'tables']) writeFileSync(join(out, folder, `${name}.csv`), '');
      }
      await writeSite(out, join(out, 'notebooks'));
      for (const page of ['index.html', 'gallery.html', 'reference.html', 'full/reference.html'])
        assert.deepEqual(await dangers(readFileSync(join(out, page), 'utf8')), [], page);
      const pages = readdirSync(join(out, 'notebooks')).filter(name => name.endsWith('.html'));
      assert.equal(pages.length, names.length);
      for (const page of pages) for (const folder of ['notebooks', 'full/notebooks'])
        assert.deepEqual(await dangers(readFileSync(join(out, folder, page), 'utf8')), [], page);
    } finally {
      rmSync(out, {recursive: true});
    }
  });
});

describe('Markup of outputs', () => {
  it('tables of the library come through unchanged', () => {
    const table = resultTable([{
      method: '<b>', group: 'g', values: [{mean: 1, sd: 0.1}, null], note: 'n',
    }, {method: 'b', group: 'g', values: [2, 'x']}], {title: '<T>', columns: ['a', 'b'], notes: ['n']}).toHtml();
    assert.equal(cleanHtml(table), table);
    const bundle = String(tableBundle(['<a>', 'b'], [[1, '"x" & <y>']], 'title').data['text/html']);
    assert.equal(cleanHtml(bundle), bundle);
  });

  it('cannot leave its place: ends without a start go, what is open is closed', () => {
    assert.equal(cleanHtml('</div></section><table><tr><td>1'), '&lt;/section&gt;<table><tr><td>1</td></tr></table>');
    assert.equal(cleanHtml('<b><i>x</b>y</i>'), '<b><i>x</i></b>y');
    assert.equal(cleanHtml('a < b > c &amp; d'), 'a &lt; b &gt; c &amp; d');
  });

  it('takes time in proportion to its length', () => {
    for (const hostile of [
      '<'.repeat(2e5), '<a '.repeat(7e4), `<a ${'b '.repeat(1e5)}`, `<a style="${'color:a   '.repeat(2e4)}!">`,
      '<b>'.repeat(6e4), `<a href="${'x'.repeat(2e5)}`,
    ]) {
      const start = performance.now();
      cleanHtml(hostile);
      assert.ok(performance.now() - start < 5000, hostile.slice(0, 20));
    }
  });

  it('in data of figures and tables stays text', async () => {
    for (const payload of PAYLOADS) {
      const table = resultTable([{
        method: payload, group: payload, source: payload, information: payload, values: [payload], note: payload,
      }], {title: payload, columns: [payload], notes: [payload], rowTitle: `${payload} `});
      const shown = tableBundle([payload], [[payload]], payload).data as Record<string, string>;
      for (const markup of [table.toHtml(), renderMarkdown(table.toMarkdown()), shown['text/html']])
        assert.deepEqual(await dangers(markup), [], payload);
    }
  });
});
