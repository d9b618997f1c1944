import {ensurePython} from './python';

// Makes the Python environment ahead of the tests that use it, and prints its interpreter.
const {path, lacks} = ensurePython();
if (lacks) console.error(lacks);
else console.log(path);
process.exitCode = lacks ? 1 : 0;
