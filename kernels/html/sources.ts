import {existsSync, mkdirSync, readFileSync, realpathSync, statSync} from 'node:fs';
import {dirname, extname, join, posix, relative, resolve, sep} from 'node:path';
import {writeWhole} from '../../lib/files';
import {escapeHtml} from '../../lib/notebook/mime';
import {colouredLines} from './codeBlock';
import {highlight} from './markdown';
import {page} from './page';

const ROOT = resolve(__dirname, '../..');

/** What may be copied: texts of the project itself, never data sets or what git does not keep. */
const KEPT = /^(?:(?:lib|kernels|test|notebooks)\/|data\/(?!cache\/)|[A-Za-z]+\.(?:md|cff|json)$)/;
const LANGUAGES: Readonly<Record<string, string>> = {
  '.ts': 'ts', '.json': 'json', '.md': 'markdown', '.cff': 'yaml', '.sql': 'sql', '.py': 'python', '.cjs': 'js',
  '.mjs': 'js', '.c': 'c', '.h': 'c',
};
const MOST_BYTES = 400_000;
/** Marks for colours make a page ten times as large as its file: longer files go without. */
const MOST_COLOURED = 60_000;

/** Copies of files of the project, made as pages ask for them. */
export interface Sources {
  /** Address of the copy, from the root of the site; null for what is no text file of the project. */
  readonly address: (path: string) => string | null;
  /** Writes a page for every file asked for. */
  readonly write: (out: string) => void;
}

/** @param root the project, by default the one that this file belongs to */
export function sourcePages(root = ROOT): Sources {
  const wanted = new Set<string>();
  return {
    address: path => {
      const name = posix.normalize(path);
      if (!isKept(root, name)) return null;
      wanted.add(name);
      return `source/${name}.html`;
    },
    write: out => {
      for (const name of wanted) writeSource(root, out, name);
    },
  };
}

function isKept(root: string, name: string): boolean {
  if (!KEPT.test(name) || /(?:^|\/)\./.test(name) || !(extname(name) in LANGUAGES)) return false;
  const path = join(root, name);
  if (!existsSync(path)) return false;
  const real = relative(realpathSync(root), realpathSync(path)).split(sep).join('/');
  const {size} = statSync(path);
  return real === name && size <= MOST_BYTES && statSync(path).isFile();
}

function writeSource(root: string, out: string, name: string): void {
  const path = join(out, 'source', `${name}.html`), up = '../'.repeat(name.split('/').length);
  const text = readFileSync(join(root, name), 'utf8');
  const lines = numbered(highlight(text, text.length > MOST_COLOURED ? 'plaintext' : LANGUAGES[extname(name)]));
  mkdirSync(dirname(path), {recursive: true});
  const body = `<h1 class="file">${escapeHtml(name)}</h1>\n<pre class="code lines"><code>${lines}</code></pre>`;
  writeWhole(path, page(name, body, `${up}assets`));
}

/** Every line with an anchor, `#L12`. */
function numbered(html: string): string {
  return colouredLines(html).map((line, k) => `<span class="line" id="L${k + 1}">${line}</span>`).join('\n');
}
