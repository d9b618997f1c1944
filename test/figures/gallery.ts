import {
  barsFigure, dagFigure, flowFigure, heatmapFigure, histogramFigure, linesFigure, scatterFigure, trajectoriesFigure,
  type Figure,
} from '../../lib/figures';
import {ndarray} from '../../lib/math/ndarray';

/** `[C, S]` made-up errors: grow with the horizon, shrink with the history, none beyond the last time. */
function errors(C: number, S: number, level: number) {
  return ndarray([C, S], Float64Array.from({length: C * S}, (_, i) => {
    const [c, s] = [Math.floor(i / S), i % S];
    return c + s + 1 > C ? NaN : level * Math.sqrt(s + 1) * (1 + 1.5 * Math.exp(-c));
  }));
}

const range = (n: number, from = 0) => Array.from({length: n}, (_, i) => from + i);

/** A fixed number in [0, 1) that looks random. */
const wave = (i: number) => (Math.sin(12.9898 * (i + 1)) * 43758.5453 % 1 + 1) % 1;

/** One of each kind of figure, small and fixed: tests and eyes look at the same ones. */
export const gallery: Readonly<Record<string, () => Figure>> = {
  'heatmap-one': () => heatmapFigure([{x: range(8), y: range(8, 1), values: errors(8, 8, 0.08)}], {
    title: 'ObsNODE forecasts sharpen with the length of the history',
    subtitle: 'tumour volume, γ = 4, mean over five seeds',
    x: 'assimilation time t_c (months)', y: 'forecast horizon s (months)', color: 'RMSE (z-score)',
  }),
  'heatmap-many': () => heatmapFigure(
    ['tumour volume', 'body weight'].flatMap((row, r) => ['ObsNODE', 'DoseAI', 'IGC-Net', 'SCIP-Net'].map((column, k) =>
      ({row, column, x: range(24), y: range(24, 1), values: errors(24, 24, 0.05 * (1 + k) * (1 + r / 2))}))),
    {
      title: 'Small multiples share one scale', subtitle: 'clipped at 1', clip: 1, color: 'RMSE (z-score)',
      x: 'assimilation time t_c (hours)', y: 'horizon s (hours)',
    }),
  'lines-log': () => linesFigure(['Euler', 'Heun', 'RK4', 'Tsit5'].map((name, k) => ({
    name, x: range(8).map(i => 2 ** -i), y: range(8).map(i => 0.3 * 2 ** (-i * (k + 1)) + 1e-12),
  })), {
    title: 'Every solver converges at its order', subtitle: "y'' = -y on [0, 10], float64", x: 'step size h',
    y: 'largest error', xScale: 'log', yScale: 'log',
  }),
  'lines-panels': () => linesFigure(['γ = 4', 'γ = 6', 'γ = 8'].flatMap((panel, g) =>
    ['ObsNODE', 'ridge regression', 'persistence', 'oracle'].map((name, k) => ({
      name, panel, x: range(6, 1), y: range(6, 1).map(s => (0.2 - 0.05 * k) * Math.sqrt(s) * (1 + g / 4)),
      sd: range(6, 1).map(s => 0.01 * s),
    }))), {
    title: 'Errors grow with the horizon', subtitle: 'tumour volume, t_c = 5 months', x: 'horizon s (months)',
    y: 'RMSE (z-score)', band: 'mean ± sd over five seeds', zero: true,
    rules: [{axis: 'y', value: 0.3, label: 'per-time mean'}],
  }),
  'scatter-diagonal': () => scatterFigure(['chemotherapy', 'radiotherapy'].map((name, k) => ({
    name, x: range(40).map(i => 1 + 3 * wave(i + k)),
    y: range(40).map(i => 1 + 3 * wave(i + k) + 0.3 * wave(7 * i + 3)),
  })), {
    title: 'The fitted rates lie on the diagonal', x: 'true kill rate (per month)', y: 'fitted kill rate (per month)',
    diagonal: true,
  }),
  'scatter-many': () => scatterFigure([{
    name: 'patients', x: range(800).map(i => 0.1 + 40 * wave(i) ** 4),
    y: range(800).map(i => 0.1 + wave(3 * i) * 40 * wave(i) ** 4),
  }], {
    title: 'Volume and dose of 800 patients', x: 'tumour volume (cm³)', y: 'chemotherapy dose (mg)', xScale: 'log',
    yScale: 'log', rules: [{axis: 'x', value: 1, label: 'detection'}],
  }),
  'histogram-one': () => histogramFigure([{
    name: 'patients', values: range(900).map(i => 12 * (wave(i) + wave(5 * i + 1) + wave(11 * i + 2))),
  }], {title: 'Tumours at diagnosis', x: 'diameter (cm)'}),
  'histogram-two': () => histogramFigure(['treated', 'untreated', 'lost to follow-up'].map((name, k) => ({
    name, values: range(700).map(i => 8 * k + 12 * (wave(i + k) + wave(5 * i + 1) + wave(11 * i + 2))),
  })), {
    title: 'Treatment follows tumour size', subtitle: 'γ = 4', x: 'diameter (cm)',
    rules: [{axis: 'x', value: 13, label: 'D_max'}],
  }),
  'bars-grouped': () => barsFigure(
    ['ObsNODE', 'DoseAI', 'ridge regression on the full history'].flatMap((category, c) =>
      ['published', 'as released', 'as written'].map((series, s) =>
        ({category, series, value: 0.06 + 0.03 * c + 0.02 * s, sd: 0.01 * (1 + s)}))),
    {title: 'Six months ahead', value: 'RMSE (z-score)', error: 'sd over five seeds'},
  ),
  'bars-vertical': () => barsFigure(['cpu', 'wasm', 'recorded', 'cuda'].map((category, c) => ({
    category, value: 8550 / 7 ** c,
  })), {title: 'One training step', value: 'time (ms)', orientation: 'vertical', thickness: 44}),
  'patients': () => trajectoriesFigure(range(3).map(p => ({
    name: `patient ${p + 1}`, time: range(7),
    observed: range(7).map(t => 20 * Math.exp((0.1 + 0.05 * p) * t) * (1 + 0.05 * wave(t + p))), decision: 6,
    truth: {time: range(61).map(i => i / 5), value: range(61).map(i =>
      20 * Math.exp((0.1 + 0.05 * p) * Math.min(6, i / 5)) * Math.exp(-0.2 * Math.max(0, i / 5 - 6)))},
    forecasts: ['factual plan', 'no treatment'].map((name, k) => ({
      name, time: range(7, 6),
      mean: range(7).map(s => 20 * Math.exp((0.1 + 0.05 * p) * 6) * Math.exp((k ? 0.1 : -0.2) * s)),
      low: range(7).map(s => 20 * Math.exp((0.1 + 0.05 * p) * 6) * Math.exp((k ? 0.1 : -0.2) * s) - s),
      high: range(7).map(s => 20 * Math.exp((0.1 + 0.05 * p) * 6) * Math.exp((k ? 0.1 : -0.2) * s) + s),
    })),
    doses: [
      ...range(6).flatMap(t => [
        {treatment: 'chemotherapy', from: t, to: t + 1, dose: 5 * wave(t + p)},
        {treatment: 'radiotherapy', from: t, to: t + 1, dose: wave(9 * t + p) > 0.5 ? 2 : 0},
      ]),
      ...range(6, 6).map(t => ({treatment: 'chemotherapy', from: t, to: t + 1, dose: 4, plan: 'factual plan'})),
      ...range(6, 6).map(t => ({treatment: 'radiotherapy', from: t, to: t + 1, dose: 2, plan: 'factual plan'})),
      ...range(6, 6).map(t => ({treatment: 'chemotherapy', from: t, to: t + 1, dose: 0, plan: 'no treatment'})),
    ],
  })), {
    title: 'Two plans, two futures', subtitle: 'thin grey: the simulator', x: 'time (months)', y: 'tumour volume (cm³)',
  }),
  'dag-unrolled': () => {
    const times = ['0', 't', '{t+s}'];
    return dagFigure(
      [...times.flatMap(t => [
        {id: `Z_${t}`, hidden: true}, {id: `A_${t}`, role: 'treatment' as const},
        {id: `Y_${t}`, role: 'outcome' as const},
      ]), {id: 'ε', hidden: true}],
      [
        ...times.flatMap(t => [{from: `Z_${t}`, to: `Y_${t}`}, {from: 'ε', to: `A_${t}`}]),
        ...times.slice(1).flatMap((t, k) => [
          {from: `Z_${times[k]}`, to: `Z_${t}`}, {from: `A_${times[k]}`, to: `Z_${t}`},
          {from: `Y_${times[k]}`, to: `A_${t}`, dashed: true},
        ]),
        {from: 'A_0', to: 'A_t', kind: 'bidirected'}, {from: 'Z_0', to: 'Z_{t+s}'},
      ],
      {
        title: 'The state carries the treatment to the outcome', subtitle: 'dashed circles are not observed',
        positions: {
          ε: [1, 3],
          ...Object.fromEntries(times.flatMap((t, k) => [[`A_${t}`, [k, 2]], [`Z_${t}`, [k, 1]], [`Y_${t}`, [k, 0]]])),
        },
        paths: [['A_t', 'Z_{t+s}', 'Y_{t+s}']],
      });
  },
  'dag-frontdoor': () => dagFigure([
    {id: 'X', role: 'treatment'}, {id: 'M'}, {id: 'Y', role: 'outcome'}, {id: 'W', conditioned: true},
  ], [
    {from: 'X', to: 'M'}, {from: 'M', to: 'Y'}, {from: 'X', to: 'Y', kind: 'bidirected'}, {from: 'W', to: 'X'},
    {from: 'W', to: 'Y'},
  ], {title: 'Front door with a measured cause'}),
  'heatmap-names': () => heatmapFigure([
    'published', 'ObsNODE as released', 'ObsNODE', 'ridge (plan, log scale)', 'oracle',
  ].map((column, k) => ({
    column, row: 'tumour volume', x: range(11, 3), y: range(11, 1), values: errors(11, 11, 0.1 / (k + 1)),
  })), {
    title: 'Published, as released and as written: forecast error of ObsNODE', subtitle: 'γ = 4, mean of five seeds',
    x: 'index of the last outcome seen', y: 'steps ahead s', color: 'RMSE (training sd)', clip: 0.3,
  }),
  'lines-eight': () => linesFigure(range(8).map(k => ({
    name: `method number ${k + 1}`, x: range(40),
    y: range(40).map(i => 0.02 + (k + 1) * 0.01 * Math.exp(-i / 12) + 0.002 * wave(i + 40 * k)),
  })), {
    title: 'The loss falls on patients seen and unseen', x: 'epoch', y: 'loss (variances)', yScale: 'log',
    rules: [{axis: 'x', value: 25, label: 'best validation'}],
  }),
  'patients-log': () => trajectoriesFigure(range(4).map(p => ({
    name: `patient ${100 + p}`, decision: 8, time: range(9),
    observed: range(9).map(t => (p + 0.5) * Math.exp(0.2 * t) * (0.9 + 0.2 * wave(t + p))),
    forecasts: ['as treated', 'none', 'chemotherapy every month'].map((name, k) => ({
      name, time: range(7, 8), mean: range(7).map(s => (p + 0.5) * Math.exp(1.6) * Math.exp((0.2 - 0.15 * k) * s)),
    })),
  })),
  {title: 'One history, three plans, three futures', x: 'treatment cycle', y: 'tumour volume (cm³)', yScale: 'log'}),
  'bars-signed': () => barsFigure([{category: 'bias of the naive estimate', value: -0.42}, {
    category: 'adjusted', value: 0.013,
  }, {category: 'doubly robust', value: -0.004}], {title: 'Adjustment removes the bias', value: 'bias (cm³)'}),
  'flow': () => flowFigure([
    {label: 'admissions', counts: {stays: 1240, persons: 1100}},
    {label: 'adults', counts: {stays: 1108, persons: 1001}, left: 'younger than 18 years'},
    {label: 'followed for at least eight hours', counts: {stays: 96, persons: 90}},
  ], {title: 'From all admissions to the cohort'}),
};
