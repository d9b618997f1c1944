import assert from 'node:assert/strict';
import {flowFigure, type FlowStep} from '../../lib/figures';

const steps: readonly FlowStep[] = [
  {label: 'admissions', counts: {stays: 120, persons: 110}},
  {label: 'adults', counts: {stays: 97, persons: 90}, left: 'younger than 18 years'},
  {label: 'with a drug', counts: {stays: 97, persons: 90}},
];

describe('A flow', () => {
  it('tells who is left and who has gone, and why, in its table and drawing', async () => {
    const {data, toSvg, description} = flowFigure(steps, {title: 'Flow'}), svg = await toSvg();
    assert.deepEqual(data.map(row => row['stays left out']), [undefined, 23, 0]);
    assert.deepEqual(data.map(row => row.reason), [undefined, 'younger than 18 years', 'not: with a drug']);
    for (const text of ['120 stays, 110 persons', '97 stays, 90 persons', '23 stays, 20 persons', 'not: with a drug'])
      assert.ok(svg.includes(`>${text}</text>`), text);
    assert.match(description, /admissions \(120 stays, 110 persons\), then adults/);
  });

  it('has a line to each box but the first', async () => {
    const svg = await flowFigure(steps, {title: 'Flow'}).toSvg();
    assert.equal([...svg.matchAll(/<line/g)].length, 4);
  });

  it('can be one box', async () => {
    assert.ok((await flowFigure([steps[0]], {title: 'Flow'}).toSvg()).includes('>admissions</text>'));
  });

  it('refuses steps that cannot be', () => {
    const refused = (list: readonly FlowStep[], message: RegExp) =>
      assert.throws(() => flowFigure(list, {title: 'Flow'}), message);
    refused([], /`steps` must be at least one/);
    refused([steps[1], steps[0]], /steps\[1\].counts` must be whole numbers >= 0 that do not grow/);
    refused([steps[0], {label: 'a', counts: {stays: 1}}], /of persons, stays; received "stays"/);
    refused([{label: 'a', counts: {stays: 1.5}}], /whole numbers/);
    assert.throws(() => flowFigure(steps, {title: 'Flow', boxWidth: 20}), /`boxWidth` must be in \[80, 600\]/);
  });
});
