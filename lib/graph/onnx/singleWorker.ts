import {rewrite, type Pass} from '../passes/rewrite';

/** Drops exchanges between workers, for a session that has one. */
export const singleWorker: Pass = program =>
  rewrite(program, node => (node.op === 'MeanOverWorkers' ? node.inputs : undefined));
