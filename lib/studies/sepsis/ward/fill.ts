import type {Database} from '../../../data/database';
import {createViews, type SepsisView} from '../views';
import type {Ward} from './simulatedWard';

/** Rows that are made of packed numbers at a time. */
const PART = 40_960;

/** Creates the views in a database and fills them with the ward's tables. */
export async function fillFromWard(database: Database, {tables}: Pick<Ward, 'tables'>): Promise<void> {
  await createViews(database);
  for (const [view, table] of Object.entries(tables) as [SepsisView, Ward['tables'][SepsisView]][]) {
    for (let from = 0; from < table.rows; from += PART) {
      await database.insert(view, table.columns(from, from + PART));
    }
  }
}
