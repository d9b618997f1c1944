import assert from 'node:assert/strict';
import {
  ancestors, assimilationVariance, backDoorSets, causalGraph, checkBackDoor, checkConditionalFrontDoor, checkFrontDoor,
  checkHedge, compareLinear, conditionalFrontDoorSets, confirm, confoundedDiffusion, deriveConditionalFrontDoor,
  descendants, evaluator, factorAt, frontDoorSets,
  identify, inducedSubgraph, isSeparationProof, linearStateSpace, makeGraph, mConnected, mutilate, probability,
  productOf, randomScm, recordedForecast, refereeEstimand, rivalModels, sampleLinear, simulateDiffusion, sumOver,
  surgeryForecast, unroll,
} from '../../lib/causal';
import {ArgumentError} from '../../lib/errors';
import {rng} from '../../lib/math';
import {confoundedPendulum} from '../../lib/studies/pendulum/confoundedPendulum';

const chain = causalGraph(['X -> M -> Y', 'X <-> Y']), xy = {x: ['X'], y: ['Y']};
const refuses = (call: () => unknown, message: RegExp) =>
  assert.throws(call, (e: Error) => e instanceof ArgumentError && message.test(e.message) || assert.fail(String(e)));

describe('questions that make no sense are refused with function, argument and what was expected', () => {
  it('names that are no nodes, wherever a name can stand', () => {
    const calls: (() => unknown)[] = [
      () => mConnected(chain, ['Q']), () => mConnected(chain, ['X'], ['Q']), () => ancestors(chain, ['Q']),
      () => descendants(chain, ['Q']), () => inducedSubgraph(chain, ['Q']),
      () => mutilate(chain, {into: ['Q']}), () => checkFrontDoor(chain, {...xy, m: ['Q']}),
      () => checkBackDoor(chain, {...xy, w: ['Q']}), () => checkBackDoor(chain, {x: ['Q'], y: ['Y']}),
      () => checkConditionalFrontDoor(chain, {...xy, m: ['M'], w: ['Q']}),
      () => backDoorSets(chain, {x: ['X'], y: ['Q']}), () => conditionalFrontDoorSets(chain, {x: ['Q'], y: ['Y']}),
      () => makeGraph(['A'], [], [['A', 'B']]), () => makeGraph(['A'], [], [], [['A', 'B']]),
      () => checkHedge(chain, {forest: ['Q'], inner: [], roots: [], ...xy}),
      () => isSeparationProof(chain, [{node: 'Q', head: true}], {xs: ['X'], ys: ['Y'], zs: []}),
      () => identify(chain, {x: ['toString'], y: ['Y']}),
      () => confirm(probability(['Y'], {given: ['constructor']}), chain, xy, {seed: 1}),
      () => refereeEstimand(causalGraph(['X -> Y']), probability(['Y']), probability(['Y']), {
        rng: rng(1), deterministic: ['Q'],
      }),
      () => unroll({edges: ['A[t] -> Y[t]'], hidden: []}, {steps: 2, measured: ['Q']}),
    ];
    for (const call of calls) refuses(call, /must be (between )?(nodes|processes) of the (graph|model)/);
  });

  it('repeats, overlaps, and nothing asked', () => {
    for (const sets of [{x: ['X', 'X'], y: ['Y']}, {x: ['X'], y: ['X']}, {...xy, w: ['X']}])
      refuses(() => checkBackDoor(chain, sets), /disjoint and free of repeats/);
    for (const sets of [{x: [], y: ['Y']}, {x: ['X'], y: []}])
      refuses(() => backDoorSets(chain, sets), /at least one treatment and one outcome/);
    refuses(() => probability([]), /at least one variable/);
    refuses(() => sumOver(['M', 'M'], probability(['M'])), /free of repeats/);
    refuses(() => makeGraph(['A'], [], [], [['A', 'A']]), /two different nodes/);
    refuses(() => rivalModels(chain, {forest: ['X', 'Y'], inner: ['Y'], roots: ['Y'], ...xy}), /a hedge of this graph/);
  });

  it('a key called constructor does not confuse the message about its record', () => {
    assert.match(
      new ArgumentError({fn: 'f', argument: 'a', expected: 'x', received: {constructor: 1}}).message,
      /received {"constructor":1}/,
    );
    assert.match(
      new ArgumentError({fn: 'f', argument: 'a', expected: 'x', received: new Map()}).message, /received a Map/,
    );
  });

  it('sizes that are no whole numbers', () => {
    for (const largest of [-1, 1.5, NaN]) for (const find of [backDoorSets, frontDoorSets, conditionalFrontDoorSets])
      refuses(() => find(chain, xy, {largest}), /`largest` must be a whole number >= 0/);
    for (const models of [0, 2.5, NaN]) refuses(
      () => refereeEstimand(causalGraph(['X -> Y']), probability(['Y']), probability(['Y']), {rng: rng(1), models}),
      /`models` must be a whole number >= 1/,
    );
    for (const X of [0, 1.5, NaN])
      refuses(() => randomScm(causalGraph(['X -> Y']), rng(1), {sizes: {X}}), /whole number of values|in \(0, 1/);
    const {evaluate} = evaluator(randomScm(causalGraph(['X -> Y']), rng(1)));
    for (const X of [2, -1, 0.5])
      refuses(() => evaluate(probability(['Y'], {given: ['X']}), {X}), /whole number from 0 to 1 for X/);
    refuses(() => factorAt(evaluate(probability(['Y'])), {}), /whole number from 0 to 1 for Y/);
  });

  it('tables that no memory holds', () => {
    const names = Array.from({length: 40}, (_, i) => `V${i}`);
    refuses(() => randomScm(causalGraph(names.map(n => `${n} -> Y`)), rng(1)), /at most 2\^26 numbers/);
  });
});

describe('set finders make no more sets than were asked for', () => {
  const names = Array.from({length: 32}, (_, i) => `W${i}`);
  const back = causalGraph(['X -> Y', ...names.flatMap(w => [`${w} -> X`])]);
  const front = causalGraph(['X -> M -> Y', 'X <-> Y', ...names.map(w => `${w} -> Y`)]);

  it('32 candidates and sets of at most one: 33 back-door sets, one front-door set, 33 pairs, in well under a '
      + 'second each', () => {
    const start = performance.now();
    assert.deepEqual(backDoorSets(back, xy, {largest: 1}), [[], ...names.map(w => [w])]);
    assert.deepEqual(frontDoorSets(front, xy, {largest: 1}), [['M']]);
    assert.equal(conditionalFrontDoorSets(front, xy, {largest: 1}).length, 33);
    assert.ok(performance.now() - start < 5000);
  });

  it('all subsets of 32 candidates are refused with their number and a remedy', () => {
    for (const [find, graph] of [
      [backDoorSets, back], [frontDoorSets, front], [conditionalFrontDoorSets, front],
    ] as const) refuses(() => find(graph, xy), /at most 1000000 sets.* sets among 3\d candidate nodes.*largest/);
  });
});

describe('sums are done variable by variable', () => {
  it('a formula that sums over 60 mediators is computed without the table of all of them', () => {
    const nodes = ['X', ...Array.from({length: 60}, (_, i) => `M${i}`), 'Y'], graph = causalGraph([nodes.join(' -> ')]);
    const formula = sumOver(
      nodes.slice(1, -1), productOf(nodes.slice(1).map((n, i) => probability([n], {given: [nodes[i]]}))),
    );
    assert.ok(refereeEstimand(graph, formula, probability(['Y'], {intervened: ['X']}), {
      rng: rng(1), models: 5,
    }).maxError < 1e-12);
  });
});

describe('whole numbers are whole', () => {
  it('parts, visits, decisions, units and plans', () => {
    const model = confoundedDiffusion();
    const trial = simulateDiffusion(rng(1), model, {visits: 2, past: 1, plan: () => 1, horizon: 1}, {
      units: 2, steps: 2,
    });
    const scm = linearStateSpace();
    for (const n of [0, -1, 1.5, NaN, Infinity]) {
      for (const forecast of [recordedForecast, surgeryForecast])
        refuses(() => forecast(model, trial, n), /`parts` must be a whole number >= 1/);
      refuses(
        () => assimilationVariance(model, {visits: n, past: 1, noise: 'per visit'}),
        /`visits` must be a whole number >= 1/,
      );
      refuses(() => sampleLinear(scm, rng(1), n), /`n` must be a whole number >= 1/);
      refuses(() => linearStateSpace({steps: n}), /`steps` must be a whole number >= 2/);
      refuses(() => unroll({edges: ['A[t] -> Y[t]'], hidden: []}, {steps: n}), /`steps` must be a whole number >= 1/);
      if (n !== 0) refuses(() => compareLinear(scm, n), /`decision` must be a whole number >= 0/);
      if (n !== 0) refuses(() => confoundedPendulum(rng(1), {plan: {from: n, dose: 1}}), /`plan` must be a time index/);
    }
    refuses(() => deriveConditionalFrontDoor(chain, xy), /at least one treatment, outcome and mediator/);
  });
});
