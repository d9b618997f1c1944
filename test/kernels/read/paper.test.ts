import assert from 'node:assert/strict';
import {copyFileSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Browser, Locator, Page} from 'playwright-core';
import {cellId} from '../../../kernels/html/ids';
import {joined, type Notebook} from '../../../kernels/nbformat/notebook';
import type {Reading} from '../../../kernels/read/server';
import {violations} from '../../html/access';
import {openReader, type OpenReader, PICTURES, ROOT} from './openReader';

const TRAINED = '05-obsnode-trained', PARTS = '13-what-each-part-is-for';

/** What these tests wait for takes seconds on a free machine; the limit is for a crowded one, in ms. */
const PATIENCE = 400_000;

describe('Live pages of the paper in a browser', function () {
  this.timeout(900_000);
  let reader: OpenReader | undefined, browser: Browser, reading: Reading, folder: string;
  const complaints: string[] = [];

  before(async function () {
    reader = await openReader(this, 'paper', (into) => {
      for (const name of [TRAINED, PARTS]) {
        copyFileSync(join(ROOT, 'notebooks', `${name}.ipynb`), join(into, `${name}.ipynb`));
      }
    });
    ({browser, reading, folder} = reader);
  });

  after(() => reader?.close());

  /** A window on a page, let in by the address that the program prints. */
  async function opened(name: string): Promise<Page> {
    const context = await browser.newContext({viewport: {width: 1200, height: 900}}), page = await context.newPage();
    page.setDefaultTimeout(PATIENCE);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await page.goto(reading.address);
    await page.goto(new URL(`/full/notebooks/${name}.html`, reading.address).href);
    await page.locator('.live-tools').first().waitFor({state: 'attached'});
    return page;
  }

  /** Replaces a part of the text of a cell, as a reader types. */
  async function edit(page: Page, [name, id]: readonly [string, string], from: string, to: string): Promise<void> {
    const {cells} = JSON.parse(readFileSync(join(folder, `${name}.ipynb`), 'utf8')) as Notebook;
    const source = joined(cells.find((cell) => cell.id === id)!.source);
    assert.ok(source.includes(from), `${id} has no ${from}`);
    const cell = cellOf(page, id), fold = cell.locator('details.fold > summary'); // long cells are folded
    if (await fold.count() > 0) await fold.click();
    await cell.locator('pre.code').click();
    await cell.locator('.cm-content').waitFor();
    await page.keyboard.press('Control+A');
    await page.keyboard.insertText(source.replace(from, to));
  }

  /** Runs a cell and what it needs. @returns how many cells were offered to be run before it */
  async function run(page: Page, id: string): Promise<number> {
    const cell = cellOf(page, id), offer = cell.locator('.live-offer');
    await cell.hover();
    await cell.locator('.live-run').click();
    await offer.waitFor();
    const [, count = '1'] = /^(\d+) cells/.exec(await offer.innerText()) ?? [];
    await offer.locator('button').first().click();
    return Number(count);
  }

  /** Waits for the end of a cell; one that fails says why. */
  async function ended(page: Page, id: string): Promise<void> {
    const over = page.locator('section.cell[data-phase=done], section.cell[data-phase=failed]');
    await cellOf(page, id).and(over).or(page.locator('section.cell[data-phase=failed]')).first().waitFor();
    const failed = page.locator('section.cell[data-phase=failed]');
    assert.equal(await failed.count(), 0, (await failed.allInnerTexts()).join('\n'));
  }

  /** The page on a desk and on a telephone, in light and in dark: pictures, no complaint of axe, nothing too wide. */
  async function seen(page: Page, name: string, id: string): Promise<void> {
    for (const width of [1200, 400]) for (const scheme of ['light', 'dark'] as const) {
      await page.setViewportSize({width, height: 900});
      await page.emulateMedia({colorScheme: scheme});
      await cellOf(page, id).scrollIntoViewIfNeeded();
      await page.screenshot({path: join(PICTURES, `${name}-${width}-${scheme}.png`)});
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= width, `${name} is ${wide} px wide on a screen of ${width} px`);
      if (width === 1200) assert.deepEqual(await violations(page, scheme), []);
    }
    await page.setViewportSize({width: 1200, height: 900});
  }

  it('notebook 05: other parameters draw another chart', async () => {
    const page = await opened(TRAINED), chart = cellOf(page, '7eb6f957');
    const subtitle = async () => /gamma 4, (\d+) patients/.exec(await chart.locator('figure').textContent() ?? '')?.[1];
    assert.equal(await subtitle(), '1000');
    await edit(page, [TRAINED, 'd74354a8'], 'patients: 1000, starts: 2, epochs: 30',
      'patients: 100, starts: 1, epochs: 2');
    assert.equal(await run(page, '7eb6f957'), 4);
    await ended(page, '7eb6f957');
    await chart.locator('.live-outputs .chart svg').waitFor();
    assert.equal(await subtitle(), '100');
    await seen(page, 'notebook-05', '7eb6f957');
    await page.context().close();
  });

  it('notebook 13: a slider trains another model and draws it, and no study of all parts is run for it', async () => {
    const page = await opened(PARTS), own = cellOf(page, 'cell-17'), chart = own.locator('.live-outputs .chart svg');
    await edit(page, [PARTS, 'cell-02'], 'ownPatients: 150, ownEpochs: 6', 'ownPatients: 100, ownEpochs: 1');
    assert.equal(await run(page, 'cell-17'), 3);
    await ended(page, 'cell-17');
    const drawn = () => chart.first().evaluate((svg) => svg.outerHTML.replace(/\bid="[^"]*"|#[\w-]+/g, ''));
    await chart.first().waitFor();
    const before = await drawn();
    await own.getByText('blocks').locator('..').locator('input[type=range]').focus();
    await page.keyboard.press('ArrowLeft');
    const start = performance.now();
    while (await drawn().catch(() => before) === before) {
      assert.ok(performance.now() - start < PATIENCE, 'the chart stays as it is');
      await page.waitForTimeout(100);
    }
    await seen(page, 'notebook-13', 'cell-17');
    await page.context().close();
  });

  it('complain about nothing in the console', () => assert.deepEqual(complaints, []));
});

const cellOf = (page: Page, id: string): Locator => page.locator(`section.cell[id="${cellId(id)}"]`);
