import {expect} from '../../errors';
import type {WidgetState} from './model';

/**
 * A control for the reader: what it begins with, how it looks, and what its messages mean. It comes alive in
 * {@link interact} .
 */
export interface Widget<T> {
  /** Value before the reader touches it. */
  readonly value: T;
  /** Model of the front end, e.g. `'IntSlider'`. */
  readonly model: string;
  /** Model of its style, e.g. `'SliderStyle'`. */
  readonly style: string;
  /** State of the model at the start, without its label. */
  readonly state: WidgetState;
  /** The range, for readers without the control. */
  readonly range: string;
  /**
   * The value after the front end changed a part of the state; `before` when that part is none of it, or out of range.
   */
  read(changed: WidgetState, before: T): T;
  /** The value after a click; only buttons have it. */
  click?(before: T): T;
}

/** Options of {@link slider}. */
export interface SliderOptions {
  /** First value, within the range. Default: the lower end. */
  readonly value?: number;
  /** Distance between two values, above 0. Default: 1 between whole numbers, else a hundredth of the range. */
  readonly step?: number;
}

/**
 * A slider over numbers; whole numbers when both ends, step and value are whole.
 *
 * @param min lower end
 * @param max upper end, above `min`
 * @throws ArgumentError for an empty range, a value outside it or a step that is not positive
 */
export function slider(min: number, max: number, {value = min, step}: SliderOptions = {}): Widget<number> {
  const fn = 'slider';
  expect(Number.isFinite(min) && Number.isFinite(max) && min < max, {
    fn, argument: 'max', expected: `a number above min (${min})`, received: max,
  });
  const inside = (x: unknown): x is number => typeof x === 'number' && x >= min && x <= max;
  expect(inside(value), {fn, argument: 'options.value', expected: `a number from ${min} to ${max}`, received: value});
  const stride = step ?? ([min, max, value].every(Number.isInteger) ? 1 : (max - min) / 100);
  expect(stride > 0 && Number.isFinite(stride), {
    fn, argument: 'options.step', expected: 'a number above 0', received: stride,
  });
  const isWhole = [min, max, value, stride].every(Number.isInteger);
  const state = {min, max, step: stride, value, readout_format: isWhole ? 'd' : '.3g'};
  const read = ({value: next}: WidgetState, before: number): number =>
    (inside(next) && (!isWhole || Number.isInteger(next)) ? next : before);
  return Object.freeze({
    value, model: isWhole ? 'IntSlider' : 'FloatSlider', style: 'SliderStyle', state, range: `${min} to ${max}`, read,
  });
}

/** Options of {@link dropdown}. */
export interface DropdownOptions<T> {
  /** First choice. Default: the first of the list. */
  readonly value?: T;
}

/**
 * A list to choose from.
 *
 * @param choices at least one; no two alike
 * @throws ArgumentError for an empty list, repeated choices or a first choice that is not in it
 */
export function dropdown<const T extends string | number>(
  choices: readonly T[], {value = choices[0]}: DropdownOptions<NoInfer<T>> = {},
): Widget<T> {
  const fn = 'dropdown';
  const isList = choices.length > 0 && new Set(choices).size === choices.length;
  expect(isList, {fn, argument: 'choices', expected: 'one or more different choices', received: choices});
  const index = choices.indexOf(value);
  expect(index >= 0, {fn, argument: 'options.value', expected: `one of ${choices.join(', ')}`, received: value});
  const state = {_options_labels: choices.map(String), index};
  const read = ({index: next}: WidgetState, before: T): T => choices[next as number] ?? before;
  return Object.freeze({value, model: 'Dropdown', style: 'DescriptionStyle', state, range: choices.join(', '), read});
}

/**
 * A button that stays down: true while it is.
 * @param value state at the start, default up
 * @throws ArgumentError unless `value` is true or false.
 */
export function toggle(value = false): Widget<boolean> {
  return truth('toggle', 'ToggleButton', value);
}

/**
 * A box to tick.
 * @param value whether it is ticked at the start, default no
 * @throws ArgumentError unless `value` is true or false.
 */
export function checkbox(value = false): Widget<boolean> {
  return truth('checkbox', 'Checkbox', value);
}

function truth(fn: string, model: 'ToggleButton' | 'Checkbox', value: boolean): Widget<boolean> {
  expect(typeof value === 'boolean', {fn, argument: 'value', expected: 'true or false', received: value});
  const read = ({value: next}: WidgetState, before: boolean): boolean => (typeof next === 'boolean' ? next : before);
  return Object.freeze({value, model, style: `${model}Style`, state: {value}, range: 'true or false', read});
}

/**
 * A field for a line of text, read when the reader presses Enter or leaves it.
 * @param value text at the start, default empty
 * @throws ArgumentError unless `value` is a text.
 */
export function textBox(value = ''): Widget<string> {
  expect(typeof value === 'string', {fn: 'textBox', argument: 'value', expected: 'a text', received: value});
  const read = ({value: next}: WidgetState, before: string): string => (typeof next === 'string' ? next : before);
  return Object.freeze({
    value, model: 'Text', style: 'TextStyle', state: {value, continuous_update: false}, range: 'any text', read,
  });
}

/** A button; its value is how often it was pressed. */
export function button(): Widget<number> {
  return Object.freeze({
    value: 0,
    model: 'Button',
    style: 'ButtonStyle',
    state: {},
    range: 'how often it was pressed',
    read: (_changed: WidgetState, before: number) => before,
    click: (before: number) => before + 1,
  });
}
