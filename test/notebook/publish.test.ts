import {deepEqual, equal, ok} from 'node:assert/strict';
import {existsSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, it} from 'mocha';
import {linesFigure, publish, resultTable} from '../../lib';
import {DISPLAY_SINK} from '../../lib/notebook/sink';
import type {MimeBundle} from '../../lib/figures/mime';

describe('publish', () => {
  it('shows what it saves, and what is shown tells its name', async () => {
    const out = mkdtempSync(join(tmpdir(), 'obsnode-publish-')), before = process.env.OBSNODE_OUT;
    const shown: MimeBundle[] = [], waits: Promise<unknown>[] = [];
    const place = globalThis as {[DISPLAY_SINK]?: unknown}, sink = place[DISPLAY_SINK];
    place[DISPLAY_SINK] = {
      display: (bundle: MimeBundle) => shown.push(bundle), wait: (work: Promise<unknown>) => waits.push(work),
    };
    process.env.OBSNODE_OUT = out;
    try {
      const line = linesFigure([{name: 'a', x: [0, 1], y: [0, 1]}], {title: 'A line', x: 'x', y: 'y'});
      await publish(line, 'a-line');
      await publish(resultTable([{method: 'last value', values: [1]}], {title: 'T', columns: ['s = 1']}), 'a-table');
    } finally {
      place[DISPLAY_SINK] = sink;
      if (before === undefined) delete process.env.OBSNODE_OUT;
      else process.env.OBSNODE_OUT = before;
    }
    deepEqual(shown.map(({metadata}) => metadata.obsnode), [{name: 'a-line'}, {name: 'a-table'}]);
    ok(shown[0].data['image/png'] && shown[1].data['text/html']);
    equal(existsSync(join(out, 'figures/a-line.svg')) && existsSync(join(out, 'tables/a-table.tex')), true);
    rmSync(out, {recursive: true});
  });
});
