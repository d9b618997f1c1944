import {resolve} from 'node:path';
import {Language} from '../jupyter/language';
import {endWithParent} from '../jupyter/parent';
import {LspServer} from './server';

const ROOT = resolve(__dirname, '../..');

const languages = new Map<string, Language>();
const log = (line: string): void => void process.stderr.write(`[obsnode language server] ${line}\n`);

/** One process for each folder with open notebooks. */
function languageIn(directory: string): Language {
  const language = languages.get(directory) ?? new Language(ROOT, directory, log);
  languages.set(directory, language);
  return language;
}

function exit(code: number): void {
  languages.forEach((language) => language.close());
  process.exit(code);
}

new LspServer({input: process.stdin, output: process.stdout, languageIn, exit, log});
process.on('SIGTERM', () => exit(0));
endWithParent(() => exit(0));
