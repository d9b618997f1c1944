import {ArgumentError, expect} from '../../errors';
import type {Handle} from './handle';
import {sameShape, type Program, type Value} from '../ir/program';

/** Error text for a session that is gone. */
export const DISPOSED = 'session.run: this session was disposed; create a new one';

/**
 * Checks number, shape and type of the inputs; `times` is by how much axis 0 of an input is longer than recorded.
 * @throws ArgumentError when one of them does not fit.
 */
export function checkInputs(
  program: Program, inputs: readonly Handle[], times: (value: Value) => number = () => 1,
): void {
  expect(inputs.length === program.inputs.length, {
    fn: 'session.run', argument: 'inputs', expected: `${program.inputs.length} tensors`, received: inputs.length,
  });
  program.inputs.forEach((value, i) => {
    const given = inputs[i];
    const shape = times(value) === 1 ? value.shape : [value.shape[0] * times(value), ...value.shape.slice(1)];
    // A step of training has a hundred inputs, for which no message need be written.
    if (sameShape(given.shape, shape) && given.dtype === value.dtype) return;
    throw new ArgumentError({
      fn: 'session.run', argument: `inputs[${i}] (${value.name ?? `in${i}`})`,
      expected: `${value.dtype} of shape [${shape}]`, received: `${given.dtype} of shape [${given.shape}]`,
    });
  });
}

/** Checks the places of donated inputs. @throws ArgumentError for a place that no input has. */
export function checkDonated(program: Program, donate: readonly number[] = []): void {
  const wrong = donate.find(i => !Number.isInteger(i) || i < 0 || i >= program.inputs.length);
  expect(wrong === undefined, {
    fn: 'session.run', argument: 'options.donate',
    expected: `places of inputs, whole numbers from 0 to ${program.inputs.length - 1}`, received: wrong,
  });
}
