import {LivePage} from './livePage';

const setting = (name: string): string =>
  document.querySelector<HTMLMetaElement>(`meta[name="obsnode-${name}"]`)?.content ?? '';

new LivePage(setting('page'), setting('nonce'));
