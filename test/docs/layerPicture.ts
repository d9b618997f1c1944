import {existsSync, readFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {writeWhole} from '../../lib/files';

const root = resolve(__dirname, '../..');

/** As much of a rule of the layer check as is read here. */
interface Rule {
  readonly name: string;
  readonly from: {readonly path?: string};
}

/** Folders of `lib/` in the order that the layer check holds them to, first those that all others may import. */
export function layerOrder(): string[] {
  const {forbidden} = require('../../.dependency-cruiser.cjs') as {forbidden: readonly Rule[]};
  const known = forbidden.find(rule => rule.name === 'unknown-layer')!.from.path!;
  return /\(\?!\((.*?)\)/.exec(known)![1].split('|').filter(layer => existsSync(join(root, 'lib', layer)));
}

/** Studies have doors of their own, and nobody imports a program. */
const DOORLESS: Readonly<Record<string, string>> = {
  studies: 'A room for each data set or simulator', programs: 'Command lines: one training, many of them',
};

/** What a folder holds: the first sentence of its door. */
function purpose(layer: string): string {
  if (layer in DOORLESS) return DOORLESS[layer];
  const door = readFileSync(join(root, 'lib', layer, 'index.ts'), 'utf8');
  return /^\/\*\*\s*\*?\s*([^]*?)\.?\s*\*?\s*(?:@|\*\/)/.exec(door)![1].replaceAll('`', '');
}

/** The layers as a Mermaid diagram: an arrow leads to the folder that may import. */
export function layerPicture(): string {
  const layers = layerOrder(), boxes = layers.map(layer => `  ${layer}["${layer}: ${purpose(layer)}"]`);
  const arrows = layers.slice(1).map((layer, k) => `  ${layers[k]} --> ${layer}`);
  return ['flowchart TB', ...boxes, ...arrows, ''].join('\n');
}

const PICTURE = /(```mermaid\n)[^]*?(```\n)/;

/** The text with the picture as it should be. */
export function withPicture(text: string): string {
  return text.replace(PICTURE, (_, open: string, close: string) => open + layerPicture() + close);
}

if (require.main === module) {
  const path = join(root, 'ARCHITECTURE.md');
  writeWhole(path, withPicture(readFileSync(path, 'utf8')));
}
