import {display} from './display';
import {collectProvenance} from './provenance';
import {outputFolder} from './root';
import {mimeSymbol} from '../figures/mime';
import type {Figure, Provenance, ResultTable} from '../figures';

/**
 * Shows a figure or a table and saves it in every format: a figure below `figures`, a table below `tables` of the
 * output folder. What is shown carries the name as `metadata.obsnode.name`, so that pages can link it to its files.
 *
 * @param name file name without ending, e.g. `'figure-2'`
 */
export async function publish(item: Figure | ResultTable, name: string): Promise<void> {
  if ('spec' in item) await item.save(outputFolder('figures'), name, stamp());
  else await item.save(outputFolder('tables'), name);
  const {data, metadata} = await item[mimeSymbol]();
  await display({data, metadata: {...metadata, obsnode: {name}}});
}

/** The provenance of what is being saved, in one level. */
function stamp(): Provenance {
  const {packages, parameters, ...rest} = collectProvenance();
  return {
    ...rest, packages: Object.entries(packages).map(entry => entry.join(' ')), parameters: JSON.stringify(parameters),
  };
}
