import assert from 'node:assert/strict';
import katex from 'katex';
import {
  deriveConditionalFrontDoor, derivationMarkdown, expressionLatex, graphDrawing, makeGraph, probability, symbolLatex,
} from '../../lib/causal';
import {dagFigure} from '../../lib/figures';
import {renderMarkdown} from '../../kernels/html/markdown';

const names = ['X', 'x', 'X1', 'X_1', 'x1', 'XX', 'xx', 'blood_pressure', 'a%b', 'a&b', '50$', '{', '}', '\\', 'C#',
  'x^2', '~', 'a|b', '<b>bold</b>', '<script>alert(1)</script>',
  '`code`', '*star*', '[link](page)', 'P, Q', 'two words', 'ε', 'ε1', 'Δ', '血圧', 'constructor', 'toString', '__proto__',
  '12', '1', 'U_XY', '"quoted"', 'it\'s'];
const valid = (latex: string) => katex.renderToString(latex, {throwOnError: true, strict: 'ignore'});

describe('names on pages', () => {
  it(`LaTeX of ${names.length} awkward names is valid and no two look alike, primed or not`, () => {
    const written = names.flatMap(n => [n, `${n}'`]).map(symbolLatex);
    assert.equal(new Set(written.map(valid)).size, 2 * names.length);
    for (const name of names) valid(expressionLatex(probability(['Y0'], {intervened: [name]})));
    assert.deepEqual(['Z0', 'ε1', 'Y', 'A12\''].map(symbolLatex), ['z_{0}', '\\epsilon_{1}', 'y', 'a\'_{12}']);
  });

  it('a derivation over such names becomes a page without markup of theirs, every formula set', () => {
    for (const name of names) {
      const graph = makeGraph(['U', name, 'M0', 'Y0'], ['U'], [
        ['U', name], ['U', 'Y0'], [name, 'M0'], ['M0', 'Y0'], [name, 'Y0'],
      ]);
      const html =
        renderMarkdown(derivationMarkdown(deriveConditionalFrontDoor(graph, {x: [name], y: ['Y0'], m: ['M0']})));
      assert.doesNotMatch(html, /<b>|<script|<code|<em|<a |katex-error/, name);
      assert.equal(html.match(/class="katex"/g)?.length, 8, name);
      assert.equal(html.match(/<td/g)?.length, 5 * 8, name);
    }
  });

  it('a drawing labels every node by its own name', () => {
    const drawing = graphDrawing(makeGraph(names, [], []));
    const labels =
      (dagFigure(drawing.nodes, drawing.edges, {title: 'names'}).data as readonly {label?: string}[]).map(r => r.label);
    assert.equal(new Set(labels).size, names.length);
    assert.ok(labels.includes('blood_pressure') && labels.includes('X₁') && labels.includes('X_1'));
  });

  it('positions that lack an inherited name, and marks on unknown nodes, are refused', () => {
    assert.throws(() => dagFigure([{id: 'constructor'}], [], {title: 't', positions: {}}), /`positions` must be/);
    assert.throws(() => graphDrawing(makeGraph(['A'], [], []), {treatments: ['B']}), /`treatments` must be nodes/);
  });
});
