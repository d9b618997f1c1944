import type {Node, Value} from '../ir/program';
import {bitsOf} from '../ir/builder';
import {rewrite, type Pass} from './rewrite';
import type {Builder} from '../ir/builder';

/** Computes each expression once: nodes with the same operation, operands and attributes share one result (CSE). */
export const shareCommon: Pass = program => {
  const known = new Map<string, readonly Value[]>();
  const canonical = constantTable();
  return rewrite(program, (node, b) => {
    const inputs = node.inputs.map(v => canonical(b, v));
    const key = `${node.op}|${inputs.map(v => v.id)}|${attributesKey(node)}`;
    const outputs = known.get(key) ?? b.keep({...node, inputs});
    known.set(key, outputs);
    return outputs;
  });
};

const attributesKey = ({attributes}: Node) => Object.keys(attributes).map(name => `${name}=${attributes[name]}`).join();

/** Maps constants of equal content to the first of them; large ones are left alone. */
function constantTable(): (b: Builder, value: Value) => Value {
  const byContent = new Map<string, Value>();
  const seen = new Map<Value, Value>();
  return (b, value) => {
    const known = seen.get(value);
    if (known) return known;
    const data = b.data(value);
    if (!data || data.length > LIMIT) return value;
    const key = `${value.dtype}|${value.shape}|${bitsOf(data)}`;
    const first = byContent.get(key) ?? value;
    byContent.set(key, first);
    seen.set(value, first);
    return first;
  };
}

const LIMIT = 4096;
