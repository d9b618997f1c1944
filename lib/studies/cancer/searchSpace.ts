import {search} from '../../experiments';
import {cancerMethods} from './methods';

/**
 * What is searched for a learned method on these data: learning rate, rows in a batch, and the sizes of its network,
 * narrower than what is allowed so that a training stays short. @paper A.4, Tables 8 to 10
 * @throws ArgumentError for a method that does not exist
 */
export function cancerSearchSpace(method: string): search.Space {
  const [{sizes}] = cancerMethods('cancerSearchSpace', {models: [method]});
  return Object.freeze({
    rate: search.float(5e-4, 5e-2, {log: true}), batch: search.choice(25, 50, 100),
    ...Object.fromEntries(Object.entries(sizes).map(([name, domain]) => [name, narrowed(name, domain)])),
  });
}

const UNITS = ['width', 'hidden', 'decoderHidden', 'treatmentHidden', 'representation'];

function narrowed(name: string, domain: search.Domain): search.Domain {
  if (UNITS.includes(name)) return search.int(8, 96, {log: true});
  if (name === 'state') return search.int(4, 32, {log: true});
  if (name === 'hiddenLayers') return search.int(1, 4);
  if (name === 'blocks') return search.int(1, domain.kind === 'int' ? Math.min(6, domain.high) : 1);
  if (name.startsWith('balanc')) return search.float(1e-4, 1, {log: true});
  return domain.kind === 'choice' ? {...domain, choices: domain.choices.slice(0, 5)} : domain;
}
