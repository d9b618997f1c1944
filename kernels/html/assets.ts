import {cpSync, mkdirSync, readdirSync, readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {buildSync} from 'esbuild';
import {writeWhole} from '../../lib/files';

const SCRIPTS = ['theme', 'site', 'search', 'charts'] as const;

/** Writes what all pages share: styles, fonts of formulas, scripts. @param folder made if missing */
export function writeAssets(folder: string): void {
  mkdirSync(folder, {recursive: true});
  const katex = join(dirname(require.resolve('katex/package.json')), 'dist'), fonts = join(katex, 'fonts');
  mkdirSync(join(folder, 'fonts'), {recursive: true});
  for (const font of readdirSync(fonts).filter(name => name.endsWith('.woff2')))
    cpSync(join(fonts, font), join(folder, 'fonts', font));
  const formulas = readFileSync(join(katex, 'katex.min.css'), 'utf8');
  writeWhole(join(folder, 'katex.min.css'), modernFonts(formulas));
  writeWhole(join(folder, 'page.css'), readFileSync(join(__dirname, 'page.css'), 'utf8'));
  for (const [name, text] of scripts()) writeWhole(join(folder, name), text);
}

/** Every browser that runs the scripts reads woff2: the older forms of each font are left out. */
function modernFonts(css: string): string {
  return css.replace(/,url\([^)]+\.(?:woff|ttf)\) format\("(?:woff|truetype)"\)/g, '');
}

let bundled: ReadonlyMap<string, string> | undefined;

/** The scripts, each one file without imports, since pages opened from the file system cannot load modules. */
function scripts(): ReadonlyMap<string, string> {
  bundled ??= new Map(buildSync({
    entryPoints: SCRIPTS.map(name => join(__dirname, 'client', `${name}.ts`)), outdir: '/', write: false, bundle: true,
    minify: true, format: 'iife', target: 'es2020', legalComments: 'eof', logLevel: 'error',
  }).outputFiles.map(({path, text}) => [path.replace(/^.*[\\/]/, ''), text]));
  return bundled;
}
