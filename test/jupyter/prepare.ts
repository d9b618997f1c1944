import {ensurePython} from './python';

// Makes the Python environment ahead of the tests that use it, and prints its interpreter. Without one those tests are
// skipped, unless they are required.
const {path, lacks} = ensurePython();
if (lacks) console.error(lacks);
else console.log(path);
process.exitCode = lacks && process.env.OBSNODE_REQUIRE_JUPYTER === '1' ? 1 : 0;
