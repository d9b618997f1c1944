import {readNotebook} from '../nbformat/notebook';
import {checkNotebooks} from './checkNotebooks';

// Checks the notebooks it is sent in a process of its own, beside the notebooks that run.
process.on('message', ({root, paths}: {root: string; paths: readonly string[]}) => {
  const checked = checkNotebooks(root, new Map(paths.map((path) => [path, readNotebook(path)])));
  process.send?.(checked, () => process.disconnect());
});
