import {basename, relative, resolve} from 'node:path';
import {readNotebook} from '../nbformat/notebook';
import {UsageError} from '../runner/arguments';
import {findNotebooks} from '../runner/find';
import {readFigureArguments, type FigureArguments} from './arguments';
import {near} from './near';
import {retrained} from './retrain';
import {shownIn, type NamedShown} from './shipped';
import {write} from './write';

const ROOT = resolve(__dirname, '../..');

/** Exit codes: 1 a cell failed, 2 the command line is wrong. */
async function main(): Promise<number> {
  const request = readFigureArguments(process.argv.slice(2), ROOT);
  if (!request) return 0;
  const all = findNotebooks(ROOT).flatMap(path => shownIn(path, readNotebook(path)));
  if (request.list) {
    console.log(listed(all));
    return 0;
  }
  for (const shown of request.names.map(name => named(name, all))) await one(shown, request);
  return 0;
}

async function one(shown: NamedShown, request: FigureArguments): Promise<void> {
  const drawn = request.retrain ? await retrained(shown, request, ROOT) : shown;
  const {paths, size} = await write(drawn, request);
  console.log(`${shown.name}: ${size}`);
  for (const path of paths) console.log(`  ${relative(process.cwd(), path)}`);
}

function named(name: string, all: readonly NamedShown[]): NamedShown {
  const found = all.find(one => one.name === name);
  if (found) return found;
  const alike = near(name, all.map(one => one.name));
  const hint = alike.length > 0 ? `; did you mean ${alike.join(', ')}?` : ';';
  throw new UsageError(`there is no figure or table ${name}${hint} --list says which there are`);
}

function listed(all: readonly NamedShown[]): string {
  const wide = Math.max(...all.map(({name}) => name.length));
  return all.map(({name, shown, notebook}, k) =>
    `${notebook === all[k - 1]?.notebook ? '' : `${basename(notebook, '.ipynb')}\n`}  ${name.padEnd(wide)}  `
      + `${shown.kind.padEnd(6)}  ${shown.title}`).join('\n');
}

main().then(
  code => {
    process.exitCode = code;
  },
  (error: Error) => {
    console.error(error instanceof UsageError ? `${error.message}. See --help.` : error.message);
    process.exitCode = error instanceof UsageError || error.name === 'ArgumentError' ? 2 : 1;
  },
);
