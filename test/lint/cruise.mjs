// Checks the layers: `node test/lint/cruise.mjs [--json] folder...`. The program that dependency-cruiser brings takes
// the path of its configuration for an address, and ends where a folder above has a % in its name; its library does
// not.
import {createRequire} from 'node:module';
import {cruise, format} from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import {folderCircles} from './folderCircles.mjs';

const {forbidden, options} = createRequire(import.meta.url)('../../.dependency-cruiser.cjs');
const folders = process.argv.slice(2).filter((argument) => argument !== '--json');
const outputType = process.argv.includes('--json') ? 'json' : 'err-long';
const {output: found} = await cruise(
  folders,
  {...options, ruleSet: {forbidden}, validate: true},
  options.enhancedResolveOptions,
  {tsConfig: extractTSConfig(options.tsConfig.fileName)},
);
const rule = {name: 'no-folder-circles', severity: 'error'};
const circles = folderCircles(found.modules).map((step) => ({...step, rule}));
const told = circles.map(({from, to}) => `  error ${rule.name}: ${from} -> ${to}\n`).join('');
const output = outputType === 'json'
  ? JSON.stringify({...found, summary: {...found.summary, violations: [...found.summary.violations, ...circles]}})
  : (await format(found, {outputType})).output + told;
process.stdout.write(output, () => process.exit(found.summary.error + circles.length > 0 ? 1 : 0));
