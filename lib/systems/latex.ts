import {mathjs} from '../math/mathjs';
import {readFormula} from './formula';
import {formulasOf, type DynamicalSystem} from './system';

/** A formula in LaTeX and how loosely it holds together: 0 a sum, 1 a product, 2 what needs no parentheses. */
interface Piece {
  readonly text: string;
  readonly level: 0 | 1 | 2;
  /** Whether it is a minus and a product. */
  readonly negative?: boolean;
}

const GREEK = new Set(['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'theta', 'lambda', 'mu', 'rho', 'sigma', 'omega']);

/**
 * The equations of a system in LaTeX, for one line: a derivative or a next state for each state, then the outputs.
 * @throws ArgumentError for a formula that is not one
 * @example
 * ```ts
 * import {systems} from './lib';
 * console.log(systems.systemLatex(systems.inputDependent));
 * // \dot x_{1} = a\,x_{2},\quad \dot x_{2} = 0,\quad y = x_{1}
 * ```
 */
export function systemLatex(system: DynamicalSystem): string {
  const {name, texts} = formulasOf(system), {states, outputs} = system;
  const left = (state: string) => (name === 'next' ? `${symbol(state)}(t + 1)` : `\\dot ${symbol(state)}`);
  const moves = states.map((state, i) => `${left(state)} = ${formulaLatex(texts[i])}`);
  const seen = outputs.map((output, j) => `y${outputs.length > 1 ? `_{${j + 1}}` : ''} = ${formulaLatex(output)}`);
  return [...moves, ...seen].join(',\\quad ');
}

function formulaLatex(text: string): string {
  const node = mathjs().parse(text);
  return readFormula<Piece>(node, {
    number: value => ({text: String(value), level: value < 0 ? 0 : 2}),
    symbol: name => ({text: symbol(name), level: 2}),
    call,
  })?.text ?? node.toTex();
}

/** `k10` is written k with index 10, `betaC` β with index C; a word stays a word. */
function symbol(name: string): string {
  const [, head, index] = /^([a-zA-Z]+?)_?(\d+|[A-Z])?$/.exec(name) ?? [name, name, undefined];
  const base = GREEK.has(head) ? `\\${head}` : head.length > 2 ? `\\mathrm{${head}}` : head;
  return index === undefined ? base : `${base}_{${index}}`;
}

const wrapped = ({text, level}: Piece, least: number) => (level < least ? `(${text})` : text);

function call(fn: string, args: readonly Piece[]): Piece {
  const [a, b] = args;
  switch (fn) {
    case 'add': return {text: b.negative ? `${a.text} - ${b.text.slice(1)}` : `${a.text} + ${b.text}`, level: 0};
    case 'subtract': return {text: `${a.text} - ${wrapped(b, 1)}`, level: 0};
    case 'unaryMinus': return {text: `-${wrapped(a, 1)}`, level: 0, negative: true};
    case 'unaryPlus': return a;
    case 'multiply': return a.negative ? {text: `${a.text}\\,${wrapped(b, 1)}`, level: 0, negative: true}
      : {text: `${wrapped(a, 1)}\\,${wrapped(b, 1)}`, level: 1};
    case 'divide': return {text: `\\frac{${a.text}}{${b.text}}`, level: 2};
    case 'pow': return {text: `${wrapped(a, 2)}^{${b.text}}`, level: 1};
    default: return {text: `${functionName(fn)}(${args.map(arg => arg.text).join(', ')})`, level: 2};
  }
}

function functionName(fn: string): string {
  return ['sin', 'cos', 'tanh', 'exp', 'log'].includes(fn) ? `\\${fn}` : `\\mathrm{${fn}}`;
}
