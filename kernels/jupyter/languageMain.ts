import {CellLanguage} from '../checker/languageService';
import {importsAhead} from './ahead';
import {serveLanguage} from './languageServer';

// The language process without a snapshot. Its argument is the folder of the notebook.
const root = process.env.OBSNODE_ROOT!, [, , directory] = process.argv;
const language = new CellLanguage(root, directory);
serveLanguage(language);
// The libraries are read before the first cell asks for them.
language.check(0, '');
language.readAhead(importsAhead(root, directory));
