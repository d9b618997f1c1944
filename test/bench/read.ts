import {type ChildProcess, spawn} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {cpus, loadavg} from 'node:os';
import {join, resolve} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {type Browser, chromium, type Page} from 'playwright-core';
import {descendants} from '../../kernels/executor/processTree.cjs';
import {findBrowser} from '../jupyter/python';

// `npm run bench -- read [rounds]`: how long a reader waits for the first live output of notebook 01, in a browser. The
// cell that is pressed first needs the library: the cell that imports it runs with it, types are checked. Each open is
// that of a server that has just been started.

const ROOT = resolve(__dirname, '../..');
/** As `npm run read` starts it. */
const PROGRAM = ['--require', 'typescript', '--require', 'tsx/cjs', join(ROOT, 'kernels/read/cli.ts')];

const PAGE = 'full/notebooks/01-problem.html';

/** The first cell of the page that shows something, among its code cells. */
const CELL = 2;

/** One way to come to the page; times in ms. */
interface Way {
  readonly name: string;
  /** From the moment at which the server says where it is until the page is opened. */
  readonly before: number;
  /** From the moment at which the cells can be run until one is. */
  readonly reading: number;
}

const WAYS: readonly Way[] = [
  {name: 'server just started, pressed at once', before: 0, reading: 0},
  {name: 'server just started, pressed after 5 s of reading', before: 0, reading: 5000},
  {name: 'server of 20 s, pressed at once', before: 20_000, reading: 0},
];

/** Times in ms. */
interface Waits {
  /** From the start of the program to its address. */
  readonly server: number;
  /** From the call of the page until its cells can be run. */
  readonly page: number;
  /** From the call of the page until the first output, the reading included. */
  readonly fromOpen: number;
  /** From the press until the first output. */
  readonly fromPress: number;
  /** Processor time that server, kernels and browser took meanwhile: on a free machine the wait is no longer. */
  readonly work: number;
}

async function measure(browser: Browser, {before, reading}: Way): Promise<Waits> {
  const start = performance.now();
  const server = spawn(process.execPath, [...PROGRAM, '--port', '0'], {
    cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const address = await addressOf(server), ready = performance.now();
    await sleep(before);
    const page = await (await browser.newContext()).newPage(), called = performance.now();
    await page.goto(address, {waitUntil: 'commit'});
    await page.goto(new URL(PAGE, address).href, {waitUntil: 'commit'});
    await page.locator('.live-tools').first().waitFor({state: 'attached'});
    const open = performance.now();
    await sleep(reading);
    const worked = workOfAll(), fromPress = await press(page), work = workOfAll() - worked;
    const fromOpen = performance.now() - called;
    await page.context().close();
    return {server: ready - start, page: open - called, fromOpen, fromPress, work};
  } finally {
    server.kill('SIGINT');
    await new Promise((done) => server.once('exit', done));
  }
}

/** Processor time in ms of all that this program has started; 0 where the system does not say. */
function workOfAll(): number {
  return descendants(process.pid).reduce((sum, pid) => {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
      return sum + 10 * (Number(fields[11]) + Number(fields[12]));
    } catch {
      return sum; // ended meanwhile
    }
  }, 0);
}

function addressOf(server: ChildProcess): Promise<string> {
  return new Promise((found, failed) => {
    let text = '';
    server.stdout!.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      const address = /http:\S+/.exec(text)?.[0];
      if (address) found(address);
    });
    server.once('exit', () => failed(new Error(`the server ended: ${text}`)));
  });
}

/** Presses Run and what is offered then, as soon as it is there. @returns time in ms to the first output */
const press = (page: Page): Promise<number> => page.evaluate(async (k) => {
  const section = document.querySelectorAll('section.cell')[k], start = performance.now();
  section.querySelector<HTMLElement>('.live-run')!.click();
  await new Promise<void>((done) => {
    const observer = new MutationObserver(() => {
      section.querySelector<HTMLElement>('.live-offer button')?.click();
      if (!section.querySelector('.live-outputs .output > *')) return;
      observer.disconnect();
      done();
    });
    observer.observe(section, {childList: true, subtree: true});
  });
  return performance.now() - start;
}, CELL);

const middle = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

async function main([given = '5']: readonly string[]): Promise<void> {
  const executablePath = findBrowser(), rounds = Number(given);
  if (!executablePath) throw new Error('no Chromium or Chrome here');
  const browser = await chromium.launch({executablePath, args: ['--no-sandbox']});
  const found = new Map<Way, Waits[]>(WAYS.map((way) => [way, []]));
  for (let round = 0; round <= rounds; round++) for (const [way, all] of found) {
    const waits = await measure(browser, way);
    if (round > 0) all.push(waits); // the first makes what is kept for all later ones
    console.error(`${round}: ${way.name}: ${(waits.fromPress / 1000).toFixed(1)} s from the press, `
      + `work ${(waits.work / 1000).toFixed(1)} s, load ${loadavg()[0].toFixed(1)}`);
  }
  await browser.close();
  console.log(`median of ${rounds} opens in turn, Node ${process.version}, ${cpus().length} cores, `
    + `load ${loadavg()[0].toFixed(1)}; seconds\n`);
  console.log(`${''.padEnd(50)}server    page  from opening    work  from the press (all)`);
  for (const [{name}, all] of found) {
    const of = (key: keyof Waits): string => (middle(all.map((each) => each[key])) / 1000).toFixed(1);
    const presses = all.map(({fromPress}) => (fromPress / 1000).toFixed(1)).join(', ');
    console.log(`${name.padEnd(50)}${of('server').padStart(6)}${of('page').padStart(8)}`
      + `${of('fromOpen').padStart(14)}${of('work').padStart(8)}${of('fromPress').padStart(16)} (${presses})`);
  }
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: Error) => {
    console.error(error.stack);
    process.exit(1);
  },
);
