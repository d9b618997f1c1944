import {CellLanguage} from '../checker/languageService';
import {serveLanguage} from './languageServer';

// The language process without a snapshot. Its argument is the folder of the notebook.
const language = new CellLanguage(process.env.OBSNODE_ROOT!, process.argv[2]);
serveLanguage(language);
// The libraries are read before the first cell asks for them.
language.check(0, '');
