import {parse, type EvalFunction, type MathNode} from 'mathjs';
import {expect} from '../errors';
import {expectDefined} from './defined';
import {add, derivative, multiply, SMOOTH, type Polynomial} from './polynomial';

/** A control system written as formulas: x' = f(x, a), y = h(x). @paper equation (1) */
export interface ControlSystem {
  readonly name: string;
  readonly states: readonly string[];
  readonly inputs: readonly string[];
  /** Right-hand sides, one a state. */
  readonly dynamics: readonly string[];
  /** Measured functions of the state. */
  readonly outputs: readonly string[];
  /** Values of the constants in the formulas; default none. */
  readonly constants?: Readonly<Record<string, number>>;
  /** Box of states where the system is looked at, one interval a state. */
  readonly region: readonly (readonly [low: number, high: number])[];
  /** Box of inputs; default [-1, 1] each. */
  readonly inputRange?: readonly (readonly [low: number, high: number])[];
}

/** A system with its formulas parsed and the constants put in. */
export interface CompiledSystem {
  readonly system: ControlSystem;
  readonly f: readonly MathNode[];
  readonly h: readonly MathNode[];
}

/**
 * Checks and parses a system.
 * @throws ArgumentError for wrong counts, names that are no names or repeat, unknown names, bounds that are none, a
 * formula that cannot be read, or one that is undefined somewhere in the region
 */
export function compileSystem(system: ControlSystem): CompiledSystem {
  const {states, inputs, dynamics, outputs, region, inputRange, constants = {}} = system, fn = 'compileSystem';
  expectNames(system);
  expect(dynamics.length === states.length, {
    fn, argument: 'dynamics', expected: `${states.length} formulas, one a state`, received: dynamics,
  });
  expect(region.length === states.length && region.every(isInterval), {
    fn, argument: 'region', expected: `${states.length} intervals with finite low < high`, received: region,
  });
  expect(!inputRange || (inputRange.length === inputs.length && inputRange.every(isInterval)), {
    fn, argument: 'inputRange', expected: `${inputs.length} intervals with finite low < high`, received: inputRange,
  });
  expect(outputs.length > 0, {fn, argument: 'outputs', expected: 'at least one formula', received: outputs});
  const read = (argument: string) => (text: string) => {
    const node = withConstants(parseFormula(text, fn, argument), constants);
    const unknown = symbolsIn(node).find(s => ![...states, ...inputs].includes(s));
    expect(unknown === undefined, {
      fn, argument, expected: `a formula in ${[...states, ...inputs, ...Object.keys(constants)].join(', ')}`,
      received: unknown,
    });
    return node;
  };
  const h = outputs.map(read('outputs')), f = dynamics.map(read('dynamics'));
  expect(h.every(node => !symbolsIn(node).some(s => inputs.includes(s))), {
    fn, argument: 'outputs', expected: 'functions of the state alone', received: outputs,
  });
  const bounds = Object.fromEntries([
    ...states.map((s, i) => [s, region[i]] as const), ...inputs.map((a, i) => [a, inputRange?.[i] ?? [-1, 1]] as const),
  ]);
  f.forEach((node, i) => expectDefined(node, `dynamics of ${states[i]}`, bounds));
  h.forEach((node, i) => expectDefined(node, `outputs[${i}]`, bounds));
  return {system, f, h};
}

const isInterval = ([low, high]: readonly [number, number]): boolean =>
  Number.isFinite(low) && Number.isFinite(high) && low < high;

/** Every name stands for one thing. */
function expectNames({states, inputs, constants = {}}: ControlSystem): void {
  const names = [...states, ...inputs, ...Object.keys(constants)], fn = 'compileSystem';
  expect(states.length > 0, {fn, argument: 'states', expected: 'at least one name', received: states});
  const argument = (i: number): string =>
    (i < states.length ? 'states' : i < states.length + inputs.length ? 'inputs' : 'constants');
  names.forEach((name, i) => {
    expect(/^[A-Za-z_]\w*$/.test(name), {
      fn, argument: argument(i), expected: 'names of letters, digits and _', received: name,
    });
    expect(names.indexOf(name) === i, {
      fn, argument: argument(i), expected: 'names that occur once among states, inputs and constants', received: name,
    });
  });
  Object.entries(constants).forEach(([name, value]) =>
    expect(Number.isFinite(value), {fn, argument: `constants.${name}`, expected: 'a finite number', received: value}));
}

/** Numeric right-hand side `(x [n], a [da]) -> [n]` of a system. @throws ArgumentError as {@link compileSystem} */
export function fieldOf(system: ControlSystem): (x: ArrayLike<number>, a: ArrayLike<number>) => Float64Array {
  const {f} = compileSystem(system);
  return numeric(f, [...system.states, ...system.inputs]);
}

/** Numeric outputs `x [n] -> [dy]` of a system. @throws ArgumentError as {@link compileSystem} */
export function outputsOf(system: ControlSystem): (x: ArrayLike<number>) => Float64Array {
  const evaluate = numeric(compileSystem(system).h, system.states);
  return x => evaluate(x, []);
}

/** Turns formulas into a function of the values of `names`, given as two lists laid end to end. */
export function numeric(
  nodes: readonly MathNode[], names: readonly string[],
): (first: ArrayLike<number>, second: ArrayLike<number>) => Float64Array {
  const compiled: EvalFunction[] = nodes.map(node => node.compile());
  const scope: Record<string, number> = {};
  return (first, second) => {
    for (let i = 0; i < names.length; i++) scope[names[i]] = i < first.length ? first[i] : second[i - first.length];
    return Float64Array.from(compiled, code => Number(code.evaluate(scope)));
  };
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
        fn, argument: whose,
        expected: `made of + - * / ^ and ${SMOOTH.join(', ')}, which have derivatives of every order`,
        received: `${name} in ${node.toString()}`,
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
    return parse(text);
  } catch (error) {
    expect(false, {
      fn, argument, expected: 'formulas that mathjs can read', received: text, remedy: (error as Error).message,
    });
  }
}

function withConstants(node: MathNode, constants: Readonly<Record<string, number>>): MathNode {
  return node.transform(part => {
    const value = part.type === 'SymbolNode' ? constants[(part as unknown as {name: string}).name] : undefined;
    return value === undefined ? part : parse(value < 0 ? `(${value})` : String(value));
  });
}
