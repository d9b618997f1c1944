import {join} from 'node:path';
import {startupSnapshot} from 'node:v8';
import ts from 'typescript';
import {CellLanguage} from '../checker/languageService';
import {serveLanguage} from './languageServer';

// Run once to be frozen: the compiler is loaded and the standard libraries are read. Processes that start from the
// snapshot go on below.
const root = process.env.OBSNODE_ROOT!;
const registry = ts.createDocumentRegistry(ts.sys.useCaseSensitiveFileNames);
const ready = new CellLanguage(root, join(root, 'notebooks'), registry);
ready.check(0, '');

startupSnapshot.setDeserializeMainFunction(() => {
  const [, directory] = process.argv;
  ready.wake();
  serveLanguage(directory === ready.directory ? ready : new CellLanguage(root, directory, registry));
});
