import assert from 'node:assert/strict';
import {runNotice} from '../../../kernels/html/front/runNotice';
import {livePage} from '../../../kernels/read/livePage';

describe('A live page', () => {
  const page = '<html><head></head><body><main>text</main></body></html>';
  const live = {nonce: 'n', port: 1, name: '05-obsnode-trained'};
  const words = (html: string) => html.replace(/<[^>]*>/g, '');

  it('says that its results are those published, and in which profile its own cells run', () => {
    const published = runNotice(page, '05-obsnode-trained', {own: false, other: false});
    for (const profile of ['quick', 'full']) {
      const said = words(livePage(published, {...live, profile})).replace('text', '').trim();
      assert.equal(said, `full profile as published; cells that you run here, in the ${profile} profile`);
    }
  });

  it('says nothing of the kind where no cell runs, or of a run of the reader', () => {
    const published = runNotice(page, '05-obsnode-trained', {own: false, other: false});
    assert.doesNotMatch(livePage(published, {...live, name: undefined, profile: 'quick'}), /you run here/);
    const own = runNotice(page, '05-obsnode-trained', {own: true, other: false});
    assert.doesNotMatch(livePage(own, {...live, profile: 'quick'}), /you run here/);
  });
});
