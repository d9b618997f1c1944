import type {Fraction, MathNode} from 'mathjs';
import {expect} from '../errors';
import {mathjs} from '../math/mathjs';

/**
 * What products are made of: a variable, a function of a sum, or a sum kept whole (under a negative or broken power).
 */
type Atom = {readonly key: string} & ({readonly kind: 'variable'} | {readonly kind: 'sum'; readonly of: Polynomial}
  | {readonly kind: 'call'; readonly fn: string; readonly of: Polynomial});

/** A number times powers of atoms, in the order of their keys. */
interface Term {
  readonly factor: Fraction;
  readonly powers: readonly (readonly [atom: Atom, exponent: number])[];
}

/**
 * A formula multiplied out, with exact fractions: terms by the text of their powers. Equal polynomials are equal
 * formulas, and of rational formulas {@link isZero} decides whether they are 0; identities between functions (sin^2 +
 * cos^2 = 1) are not known to it.
 */
export type Polynomial = ReadonlyMap<string, Term>;

/** Most terms of a formula that is multiplied out. */
const MOST_TERMS = 400;

/** A formula that grew beyond what is multiplied out. */
export class FormulaTooLarge extends Error {
  override readonly name = 'FormulaTooLarge';
  constructor() {
    super(`a formula has more than ${MOST_TERMS} terms when multiplied out`);
  }
}

const polynomial = (terms: readonly Term[]): Polynomial => {
  const out = new Map<string, Term>();
  for (const term of terms) {
    const key = term.powers.map(([atom, exponent]) => `${atom.key}^${exponent}`).join('*'), old = out.get(key);
    const factor = old ? old.factor.add(term.factor) : term.factor;
    if (factor.n === 0n) out.delete(key);
    else out.set(key, {factor, powers: term.powers});
  }
  if (out.size > MOST_TERMS) throw new FormulaTooLarge();
  return new Map([...out].sort(([a], [b]) => (a < b ? -1 : 1)));
};

const ofAtom = (atom: Atom, exponent: number): Polynomial =>
  polynomial([{factor: mathjs().fraction(1), powers: [[atom, exponent]]}]);

/** The polynomial of one number. @throws FormulaTooLarge for more terms than can be gone through. */
export const constant = (value: Fraction): Polynomial => polynomial([{factor: value, powers: []}]);
const variable = (name: string): Polynomial => ofAtom({key: name, kind: 'variable'}, 1);

export const ZERO: Polynomial = new Map();
const one = (): Polynomial => constant(mathjs().fraction(1));

/** The shortest decimal that names a float64 number, as an exact fraction. */
export function exactly(value: number): Fraction {
  const [digits, exponent = '0'] = String(value).split('e'), [whole, part = ''] = digits.split('.');
  const power = Number(exponent) - part.length;
  const scale = 10n ** BigInt(Math.abs(power)), number = BigInt(whole + part);
  return power >= 0 ? mathjs().fraction(number * scale, 1n) : mathjs().fraction(number, scale);
}

/** @throws FormulaTooLarge for more terms than can be gone through. */
export const add = (...sum: readonly Polynomial[]): Polynomial => polynomial(sum.flatMap(p => [...p.values()]));
/** @throws FormulaTooLarge for more terms than can be gone through. */
export const scale = (p: Polynomial, by: Fraction): Polynomial =>
  polynomial([...p.values()].map(t => ({...t, factor: t.factor.mul(by)})));
const negative = (p: Polynomial): Polynomial => scale(p, mathjs().fraction(-1));
/** @throws FormulaTooLarge for more terms than can be gone through. */
export const subtract = (p: Polynomial, q: Polynomial): Polynomial => add(p, negative(q));

/** @throws FormulaTooLarge for more terms than can be gone through. */
export function multiply(p: Polynomial, q: Polynomial): Polynomial {
  if (p.size * q.size > 25 * MOST_TERMS) throw new FormulaTooLarge();
  const whole: Term[] = [], open: Polynomial[] = [];
  for (const a of p.values()) for (const b of q.values()) {
    const term = product(a, b), unfolded = unfold(term);
    if (unfolded) open.push(unfolded);
    else whole.push(term);
  }
  return open.length === 0 ? polynomial(whole) : add(polynomial(whole), ...open);
}

function product(a: Term, b: Term): Term {
  const powers = new Map(a.powers.map(([atom, exponent]) => [atom.key, [atom, exponent] as const]));
  for (const [atom, exponent] of b.powers) powers.set(atom.key, [atom, exponent + (powers.get(atom.key)?.[1] ?? 0)]);
  return {factor: a.factor.mul(b.factor), powers: [...powers.values()].filter(([, e]) => e !== 0).sort(([x], [y]) =>
    (x.key < y.key ? -1 : x.key > y.key ? 1 : 0))};
}

