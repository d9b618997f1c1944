import type {MathNode} from 'mathjs';
import {symbolsIn} from './controlSystem';
import {readFormula, type Reading} from './formula';

/** Formulas as the text of JavaScript statements. */
export interface Javascript {
  /** Declares what the formulas name. */
  readonly declarations: string;
  /** One expression a formula. */
  readonly expressions: readonly string[];
}

/**
 * Formulas as JavaScript, in the order of operations in which they are written.
 * @param place text that gives the value of each name
 * @returns undefined when a formula holds a function that is not known here
 */
export function javascriptOf(nodes: readonly MathNode[], place: (name: string) => string): Javascript | undefined {
  const expressions = nodes.map(node => readFormula(node, javascript));
  if (expressions.includes(undefined)) return undefined;
  const names = [...new Set(nodes.flatMap(symbolsIn))];
  return {
    declarations: names.map(name => `const ${variable(name)} = ${place(name)};`).join(' '),
    expressions: expressions as string[],
  };
}

/** Makes a function of a text that {@link javascriptOf} wrote. Names in it are checked names of systems. */
export function functionOf<F>(text: string): F {
  return new Function(`'use strict'; const square = u => u * u, cube = u => u * u * u; return ${text};`)() as F;
}

/** A name that no word of the language has. */
const variable = (name: string): string => `v_${name}`;

const INFIX: Readonly<Record<string, string>> = {add: '+', subtract: '-', multiply: '*', divide: '/'};
const PREFIX: Readonly<Record<string, string>> = {unaryMinus: '-', unaryPlus: '+'};
/** Functions of one number that `Math` has, and those of two. */
const MATH: Readonly<Record<string, number>> = {
  exp: 1, sqrt: 1, cbrt: 1, abs: 1, sin: 1, cos: 1, tan: 1, atan: 1, sinh: 1, cosh: 1, tanh: 1,
  log: 1, log10: 1, log2: 1, pow: 2,
};

const javascript: Reading<string> = {
  number: String,
  symbol: variable,
  call(fn, args) {
    const [x, y] = args;
    if (args.length === 2 && Object.hasOwn(INFIX, fn)) return `(${x} ${INFIX[fn]} ${y})`;
    if (args.length === 1 && Object.hasOwn(PREFIX, fn)) return `(${PREFIX[fn]}${x})`;
    if (args.length === 1 && (fn === 'square' || fn === 'cube')) return `${fn}(${x})`;
    if (Object.hasOwn(MATH, fn) && args.length === MATH[fn]) return `Math.${fn}(${args.join(', ')})`;
    return fn === 'log' && args.length === 2 ? `(Math.log(${x}) / Math.log(${y}))` : undefined;
  },
};
