import assert from 'node:assert/strict';
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {writeSite} from '../../kernels/html/writeSite';

describe('The page that npm start leaves', () => {
  it('links to the pages of the library where they were written, and to nothing that is not there', async () => {
    const out = mkdtempSync(join(tmpdir(), 'obsnode site '));
    try {
      const text = async () => readFileSync(await writeSite(out, join(out, 'none')), 'utf8');
      assert.doesNotMatch(await text(), /href="api/);
      mkdirSync(join(out, 'api'));
      writeFileSync(join(out, 'api', 'index.html'), '');
      assert.match(await text(), /<a href="api\/index\.html">/);
    } finally {
      rmSync(out, {recursive: true});
    }
  });
});