/** A sum under a power of 1 or more is multiplied out. */
function unfold({factor, powers}: Term): Polynomial | undefined {
  const at = powers.findIndex(([atom, e]) => atom.kind === 'sum' && e >= 1);
  if (at < 0) return undefined;
  const [atom, e] = powers[at] as readonly [Extract<Atom, {kind: 'sum'}>, number], whole = Math.floor(e);
  const left = e - whole;
  const rest = polynomial([
    {factor, powers: powers.flatMap((p, i) => (i !== at ? [p] : left > 0 ? [[atom, left] as const] : []))},
  ]);
  return multiply(rest, power(atom.of, whole));
}

/** @throws ArgumentError for 0 to a negative power. */
export function power(p: Polynomial, exponent: number): Polynomial {
  if (Number.isInteger(exponent) && exponent >= 0) {
    return Array.from({length: exponent}).reduce<Polynomial>(out => multiply(out, p), one());
  }
  const terms = [...p.values()], [first] = terms;
  expect(first, {fn: 'power', argument: 'formula', expected: 'a denominator other than 0', received: '1 / 0'});
  if (terms.length === 1 && Number.isInteger(exponent)) {
    return polynomial([{factor: first.factor.pow(exponent)!, powers: first.powers.map(([a, e]) => [a, e * exponent])}]);
  }
  if (terms.length === 1 && first.factor.equals(1) && first.powers.length === 1 && first.powers[0][1] === 1) {
    return ofAtom(first.powers[0][0], exponent);
  }
  const unit = Number.isInteger(exponent) ? first.factor : mathjs().fraction(1), of = scale(p, unit.inverse());
  return scale(
    ofAtom({key: `(${text(of)})`, kind: 'sum', of}, exponent), Number.isInteger(exponent) ? unit.pow(exponent)! : unit,
  );
}

/** A function of a polynomial. */
const call = (fn: string, of: Polynomial): Polynomial => ofAtom({key: `${fn}(${text(of)})`, kind: 'call', fn, of}, 1);

/**
 * Whether the formula is 0 everywhere: certain when true, and when false certain of rational formulas.
 * @throws FormulaTooLarge for more terms than can be gone through.
 */
export function isZero(p: Polynomial): boolean {
  let cleared = p;
  for (;;) {
    const lowest = new Map<string, readonly [Atom, number]>();
    for (const {powers} of cleared.values()) for (const [atom, e] of powers) if (atom.kind === 'sum'
        && e < (lowest.get(atom.key)?.[1] ?? 0)) lowest.set(atom.key, [atom, e]);
    if (lowest.size === 0) return cleared.size === 0;
    for (const [atom, e] of lowest.values()) cleared = multiply(cleared, ofAtom(atom, -e));
  }
}

/** The number that a formula is everywhere, if it is one. */
export function constantValue(p: Polynomial): Fraction | undefined {
  if (p.size === 0) return mathjs().fraction(0);
  const [only] = p.values();
  return p.size === 1 && only.powers.length === 0 ? only.factor : undefined;
}

/** Derivatives of functions of one variable: of f(u) with respect to u. */
const SLOPES: Readonly<Record<string, (u: Polynomial, f: Polynomial) => Polynomial>> = {
  exp: (_u, f) => f, log: u => power(u, -1), sin: u => call('cos', u), cos: u => negative(call('sin', u)),
  tan: (_u, f) => add(one(), power(f, 2)),
  tanh: (_u, f) => subtract(one(), power(f, 2)), sinh: u => call('cosh', u), cosh: u => call('sinh', u),
  atan: u => power(add(one(), power(u, 2)), -1),
};

/** Names of the functions whose derivatives are known, and those written with them. */
export const SMOOTH = [
  ...Object.keys(SLOPES), 'sqrt', 'cbrt', 'square', 'cube', 'pow', 'add', 'subtract', 'multiply', 'divide', 'log10',
  'log2', 'unaryMinus',
];

/** By the variable or input `name`. @throws FormulaTooLarge for more terms than can be gone through. */
export function derivative(p: Polynomial, name: string): Polynomial {
  return add(...[...p.values()].flatMap(({factor, powers}) => powers.map(([atom, e], i) => {
    const inner = slopeOf(atom, name);
    if (inner.size === 0) return ZERO;
    const rest = powers.flatMap((q, j) => (j !== i ? [q] : e === 1 ? [] : [[atom, e - 1] as const]));
    return multiply(multiply(polynomial([{factor: factor.mul(exactly(e)), powers: rest}]), inner), one());
  })));
}

