import {Program, type Value} from '../ir/program';
import type {Pass} from './rewrite';

/** Drops nodes and constants that no output depends on; inputs stay, since callers feed them by position. */
export const removeDeadCode: Pass = program => {
  const live = new Set<Value>(program.outputs);
  const nodes = program.nodes.toReversed().filter(node => {
    const needed = node.outputs.some(v => live.has(v));
    if (needed) node.inputs.forEach(v => live.add(v));
    return needed;
  });
  const constants = new Map([...program.constants].filter(([value]) => live.has(value)));
  return new Program({...program, constants, nodes: nodes.reverse()});
};
