import {readFileSync} from 'node:fs';
import type {Page} from 'playwright-core';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly nodes: readonly {readonly html: string; readonly failureSummary?: string}[];
}

/**
 * What axe-core objects to in a page as it stands; in the dark contrast alone, since nothing else changes. The boxes of
 * formulas are hidden from readers with other means and take the colour of their text: leaving them out saves most of
 * the time.
 */
export async function violations(page: Page, colorScheme: 'light' | 'dark'): Promise<string[]> {
  await page.emulateMedia({colorScheme});
  const options = {
    resultTypes: ['violations'], preload: false, ...(colorScheme === 'dark' ? {runOnly: ['color-contrast']} : {}),
  };
  // The policy of the page forbids foreign code; the check is put in by the browser itself.
  const found = await page.evaluate(`(() => { ${AXE}; })();
    axe.run({exclude: ['.katex-html']}, ${JSON.stringify(options)})`);
  const told = ({html, failureSummary = ''}: Violation['nodes'][number]) => `${html.slice(0, 200)} ${failureSummary}`;
  return (found as {violations: readonly Violation[]}).violations.map(({id, nodes}) =>
    `${id}: ${nodes.slice(0, 3).map(told).join('\n')}`);
}
