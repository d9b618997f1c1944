import type {Config} from 'vega-lite';

/**
 * Colours of series, in the order they are given out. Okabe and Ito's set without its yellow (too pale on white),
 * ordered so that neighbours also differ in lightness and stay apart in grey print; then indigo, wine and brown, which
 * readers who see two of three colours tell from those and from each other.
 * @reference Okabe and Ito 2008, Color Universal Design
 */
export const palette = Object.freeze([
  '#0072B2', '#E69F00', '#009E73', '#56B4E9', '#D55E00', '#CC79A7', '#000000', '#332288', '#882255', '#5A3B00',
] as const);

/** Ink of text, of axes and of what is present but not the point. */
export const ink = Object.freeze({text: '#222222', quiet: '#5f5f5f', faint: '#d9d9d9', paper: '#ffffff'});

/** Dash patterns in px, one a series, so that lines stay apart without colour. */
export const dashes: readonly (readonly number[])[] = Object.freeze([
  [], [6, 3], [2, 2], [8, 3, 2, 3], [10, 4], [4, 2, 1, 2], [1, 3], [12, 3, 2, 3, 2, 3], [3, 6], [16, 3, 5, 3],
]);

/** Point shapes, one a series, by name: it is what a screen reader reads and a tooltip shows. */
export const shapes = Object.freeze([
  'circle', 'square', 'triangle-up', 'diamond', 'cross', 'triangle-down', 'triangle-right', 'triangle-left',
  'hourglass', 'star',
] as const);

/** Outlines of the shapes that Vega has no name for. */
export const drawnShapes: Readonly<Record<string, string>> = Object.freeze({
  hourglass: 'M-0.9,-0.9L0.9,-0.9L-0.9,0.9L0.9,0.9Z',
  star: 'M0,-1.1L0.26,-0.36L1.05,-0.34L0.42,0.14L0.65,0.89L0,0.44L-0.65,0.89L-0.42,0.14L-1.05,-0.34L-0.26,-0.36Z',
});

/** First choice is the font shipped with the library; the others have nearly its width. */
export const fontFamily = 'DejaVu Sans Condensed, DejaVu Sans, Arial, Helvetica, sans-serif';

/** The one look of all figures. */
export const houseTheme: Config = Object.freeze<Config>({
  background: ink.paper,
  font: fontFamily,
  padding: 8,
  view: {stroke: null, continuousWidth: 320, continuousHeight: 220},
  title: {
    anchor: 'start', frame: 'group', align: 'left', fontSize: 13, fontWeight: 'bold', color: ink.text, offset: 12,
    subtitleFontSize: 11, subtitleColor: ink.quiet, subtitlePadding: 5,
  },
  axis: {
    labelFontSize: 10, titleFontSize: 11, titleFontWeight: 'normal', labelColor: ink.text, titleColor: ink.text,
    titlePadding: 7,
    domainColor: '#888888', tickColor: '#888888', tickSize: 4, gridColor: '#ececec', labelPadding: 3,
    labelOverlap: 'greedy', labelSeparation: 4,
  },
  axisX: {grid: false, labelFlush: false},
  axisY: {domain: false, ticks: false},
  header: {
    labelFontSize: 11, labelFontWeight: 'bold', labelColor: ink.text, titleFontSize: 11, titleColor: ink.text,
    labelPadding: 6,
  },
  legend: {
    labelFontSize: 10, titleFontSize: 11, titleFontWeight: 'normal', labelColor: ink.text, titleColor: ink.text,
    symbolStrokeWidth: 2, symbolSize: 60, labelLimit: 260, titleLimit: 260, symbolLimit: 100, rowPadding: 4,
  },
  line: {strokeWidth: 2, strokeCap: 'butt', strokeJoin: 'round'},
  point: {size: 40, filled: true, opacity: 1},
  range: {category: [...palette], heatmap: {scheme: 'viridis'}, ramp: {scheme: 'viridis'}},
  mark: {tooltip: true},
});