function slopeOf(atom: Atom, name: string): Polynomial {
  if (atom.kind === 'variable') return atom.key === name ? one() : ZERO;
  const inner = derivative(atom.of, name);
  if (atom.kind === 'sum' || inner.size === 0) return inner;
  return multiply(SLOPES[atom.fn](atom.of, ofAtom(atom, 1)), inner);
}

/** Names of the variables that a formula is written with. */
export function variablesOf(p: Polynomial): Set<string> {
  return new Set([...p.values()].flatMap(t =>
    t.powers.flatMap(([atom]) => (atom.kind === 'variable' ? [atom.key] : [...variablesOf(atom.of)]))));
}

interface Part {readonly type: string; readonly name?: string; readonly value?: unknown; readonly fn?: string
  | {readonly name: string}; readonly content?: MathNode; readonly args?: readonly MathNode[]}

/**
 * A formula of + - * / ^ and {@link SMOOTH} functions, multiplied out.
 * @throws ArgumentError for anything else, FormulaTooLarge
 */
export function multipliedOut(node: MathNode, values: Readonly<Record<string, Polynomial>> = {}): Polynomial {
  const part = node as unknown as Part;
  if (part.type === 'ConstantNode') return constant(exactly(Number(part.value)));
  if (part.type === 'SymbolNode') return values[part.name!] ?? variable(part.name!);
  if (part.type === 'ParenthesisNode') return multipliedOut(part.content!, values);
  const args = (part.args ?? []).map(arg => multipliedOut(arg, values));
  const name =
    part.type === 'OperatorNode' ? part.fn as string : (part.fn as {name?: string} | undefined)?.name ?? part.type;
  return combined(name, args);
}

function combined(name: string, [a, b]: readonly Polynomial[]): Polynomial {
  switch (name) {
    case 'add': return add(a, b);
    case 'subtract': return subtract(a, b);
    case 'unaryMinus': return negative(a);
    case 'unaryPlus': return a;
    case 'multiply': return multiply(a, b);
    case 'divide': return multiply(a, power(b, -1));
    case 'pow': {
      const exponent = constantValue(b)?.valueOf();
      return exponent === undefined || Math.abs(exponent) > 64
        ? call('exp', multiply(b, call('log', a)))
        : power(a, exponent);
    }
    case 'sqrt': return power(a, 0.5);
    case 'cbrt': return power(a, 1 / 3);
    case 'square': return power(a, 2);
    case 'cube': return power(a, 3);
    case 'log10': case 'log2': return scale(call('log', a), exactly(1 / Math.log(name === 'log2' ? 2 : 10)));
    case 'log': if (b) return multiply(call('log', a), power(call('log', b), -1));
  }
  expect(name in SLOPES && !b, {
    fn: 'multipliedOut', argument: 'formula', expected: `made of + - * / ^ and ${SMOOTH.join(', ')}`, received: name,
  });
  return call(name, a);
}

/** The formula as mathjs reads it. */
export const nodeOf = (p: Polynomial): MathNode => mathjs().parse(text(p));

/** The formula in mathjs' own notation. */
export function text(p: Polynomial): string {
  return [...p.values()].reduce((out, {factor, powers}, i) => {
    const size = factor.abs();
    const factors = powers.map(([atom, e]) => (e === 1 ? atom.key : `${atom.key} ^ ${e < 0 ? `(${e})` : e}`));
    const written = [...(size.equals(1) && factors.length > 0 ? [] : [numberText(size)]), ...factors].join(' * ');
    return i === 0 ? (factor.s < 0n ? `-${written}` : written) : `${out} ${factor.s < 0n ? '-' : '+'} ${written}`;
  }, '') || '0';
}

/** The float64 number nearest to a positive fraction, to one rounding. */
function nearest({n, d}: Fraction): number {
  const places = 25 + d.toString().length - n.toString().length;
  const quotient = places >= 0 ? n * 10n ** BigInt(places) / d : n / (d * 10n ** BigInt(-places));
  return Number(`${quotient}e${-places}`);
}

function numberText(value: Fraction): string {
  const decimal = nearest(value);
  return exactly(decimal).equals(value) || value.n > 10n ** 15n || value.d > 10n ** 15n
    ? String(decimal)
    : `(${value.n} / ${value.d})`;
}
