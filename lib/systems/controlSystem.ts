import type {MathNode} from 'mathjs';
import {mathjs} from '../math/mathjs';
import {expect} from '../errors';
import {expectDefined} from './defined';
import {add, derivative, multiply, SMOOTH, type Polynomial} from './polynomial';
import {formulasOf, type ControlSystem, type DynamicalSystem} from './system';

export type {ControlSystem} from './system';

/** A system with its formulas parsed and the constants put in; noise is 0. */
export interface CompiledSystem<S extends DynamicalSystem = ControlSystem> {
  readonly system: S;
  /** One formula a state. */
  readonly f: readonly MathNode[];
  /** One formula an output. */
  readonly h: readonly MathNode[];
}

/** A system with its formulas parsed, constants and noise by name. */
export interface ParsedSystem {
  readonly f: readonly MathNode[];
  readonly h: readonly MathNode[];
}

/**
 * The symbolic reading of a system: checks and parses its formulas.
 * @throws ArgumentError for wrong counts, names that are no names or repeat, unknown names, bounds that are none, a
 *   formula that cannot be read, or one that is undefined somewhere in the region
 */
export function compileSystem<S extends DynamicalSystem>(system: S): CompiledSystem<S> {
  const {f, h} = parseSystem(system), {constants = {}, noise = []} = system;
  const values = {...constants, ...Object.fromEntries(noise.map(name => [name, 0]))};
  return {system, f: f.map(node => withConstants(node, values)), h: h.map(node => withConstants(node, values))};
}

const done = new WeakMap<DynamicalSystem, ParsedSystem>();

/** Checks and parses a system, once. @throws ArgumentError as {@link compileSystem} @internal */
export function parseSystem(system: DynamicalSystem): ParsedSystem {
  const found = done.get(system) ?? checkedSystem(system);
  done.set(system, found);
  return found;
}

function checkedSystem(system: DynamicalSystem): ParsedSystem {
  const {states, inputs, outputs, region, inputRange, constants = {}, noise = []} = system, fn = 'compileSystem';
  const {name: kind, texts} = formulasOf(system), given = [...inputs, ...noise];
  expectNames(system);
  expect(texts.length === states.length, {
    fn, argument: kind, expected: `${states.length} formulas, one a state`, received: texts,
  });
  expect(region.length === states.length && region.every(isInterval), {
    fn, argument: 'region', expected: `${states.length} intervals with finite low < high`, received: region,
  });
  expect(!inputRange || (inputRange.length === inputs.length && inputRange.every(isInterval)), {
    fn, argument: 'inputRange', expected: `${inputs.length} intervals with finite low < high`, received: inputRange,
  });
  expect(outputs.length > 0, {fn, argument: 'outputs', expected: 'at least one formula', received: outputs});
  const known = [...states, ...given, ...Object.keys(constants)];
  const read = (argument: string) => (text: string) => {
    const node = parseFormula(text, fn, argument), unknown = symbolsIn(node).find(s => !known.includes(s));
    expect(unknown === undefined, {fn, argument, expected: `a formula in ${known.join(', ')}`, received: unknown});
    return node;
  };
  const h = outputs.map(read('outputs')), f = texts.map(read(kind));
  expect(h.every(node => !symbolsIn(node).some(s => given.includes(s))), {
    fn, argument: 'outputs', expected: 'functions of the state alone', received: outputs,
  });
  const values = {...constants, ...Object.fromEntries(noise.map(name => [name, 0]))};
  const bounds = Object.fromEntries([
    ...states.map((s, i) => [s, region[i]] as const), ...inputs.map((a, i) => [a, inputRange?.[i] ?? [-1, 1]] as const),
  ]);
  f.forEach((node, i) => expectDefined(withConstants(node, values), `${kind} of ${states[i]}`, bounds));
  h.forEach((node, i) => expectDefined(withConstants(node, values), `outputs[${i}]`, bounds));
  return {f, h};
}

const isInterval = ([low, high]: readonly [number, number]): boolean =>
  Number.isFinite(low) && Number.isFinite(high) && low < high;

/** Every name stands for one thing. */
function expectNames({states, inputs, constants = {}, noise = []}: DynamicalSystem): void {
  const kinds = {states, inputs, constants: Object.keys(constants), noise}, fn = 'compileSystem';
  const named = Object.entries(kinds).flatMap(([argument, list]) => list.map(name => ({argument, name})));
  expect(states.length > 0, {fn, argument: 'states', expected: 'at least one name', received: states});
  named.forEach(({argument, name}, i) => {
    expect(/^[A-Za-z_]\w*$/.test(name), {fn, argument, expected: 'names of letters, digits and _', received: name});
    expect(named.findIndex(other => other.name === name) === i, {
      fn, argument, expected: 'names that occur once among states, inputs, constants and noise', received: name,
    });
  });
  Object.entries(constants).forEach(([name, value]) => {
    expect(Number.isFinite(value), {fn, argument: `constants.${name}`, expected: 'a finite number', received: value});
  });
}

/** Checks that a system has a constant of this name. @throws ArgumentError @internal */
export function expectConstant(fn: string, name: string, names: readonly string[]): void {
  const expected = names.length > 0 ? `one of the system's constants, ${names.join(', ')}` : 'left out: it has none';
  expect(names.includes(name), {fn, argument: `constants.${name}`, expected, received: name});
}

/** Lie derivative of a formula along x' = f: its rate of change on solutions, inputs held. */
export function lieDerivative(p: Polynomial, f: readonly Polynomial[], states: readonly string[]): Polynomial {
  return add(...states.map((state, i) => multiply(derivative(p, state), f[i])));
}

/** Checks that every formula has derivatives of all orders. @throws ArgumentError that names state and formula */
export function expectSmooth({system, f, h}: CompiledSystem, fn: string): void {
  [...f, ...h].forEach((node, i) => {
    const whose = i < f.length ? `dynamics of ${system.states[i]}` : `outputs[${i - f.length}]`;
    node.traverse((part, path) => {
      const {type, fn: called} = part as unknown as {type: string; fn?: {name?: string}};
      const name = type === 'FunctionNode' ? called?.name ?? '' : type;
      const known = path === 'fn'
        || ['OperatorNode', 'SymbolNode', 'ConstantNode', 'ParenthesisNode', ...SMOOTH].includes(name);
      expect(known, {
        fn, argument: whose, received: `${name} in ${node.toString()}`,
        expected: `made of + - * / ^ and ${SMOOTH.join(', ')}, which have derivatives of every order`,
        remedy: 'simulateObservability takes any formula.',
      });
    });
  });
}

/** Names of variables in a formula (functions and numbers left out). */
export function symbolsIn(node: MathNode): string[] {
  const found = new Set<string>();
  node.traverse((part, path) => {
    const called = path === 'fn';
    if (part.type === 'SymbolNode' && !called) found.add((part as unknown as {name: string}).name);
  });
  return [...found];
}

function parseFormula(text: string, fn: string, argument: string): MathNode {
  expect(typeof text === 'string' && text.trim() !== '', {
    fn, argument, expected: 'formulas, none of them empty', received: text,
  });
  try {
    return mathjs().parse(text);
  } catch (error) {
    expect(false, {
      fn, argument, expected: 'formulas that mathjs can read', received: text, remedy: (error as Error).message,
    });
  }
}

function withConstants(node: MathNode, constants: Readonly<Record<string, number>>): MathNode {
  return node.transform(part => {
    const value = part.type === 'SymbolNode' ? constants[(part as unknown as {name: string}).name] : undefined;
    return value === undefined ? part : mathjs().parse(value < 0 ? `(${value})` : String(value));
  });
}
