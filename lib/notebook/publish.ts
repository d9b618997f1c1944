import {display} from './display';
import {outputFolder} from './root';
import type {Figure, ResultTable} from '../figures';

/**
 * Shows a figure or a table and saves it in every format: a figure below `figures`, a table below `tables` of the output folder.
 *
 * @param name file name without ending, e.g. `'figure-2'`
 */
export async function publish(item: Figure | ResultTable, name: string): Promise<void> {
  await item.save(outputFolder('spec' in item ? 'figures' : 'tables'), name);
  await display(item);
}
