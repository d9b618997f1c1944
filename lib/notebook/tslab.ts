import type {MimeBundle} from './mime';
import type {DisplayOptions} from './sink';

interface TslabDisplay {
  raw(type: string, content: unknown): void;
  text(content: string): void;
}

interface Tslab {
  readonly display: TslabDisplay;
  newDisplay(): TslabDisplay;
}

/** What tslab can show, richest first: it takes one MIME type an output. */
const PREFERENCE = [
  'application/vnd.vegalite.v5+json', 'image/png', 'image/svg+xml', 'text/html', 'text/markdown', 'text/latex',
  'text/plain',
];

const named = new Map<string, TslabDisplay>();

/**
 * Shows a bundle through tslab.
 *
 * @returns false when we do not run under tslab
 */
export function tslabDisplay(bundle: MimeBundle, {id, update = false}: DisplayOptions): boolean {
  const tslab = runningTslab();
  if (!tslab) return false;
  const type = PREFERENCE.find((known) => known in bundle.data) ?? Object.keys(bundle.data)[0];
  const content = bundle.data[type];
  target(tslab, id, update).raw(type, type.startsWith('image/p') ? Buffer.from(String(content), 'base64') : content);
  return true;
}

function target(tslab: Tslab, id: string | undefined, update: boolean): TslabDisplay {
  if (!id) return tslab.display;
  const display = (update && named.get(id)) || tslab.newDisplay();
  named.set(id, display);
  return display;
}

/** Whether we run under tslab. */
export function underTslab(): boolean {
  return runningTslab() !== undefined;
}

/** The tslab whose process we are in; the package may be installed without being the running kernel. */
function runningTslab(): Tslab | undefined {
  const entry = process.argv[1] ?? '';
  if (!/[\\/]tslab(\.c?js)?([\\/]|$)/.test(entry)) return undefined;
  try {
    return require(require.resolve('tslab', {paths: [entry, process.cwd()]})) as Tslab;
  } catch {
    return undefined;
  }
}
