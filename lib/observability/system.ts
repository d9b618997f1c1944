import {derivative, parse, type EvalFunction, type MathNode} from 'mathjs';
import {expect} from '../errors';

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

/** Checks and parses a system. @throws ArgumentError for wrong counts, unknown names or a formula that cannot be read. */
export function compileSystem(system: ControlSystem): CompiledSystem {
  const {states, inputs, dynamics, outputs, region} = system, fn = 'compileSystem';
  expect(dynamics.length === states.length, {fn, argument: 'dynamics', expected: `${states.length} formulas, one a state`, received: dynamics});
  expect(region.length === states.length && region.every(([low, high]) => low < high), {fn, argument: 'region', expected: `${states.length} intervals`, received: region});
  expect(outputs.length > 0, {fn, argument: 'outputs', expected: 'at least one formula', received: outputs});
  const read = (argument: string) => (text: string) => {
    const node = withConstants(parseFormula(text, fn, argument), system.constants ?? {});
    const unknown = symbolsIn(node).find(s => ![...states, ...inputs].includes(s));
    expect(unknown === undefined, {fn, argument, expected: `a formula in ${[...states, ...inputs, ...Object.keys(system.constants ?? {})].join(', ')}`, received: unknown});
    return node;
  };
  const h = outputs.map(read('outputs'));
  expect(h.every(node => !symbolsIn(node).some(s => inputs.includes(s))), {fn, argument: 'outputs', expected: 'functions of the state alone', received: outputs});
  return {system, f: dynamics.map(read('dynamics')), h};
}

/** Numeric right-hand side `(x [n], a [da]) -> [n]` of a system. */
export function fieldOf(system: ControlSystem): (x: ArrayLike<number>, a: ArrayLike<number>) => Float64Array {
  const {f} = compileSystem(system);
  return numeric(f, [...system.states, ...system.inputs]);
}

/** Numeric outputs `x [n] -> [dy]` of a system. */
export function outputsOf(system: ControlSystem): (x: ArrayLike<number>) => Float64Array {
  const evaluate = numeric(compileSystem(system).h, system.states);
  return x => evaluate(x, []);
}

/** Turns formulas into a function of the values of `names`, given as two lists laid end to end. */
export function numeric(nodes: readonly MathNode[], names: readonly string[]): (first: ArrayLike<number>, second: ArrayLike<number>) => Float64Array {
  const compiled: EvalFunction[] = nodes.map(node => node.compile());
  const scope: Record<string, number> = {};
  return (first, second) => {
    for (let i = 0; i < names.length; i++) scope[names[i]] = i < first.length ? first[i] : second[i - first.length];
    return Float64Array.from(compiled, code => Number(code.evaluate(scope)));
  };
}

/** Lie derivative of `node` along x' = f: its rate of change on solutions, inputs held. */
export function lieDerivative(node: MathNode, f: readonly MathNode[], states: readonly string[]): MathNode {
  return addUp(states.map((state, i) => times(derivative(node, state), f[i])));
}

/** Gradient with respect to `names`. */
export function gradient(node: MathNode, names: readonly string[]): MathNode[] {
  return names.map(name => derivative(node, name));
}

/** Sum of formulas, zeros left out. */
export function addUp(nodes: readonly MathNode[]): MathNode {
  const rest = nodes.filter(node => node.toString() !== '0');
  return rest.length === 0 ? parse('0') : rest.reduce((a, b) => parse(`(${a.toString()}) + (${b.toString()})`));
}

/** Product of two formulas; zero and one are taken care of. */
export function times(a: MathNode, b: MathNode): MathNode {
  const [left, right] = [a.toString(), b.toString()];
  if (left === '0' || right === '0') return parse('0');
  if (left === '1') return b;
  return right === '1' ? a : parse(`(${left}) * (${right})`);
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
  try {
    return parse(text);
  } catch (error) {
    expect(false, {fn, argument, expected: 'formulas that mathjs can read', received: text, remedy: (error as Error).message});
  }
}

function withConstants(node: MathNode, constants: Readonly<Record<string, number>>): MathNode {
  return node.transform(part => {
    const value = part.type === 'SymbolNode' ? constants[(part as unknown as {name: string}).name] : undefined;
    return value === undefined ? part : parse(value < 0 ? `(${value})` : String(value));
  });
}
