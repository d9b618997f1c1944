import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {writeWhole} from '../../lib/files';

/**
 * Tells JupyterLab of the language server. It does nothing with it unless its extension `jupyterlab-lsp` is installed.
 *
 * @param root project root
 * @param folder of configuration, to be named in `JUPYTER_CONFIG_PATH`
 */
export function writeLanguageServer(root: string, folder: string): void {
  const server = {
    version: 2, display_name: 'obsnode', argv: [process.execPath, join(root, 'kernels/lsp/start.cjs')],
    languages: ['typescript'], mime_types: ['text/typescript', 'application/typescript'],
    requires_documents_on_disk: false,
  };
  const target = join(folder, 'jupyter_server_config.d');
  mkdirSync(target, {recursive: true});
  const json = {LanguageServerManager: {language_servers: {obsnode: server}}};
  writeWhole(join(target, 'obsnode.json'), `${JSON.stringify(json, null, 1)}\n`);
}
