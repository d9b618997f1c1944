import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {cpus} from 'node:os';
import {join} from 'node:path';
import {display} from './display';
import {tableBundle} from './mime';
import {activeParameters, activeProfile} from './parameters';
import {projectRoot} from './root';

/** What a reader needs to make the numbers of a notebook again. */
export interface ProvenanceStamp {
  /** Commit of the code, `+ changes` when files differ from it; `unknown` outside a repository. */
  readonly code: string;
  readonly node: string;
  /** Versions of the packages that compute. */
  readonly packages: Readonly<Record<string, string>>;
  /**
   * What computed: the providers of compiled programs, or else the TensorFlow.js back end in use; `none` where nothing
   * did.
   */
  readonly backend: string;
  readonly cpu: string;
  readonly profile: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly seeds: readonly number[];
}

/** Options of {@link provenance}. */
export interface ProvenanceOptions {
  /** Seeds that the notebook used. Default: the parameters `seed` or `seeds`, when there are any. */
  readonly seeds?: readonly number[];
}

const PACKAGES = [
  '@tensorflow/tfjs', 'onnxruntime-node', '@duckdb/node-api', 'vega-lite', 'danfojs-node', 'mathjs', 'typescript',
];

/** Collects the stamp without showing it. It holds no paths and no host name. */
export function collectProvenance({seeds}: ProvenanceOptions = {}): ProvenanceStamp {
  const parameters = activeParameters()?.values ?? {};
  return Object.freeze({
    code: codeVersion(),
    node: process.version,
    packages: Object.fromEntries(PACKAGES.map((name) => [name, packageVersion(name)])),
    backend: backendName(),
    cpu: `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores`,
    profile: activeProfile(),
    parameters,
    seeds: seeds ?? seedsIn(parameters),
  });
}

/** Shows the stamp as a table: the last cell of every notebook. */
export function provenance(options: ProvenanceOptions = {}): void {
  const stamp = collectProvenance(options);
  const packages = Object.entries(stamp.packages).map(([name, version]) => `${name} ${version}`).join(', ');
  const parameters = Object.entries(stamp.parameters).map(([key, value]) => `${key} = ${JSON.stringify(value)}`)
    .join(', ');
  const shown = {...stamp, packages, parameters, seeds: stamp.seeds.join(', ') || 'none'};
  void display(tableBundle(['what', 'value'], Object.entries(shown)));
}

function codeVersion(): string {
  const commit = git('rev-parse', '--short=12', 'HEAD');
  if (!commit) return 'unknown';
  // Executed notebooks are results, not code: writing one must not make the next one dirty.
  const dirty = git('status', '--porcelain', '--', 'lib', 'kernels', 'package-lock.json');
  return dirty ? `${commit} + changes` : commit;
}

function git(...args: string[]): string | undefined {
  try {
    return execFileSync('git', args, {cwd: projectRoot(), encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore']})
      .trim();
  } catch {
    return undefined;
  }
}

function packageVersion(name: string): string {
  try {
    const path = join(projectRoot(), 'node_modules', name, 'package.json');
    return (JSON.parse(readFileSync(path, 'utf8')) as {version: string}).version;
  } catch {
    return 'not installed';
  }
}

/** Compiled programs and TensorFlow.js tell what computed in globals: asking there loads nothing. */
function backendName(): string {
  const {_tfengine: engine, [PROVIDERS]: providers} =
    globalThis as {_tfengine?: {backendName?: string}; [PROVIDERS]?: ReadonlySet<string>};
  return providers ? [...providers].join(', ') : engine?.backendName ?? 'none';
}

/** Where `lib/graph` notes the providers of its sessions. */
const PROVIDERS = Symbol.for('obsnode.providers');

function seedsIn(parameters: Readonly<Record<string, unknown>>): readonly number[] {
  const given = parameters.seeds ?? parameters.seed;
  return (Array.isArray(given) ? given : [given]).filter((seed): seed is number => typeof seed === 'number');
}
