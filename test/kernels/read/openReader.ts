import assert from 'node:assert/strict';
import {mkdirSync, rmSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {type Browser, chromium} from 'playwright-core';
import {startReader} from '../../../kernels/read/reader';
import type {Reading} from '../../../kernels/read/server';
import {findBrowser} from '../../jupyter/python';

export const ROOT = resolve(__dirname, '../../..');

/** Pictures of what was tried, for people. */
export const PICTURES = join(ROOT, 'out', 'read-pictures');

/** Live pages of a folder of notebooks, and a browser to read them in. */
export interface OpenReader {
  readonly browser: Browser;
  readonly reading: Reading;
  readonly folder: string;
  close(): Promise<void>;
}

/**
 * Starts both; skips the suite, and says why, where the machine is not to be tried or has no browser.
 * @param fill puts the notebooks into the folder
 */
export async function openReader(
  suite: Mocha.Context, name: string, fill: (folder: string) => void,
): Promise<OpenReader> {
  if (process.env.OBSNODE_MACHINE !== '1') {
    console.log('      live pages are tried in a browser by npm run test:machine, or with OBSNODE_MACHINE=1');
    suite.skip();
  }
  const executablePath = findBrowser();
  if (!executablePath) {
    console.log('      no Chromium or Chrome here: live pages are not tried in a browser');
    assert.notEqual(process.env.OBSNODE_REQUIRE_JUPYTER, '1', 'no Chromium or Chrome');
    suite.skip();
  }
  mkdirSync(PICTURES, {recursive: true});
  const folder = join(ROOT, `${name}-${process.pid}.tmp`); // beside lib/, as notebooks are
  mkdirSync(folder);
  fill(folder);
  const reading = await startReader({
    root: ROOT, directory: folder, out: join(folder, 'out'), port: 0, profile: 'quick', log: () => undefined,
  });
  const browser = await chromium.launch({executablePath, args: ['--no-sandbox']});
  return {
    browser, reading, folder,
    async close() {
      await browser.close();
      await reading.close();
      rmSync(folder, {recursive: true, force: true});
    },
  };
}
