import {expect} from '../errors';
import {ink} from './theme';

/** A reference value drawn as a thin rule across every panel. */
export interface ReferenceRule {
  readonly axis: 'x' | 'y';
  readonly value: number;
  readonly label?: string;
}

/** The rule itself; belongs below the data. @throws ArgumentError for a value that is not finite */
export function ruleLayer({axis, value}: ReferenceRule) {
  expect(Number.isFinite(value), {fn: 'figure', argument: 'rules', expected: 'at finite values', received: value});
  return {
    data: {values: [{value}]},
    mark: {type: 'rule', color: ink.quiet, strokeDash: [3, 3], strokeWidth: 1, tooltip: false},
    encoding: {[axis]: {field: 'value', type: 'quantitative'}},
  };
}

/** Its label with a white rim; belongs above the data. None without a label. */
export function ruleLabel({axis, value, label}: ReferenceRule): object[] {
  if (!label) return [];
  const data = {values: [{value, label}]};
  const across = axis === 'y' ? {x: {value: 'width'}} : {y: {value: 0}};
  const place = axis === 'y' ? {align: 'right', dx: -2, dy: -6} : {align: 'left', dx: 4, dy: 6};
  const encoding = {[axis]: {field: 'value', type: 'quantitative'}, ...across, text: {field: 'label'}};
  const text = {type: 'text', fontSize: 10, limit: 260, tooltip: false, ...place};
  return [
    {
      data, mark: {...text, color: ink.paper, stroke: ink.paper, strokeWidth: 3.5, strokeJoin: 'round', opacity: 0.9},
      encoding,
    },
    {data, mark: {...text, color: ink.quiet}, encoding},
  ];
}
