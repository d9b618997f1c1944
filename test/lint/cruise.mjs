// Checks the layers: `node test/lint/cruise.mjs [--json] folder...`. The program that dependency-cruiser brings takes
// the path of its configuration for an address, and ends where a folder above has a % in its name; its library does
// not.
import {createRequire} from 'node:module';
import {cruise} from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';

const {forbidden, options} = createRequire(import.meta.url)('../../.dependency-cruiser.cjs');
const folders = process.argv.slice(2).filter((argument) => argument !== '--json');
const outputType = process.argv.includes('--json') ? 'json' : 'err-long';
const {output, exitCode} = await cruise(
  folders,
  {...options, ruleSet: {forbidden}, validate: true, outputType},
  options.enhancedResolveOptions,
  {tsConfig: extractTSConfig(options.tsConfig.fileName)},
);
process.stdout.write(output, () => process.exit(exitCode));
