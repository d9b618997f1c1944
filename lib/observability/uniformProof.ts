import {exactRank} from './exactRank';
import {modular} from './arithmetic';
import {signOn, type Box} from '../systems/interval';
import {
  constantValue, derivative, isZero, multipliedOut, nodeOf, variablesOf, type Polynomial,
} from '../systems/polynomial';
import {inputRanges} from './randomState';
import type {CompiledSystem} from '../systems/controlSystem';

/** A function of state and input whose values along a run follow from the outputs. */
interface Known {
  readonly name: string;
  readonly formula: Polynomial;
}

/**
 * A reason why outputs tell all states of the region apart, under every input of its range, while the run stays in the
 * region; nothing when none is found, which proves nothing. Outputs are known along a run, and with a state its rate. A
 * known function of known states, the input and one more state gives that state, if its slope has one sign on the
 * region and the range of inputs (interval arithmetic). States left over are known too where known functions and their
 * own rates are linear in them, with constant coefficients of full Kalman rank: the difference of two runs then obeys a
 * linear equation that no input enters.
 * @throws FormulaTooLarge
 * @reference Gauthier & Kupka 2001, Deterministic observation theory and applications, doi:10.1017/CBO9780511546648
 * (triangular forms); Kalman 1960
 */
export function uniformProof({system, f, h}: CompiledSystem): string | undefined {
  const {states, inputs, region} = system, ranges = inputRanges(system), fields = f.map(node => multipliedOut(node));
  const box: Box =
    Object.fromEntries([...states.map((s, i) => [s, region[i]]), ...inputs.map((a, i) => [a, ranges[i]])]);
  const seen: Known[] = h.map((node, i) => ({name: `output ${i + 1}`, formula: multipliedOut(node)}));
  const open = new Set(states), steps: string[] = [];
  for (let found = nextState(seen, open, box); found; found = nextState(seen, open, box)) {
    open.delete(found.state);
    steps.push(`${found.state} from ${found.from}`);
    seen.push({name: `${found.state}'`, formula: fields[states.indexOf(found.state)]});
  }
  const way = steps.length > 0 ? `triangular: ${steps.join(', ')}; slopes of one sign on the region and under every `
    + 'input of the range (interval arithmetic)' : '';
  if (open.size === 0) return way;
  const rank = kalmanRank(seen, [...open], state => fields[states.indexOf(state)]);
  return rank === open.size
    ? [way, `linear in ${[...open].join(', ')}, no input enters: Kalman rank ${rank} of ${open.size} (exact)`]
      .filter(s => s)
      .join('; then ')
    : undefined;
}

function nextState(
  seen: readonly Known[], open: ReadonlySet<string>, box: Box,
): {state: string; from: string} | undefined {
  for (const {name, formula} of seen) {
    const slopes = [...variablesOf(formula)].filter(v => open.has(v))
      .map(state => ({state, slope: derivative(formula, state)})).filter(({slope}) => !isZero(slope));
    if (slopes.length === 1 && signOn(nodeOf(slopes[0].slope), box) !== 0) return {state: slopes[0].state, from: name};
  }
  return undefined;
}

/** Rank of C, CA, CA^2, ... for the known functions that are linear in the open states; 0 when their rates are not. */
function kalmanRank(seen: readonly Known[], open: readonly string[], fieldOf: (state: string) => Polynomial): number {
  const constants = (p: Polynomial) => open.map(state => constantValue(derivative(p, state)));
  const linear = (row: (ReturnType<typeof constantValue>)[]): row is NonNullable<ReturnType<typeof constantValue>>[] =>
    row.every(v => v !== undefined);
  const rates = open.map(state => constants(fieldOf(state)));
  const outputs = seen.map(({formula}) => constants(formula)).filter(linear);
  if (!rates.every(linear)) return 0;
  const remainder = (v: NonNullable<ReturnType<typeof constantValue>>) => {
    const size = modular.divide(modular.of(v.n.toString()), modular.of(v.d.toString()));
    return v.s < 0n ? modular.subtract(0, size) : size;
  };
  const a = rates.map(row => row.map(remainder)), rows = [outputs.map(row => row.map(remainder))];
  for (let k = 1; k < open.length; k++) rows.push(rows[k - 1].map(row =>
    open.map((_, j) => row.reduce((sum, v, i) => modular.add(sum, modular.multiply(v, a[i][j])), 0))));
  return exactRank(rows.flat());
}
