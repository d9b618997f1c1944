import {createHash} from 'node:crypto';
import {cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {build} from 'esbuild';

/** From what the client is bundled; other packages do not matter to it. */
const SOURCES = join(__dirname, 'client');

/**
 * Scripts and style of live pages, bundled. The editor is a file of its own, loaded when a reader first touches a cell.
 *
 * @param root project root
 * @param cache folder in which bundles are kept, by content
 * @returns the folder with `read.js` and `read.css`
 */
export async function liveAssets(root: string, cache: string): Promise<string> {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  for (const name of readdirSync(SOURCES).sort()) hash.update(name).update(readFileSync(join(SOURCES, name)));
  const folder = join(cache, hash.digest('hex').slice(0, 16));
  if (existsSync(folder)) return folder;
  mkdirSync(cache, {recursive: true});
  const draft = mkdtempSync(join(cache, 'draft-'));
  await build({
    entryPoints: [join(SOURCES, 'read.ts')], outdir: draft, bundle: true, splitting: true, format: 'esm', minify: true,
    target: 'es2022', logLevel: 'error', legalComments: 'none',
  });
  cpSync(join(SOURCES, 'read.css'), join(draft, 'read.css'));
  try {
    renameSync(draft, folder);
  } catch {
    rmSync(draft, {recursive: true, force: true}); // another server was as quick
  }
  return folder;
}
