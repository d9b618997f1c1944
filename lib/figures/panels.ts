import {expect, expectWhole} from '../errors';
import type {FigureBody} from './figure';
import {headingLines} from './text';

/** Size and arrangement of a figure's panels. */
export interface PanelOptions {
  /** Width of a panel in px, in [60, 2000]; default 320, or 220 with three panels or more. */
  readonly width?: number;
  /** Height of a panel in px, in [40, 2000]; default 0.65 of the width. */
  readonly height?: number;
  /** Panels side by side; default at most 3, in rows of equal length. */
  readonly columns?: number;
  /** Each panel has its own y axis, default false. */
  readonly freeY?: boolean;
}

/**
 * One plot of `layers`, or small multiples by the field `panel` when it has several values.
 * @throws ArgumentError for sizes outside their limits, or more than 100 panels.
 */
export function panelled(layers: readonly object[], panels: readonly string[], options: PanelOptions): FigureBody {
  checkPanels(panels.length, options);
  const width = panelWidth(panels.length, options);
  const spec = {width, height: panelHeight(panels.length, options), layer: layers};
  if (panels.length < 2) return spec as unknown as FigureBody;
  return {
    facet: {
      field: 'panel', type: 'nominal', sort: panels, title: null,
      header: {labelAnchor: 'start', labelPadding: 4, labelExpr: headingLines(panels, width)},
    },
    columns: columnsOf(panels.length, options),
    spacing: 22, spec,
    resolve: {axis: {}, scale: {y: options.freeY ? 'independent' : 'shared'}},
  } as unknown as FigureBody;
}

/** The last panels of the full rows of so many columns. */
export function lastOfRows<T>(panels: readonly T[], columns: number): T[] {
  const across = Math.min(columns, panels.length);
  return panels.filter((_, k) => k % across === across - 1);
}

/** How many of so many panels stand side by side. */
export function columnsOf(panels: number, {columns}: PanelOptions): number {
  return columns ?? balancedColumns(panels);
}

/** Width in px of one of so many panels. */
export function panelWidth(panels: number, {width}: PanelOptions): number {
  return width ?? (panels > 2 ? 220 : 320);
}

/** Height in px of one of so many panels. */
export function panelHeight(panels: number, options: PanelOptions): number {
  return options.height ?? Math.round(panelWidth(panels, options) * 0.65);
}

function checkPanels(panels: number, {width, height, columns}: PanelOptions): void {
  const fn = 'figure';
  for (const [argument, px, low] of [['width', width, 60], ['height', height, 40]] as const) {
    expect(px === undefined || (px >= low && px <= 2000), {
      fn, argument, expected: `in [${low}, 2000] px`, received: px,
    });
  }
  if (columns !== undefined) expectWhole(fn, {columns});
  expect(panels <= 100, {
    fn, argument: 'panel', expected: 'of at most 100 values', received: panels, remedy: 'Draw several figures.',
  });
}

/** At most three panels side by side, and no row much shorter than the others: four stand two by two. */
export function balancedColumns(panels: number): number {
  return Math.ceil(panels / Math.ceil(panels / 3));
}
