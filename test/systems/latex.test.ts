import assert from 'node:assert/strict';
import katex from 'katex';
import {observability, systems} from '../../lib';
import {cancerBoth, releasedStep} from '../../lib/studies/cancer';

describe('Equations of systems in LaTeX', () => {
  it('hold derivative, formula and output, with Greek letters, indices and as few parentheses as needed', () => {
    assert.equal(
      systems.systemLatex(systems.pendulumSystem),
      '\\dot \\theta = \\omega,\\quad \\dot \\omega = -g\\,\\sin(\\theta) - d\\,\\omega + a,\\quad y = \\theta',
    );
    assert.match(systems.systemLatex(systems.twoCompartments), /= -\(k_\{10\} \+ k_\{12\}\)\\,c_\{1\} \+/);
    assert.match(systems.systemLatex(systems.cubicChain), /\\dot x_\{2\} = x_\{3\}\^\{3\}/);
  });

  it('write a difference, a quotient and a power so that they say what was meant', () => {
    const of = (formula: string) => systems.systemLatex({
      name: 'a', states: ['x'], inputs: [], outputs: ['x'], dynamics: [formula], region: [[0, 1]],
    } as Parameters<typeof systems.systemLatex>[0]);
    assert.match(of('1 - (x - 2)'), /= 1 - \(x - 2\),/);
    assert.match(of('(1 + x)^2 / (2 * x)'), /\\frac\{\(1 \+ x\)\^\{2\}\}\{2\\,x\}/);
    assert.match(of('x * -(1 - x)'), /x\\,\(-\(1 - x\)\)/);
  });

  it('of a map have the next state on the left', () =>
    assert.match(systems.systemLatex(releasedStep), /^V\(t \+ 1\) = V\\,\(1 \+ \\rho\\,\\log\(\\frac\{K\}\{V\}\)/));

  it('can be set, for every worked system', () => {
    for (const {system} of [...observability.workedSystems, {system: cancerBoth}])
      assert.doesNotThrow(() => katex.renderToString(systems.systemLatex(system)), system.name);
  });
});
