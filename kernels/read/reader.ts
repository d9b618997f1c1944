import {join} from 'node:path';
import {liveAssets} from './assets';
import {KernelPool} from './kernelPool';
import {Pages} from './pages';
import {outputRenderer} from './render';
import {type Reading, startServer} from './server';
import {writePages} from './site';

/** What `npm run read` needs. */
export interface ReaderOptions {
  /** Project root. */
  readonly root: string;
  /** Folder of the notebooks. Default: `notebooks` of the project. */
  readonly directory?: string;
  /** Where the site is written, and what cells save. */
  readonly out: string;
  /** Port on the loopback interface; where it is taken, one of the next. 0 takes any that is free. */
  readonly port: number;
  readonly profile: string;
  readonly log: (line: string) => void;
}

/** Writes the pages of the notebooks and serves them live. @throws Error when no port is free */
export async function startReader(
  {root, out, port, profile, log, directory = join(root, 'notebooks')}: ReaderOptions,
): Promise<Reading> {
  const cache = join(process.env.OBSNODE_CACHE ?? join(root, '.cache'), 'read');
  const env = {OBSNODE_PROFILE: profile, OBSNODE_OUT: out};
  const pool = new KernelPool({root, directory, env, log});
  pool.prepare(); // it starts while the pages are written
  try {
    const [notebooks, assets] = await Promise.all([writePages(directory, out), liveAssets(root, cache)]);
    const pages = new Pages({root, directory, notebooks, profile, pool, log, render: outputRenderer});
    return await startServer({site: out, assets, pages, port, log});
  } catch (error) {
    await pool.close();
    throw error;
  }
}
