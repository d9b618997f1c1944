import assert from 'node:assert/strict';
import {copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {pathToFileURL} from 'node:url';
import {type Browser, type BrowserContext, chromium, type Page} from 'playwright-core';
import {writeSite} from '../../kernels/html/writeSite';
import {findBrowser} from '../jupyter/python';
import {violations} from './access';

const ROOT = resolve(__dirname, '../..');

/** What these tests wait for takes a moment on a free machine; the limit is for a crowded one, in ms. */
const PATIENCE = 180_000;

describe('The site in a browser', function () {
  this.timeout(600_000);
  let browser: Browser, out: string;
  const asked: string[] = [], complaints: string[] = [];

  before(async function () {
    if (process.env.OBSNODE_MACHINE !== '1') {
      console.log('      the site is tried in a browser by npm run test:machine, or with OBSNODE_MACHINE=1');
      return this.skip();
    }
    const executablePath = findBrowser();
    if (!executablePath) {
      console.log('      no Chromium or Chrome here: the site is not tried in a browser');
      assert.notEqual(process.env.OBSNODE_REQUIRE_JUPYTER, '1', 'no Chromium or Chrome');
      return this.skip();
    }
    out = mkdtempSync(join(tmpdir(), 'obsnode a reader\'s 100% own '));
    mkdirSync(join(out, 'notebooks'));
    for (const name of readdirSync(join(ROOT, 'notebooks')).filter(file => file.endsWith('.ipynb')))
      copyFileSync(join(ROOT, 'notebooks', name), join(out, 'notebooks', name));
    await writeSite(out);
    browser = await chromium.launch({executablePath, args: ['--no-sandbox']});
  });

  after(async () => {
    await browser?.close();
    if (out) rmSync(out, {recursive: true});
  });

  /** Opens a page from the file system; whatever it asks of another host is noted and refused. */
  async function open(path: string, options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
    const context: BrowserContext = await browser.newContext({viewport: {width: 1280, height: 900}, ...options});
    await context.route('**/*', route => {
      const url = route.request().url();
      if (/^(file|data|blob|about):/.test(url)) return route.continue();
      asked.push(url);
      return route.abort();
    });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE);
    page.on('console', message => {
      if (message.type() === 'error') complaints.push(`${path}: ${message.text()}`);
    });
    page.on('pageerror', error => complaints.push(`${path}: ${error.message}`));
    await page.goto(pathToFileURL(join(out, ...path.split('/'))).href);
    return page;
  }

  const notebooks = readdirSync(join(ROOT, 'notebooks')).filter(name => name.endsWith('.ipynb'));
  const readers = notebooks.map(name => `notebooks/${name.replace(/ipynb$/, 'html')}`);
  const pages = ['index.html', 'reference.html', 'source/lib/models/network.ts.html', 'full/reference.html',
    ...readers, ...readers.map(page => `full/${page}`)];

  for (const path of pages) {
    it(`${path}: charts live, no fault of access in light or dark, no sideways scroll on a phone`, async () => {
      const page = await open(path);
      assert.deepEqual(await undrawn(page), []);
      assert.deepEqual(await violations(page, 'light'), []);
      assert.deepEqual(await violations(page, 'dark'), []);
      await page.setViewportSize({width: 400, height: 800});
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 400);
      await page.context().close();
    });
  }

  /** Brings every chart into sight and says which were not drawn. */
  const undrawn = (page: Page): Promise<string[]> => page.evaluate(async () => {
    const all = Array.from(document.querySelectorAll('figure.figure'));
    const figures = all.filter(figure => figure.querySelector('script'));
    for (const figure of figures) {
      figure.scrollIntoView();
      for (let k = 0; k < 2000 && !figure.querySelector('.chart svg') && !figure.matches('.still'); k++)
        await new Promise(done => setTimeout(done, 50));
    }
    return figures.filter(figure => !figure.querySelector('.chart svg')).map(figure => figure.id);
  });

  it('finds words of other pages and leads to their heading', async () => {
    const page = await open('notebooks/01-problem.html');
    await page.keyboard.press('/');
    await page.keyboard.type('collider');
    const hit = page.locator('.hits a', {hasText: 'Reading independence off a graph'}).first();
    await hit.waitFor();
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('.hits').isVisible(), false);
    // Escape has emptied the field too.
    await page.keyboard.type('collider');
    await hit.click();
    await page.waitForURL(/02-adjustment-formula\.html#/);
    assert.ok(existsSync(join(out, 'notebooks', '02-adjustment-formula.html')));
    await page.context().close();
  });

  it('shows cards of equations to pointer and keyboard; Escape closes them', async () => {
    const page = await open('notebooks/02-adjustment-formula.html');
    const link = page.locator('main a[href="#eq-4"]:not(.anchor)').first();
    await link.hover();
    const card = page.locator('.card');
    await card.waitFor();
    assert.match(await card.innerText(), /4/);
    await page.keyboard.press('Escape');
    assert.equal(await card.count(), 0);
    await page.mouse.move(0, 0);
    await link.focus();
    await card.waitFor();
    assert.equal(await link.getAttribute('aria-describedby'), await card.getAttribute('id'));
    await page.context().close();
  });

  it('shows cards of symbols and of literature', async () => {
    const page = await open('notebooks/02-adjustment-formula.html');
    for (const [asking, said] of [
      ['a.term[data-card^="card-symbol"]', /[a-z]{4}/], ['a[data-card^="card-reference"]', /Pearl/],
    ] as const) {
      await page.locator(asking).first().focus();
      assert.match(await page.locator('.card').innerText(), said);
    }
    await page.context().close();
  });

  it('folds long code, opens it on request, and hides all of it for those who only read', async () => {
    const page = await open('notebooks/02-adjustment-formula.html');
    const folded = page.locator('details.fold').first(), code = folded.locator('pre.code');
    assert.equal(await code.isVisible(), false);
    await folded.locator('summary').click();
    assert.equal(await code.isVisible(), true);
    const choice = page.getByLabel('Code shown');
    await choice.selectOption('prose');
    assert.equal(await page.locator('.cell pre.code').filter({visible: true}).count(), 0);
    await choice.selectOption('all');
    assert.equal(await page.locator('details.fold:not([open])').count(), 0);
    await page.reload();
    assert.equal(await choice.inputValue(), 'all');
    await page.context().close();
  });

  it('goes dark when asked and remembers it', async () => {
    const page = await open('notebooks/00-reading-guide.html');
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await ground();
    await page.getByRole('button', {name: 'Dark'}).click();
    const dark = await ground();
    assert.notEqual(dark, light);
    await page.reload();
    assert.equal(await ground(), dark);
    await page.context().close();
  });

  it('draws charts anew when they come into sight, keeps their picture for paper, and tells data', async () => {
    const page = await open('notebooks/05-obsnode-trained.html');
    const figure = page.locator('figure.figure').first();
    await figure.scrollIntoViewIfNeeded();
    await figure.locator('.chart svg').waitFor();
    assert.equal(await figure.locator('img').isVisible(), false);
    assert.ok((await figure.locator('.chart').getAttribute('aria-label'))!.length > 20);
    await page.emulateMedia({media: 'print'});
    assert.equal(await figure.locator('img').isVisible(), true);
    assert.equal(await figure.locator('.chart').isVisible(), false);
    await page.context().close();
  });

  it('marks in the contents where the reader is', async () => {
    const page = await open('notebooks/02-adjustment-formula.html');
    await page.locator('#words').scrollIntoViewIfNeeded();
    await page.evaluate(() => document.getElementById('words')!.scrollIntoView());
    await page.locator('.contents [aria-current="location"]', {hasText: /^Words$/}).waitFor();
    await page.context().close();
  });

  it('prints to PDF with nothing folded', async () => {
    const page = await open('notebooks/01-problem.html');
    await page.emulateMedia({media: 'print'});
    const pdf = await page.pdf({format: 'A4'});
    assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
    assert.ok(pdf.length > 100_000);
    assert.equal(await page.locator('.bar').isVisible(), false);
    await page.context().close();
  });

  it('can be read without scripts', async () => {
    const page = await open('notebooks/02-adjustment-formula.html', {javaScriptEnabled: false});
    assert.equal(await page.locator('button').count(), 0);
    await page.locator('details.fold summary').first().click();
    assert.ok(await page.locator('details.fold pre.code').first().isVisible());
    assert.ok(await page.locator('figure.figure img').first().isVisible());
    await page.context().close();
  });

  it('asked no host for anything, and no page complained', () => {
    assert.deepEqual(asked, []);
    assert.deepEqual(complaints, []);
  });
});
