import {join} from 'node:path';
import {startupSnapshot} from 'node:v8';
import ts from 'typescript';
import {CellLanguage} from '../checker/languageService';
import {importsAhead} from './ahead';
import {serveLanguage} from './languageServer';

// Run once to be frozen: the compiler is loaded, the standard libraries and ours are read. Processes that start from
// the snapshot go on below; what has been edited since is read anew.
const root = process.env.OBSNODE_ROOT!;
const registry = ts.createDocumentRegistry(ts.sys.useCaseSensitiveFileNames);
const notebooks = join(root, 'notebooks'), ready = new CellLanguage(root, notebooks, registry);
ready.check(0, '');
ready.readAhead(importsAhead(root, notebooks));

startupSnapshot.setDeserializeMainFunction(() => {
  const [, directory] = process.argv;
  ready.wake();
  serveLanguage(directory === ready.directory ? ready : new CellLanguage(root, directory, registry));
});
