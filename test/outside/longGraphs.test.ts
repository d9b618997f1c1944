import assert from 'node:assert/strict';
import {
  backDoorSets, causalGraph, checkBackDoor, checkFrontDoor, confirm, identify, latentProjection, mSeparation, plainText,
  probability, randomScm, scmMarginal,
} from '../../lib/causal';
import {rng} from '../../lib/math';

const xy = {x: ['X'], y: ['Y']};
const chain = (n: number, more: readonly string[] = [], hidden: 'all' | 'none' = 'none') => {
  const links = Array.from({length: n}, (_, i) => `M${i}`);
  return causalGraph([['X', ...links, 'Y'].join(' -> '), ...more], {hidden: hidden === 'all' ? links : []});
};

describe('long graphs', function () {
  this.timeout(300_000);

  it('a chain of 5,000 is read, searched, projected and identified without deep recursion', () => {
    const graph = chain(5000);
    const open = mSeparation(graph, ['X'], ['Y']);
    assert.ok(!open.separated && open.path.nodes.length === 5002
      && mSeparation(graph, ['X'], ['Y'], ['M2500']).separated);
    assert.ok(checkBackDoor(graph, xy).holds && checkFrontDoor(chain(5000, ['X <-> Y']), {...xy, m: ['M7']}).holds);
    assert.deepEqual(backDoorSets(graph, xy), [[]]);
    assert.equal(latentProjection(chain(5000, [], 'all')).graph.directed.length, 1);
    const answer = identify(graph, xy);
    assert.ok(answer.identified && plainText(answer.estimand) === 'P(Y | X)');
    const cycle = Array.from({length: 5000}, (_, i) => `C${i}`);
    assert.throws(() => causalGraph([[...cycle, 'C0'].join(' -> ')]), /free of directed cycles/);
  });

  it('the front-door formula of a chain of 400 names one mediator and is confirmed', () => {
    const graph = chain(400, ['X <-> Y']), answer = identify(graph, xy);
    assert.ok(answer.identified);
    assert.equal(plainText(answer.estimand), 'Σ_{M399} P(M399 | X) [Σ_{X} P(X) P(Y | X, M399)]');
    assert.ok(confirm(answer.estimand, graph, xy, {models: 2, seed: 1}).maxError < 1e-12);
  });

  it('conditions that say nothing more are left out: the formula of a chain of 400 with a confounder half way', () => {
    const graph = chain(400, ['W -> M100', 'W -> Y', 'X <-> M300']), answer = identify(graph, xy);
    assert.ok(
      answer.identified && plainText(answer.estimand).length < 400,
      answer.identified ? plainText(answer.estimand).slice(0, 500) : '',
    );
    assert.ok(confirm(answer.estimand, graph, xy, {models: 2, seed: 1}).maxError < 1e-12);
  });

  it('what would take too long is refused with the limit', () => {
    assert.throws(() => identify(chain(5000, ['X <-> Y']), xy), /at most 2000 measured ancestors; received 5002/);
  });

  it('the law on a chain of 1,000', () => {
    const graph = chain(1000), law = scmMarginal(randomScm(graph, rng(1)), ['X', 'Y']).data;
    assert.ok(Math.abs(law.reduce((a, b) => a + b, 0) - 1) < 1e-12);
    assert.throws(() => probability(['X', 'X']), /without repeats/);
  });
});
