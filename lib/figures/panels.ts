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

/** One plot of `layers`, or small multiples by the field `panel` when it has several values. */
export function panelled(layers: readonly object[], panels: readonly string[], options: PanelOptions): FigureBody {
  const width = options.width ?? (panels.length > 2 ? 220 : 320);
  const spec = {width, height: options.height ?? Math.round(width * 0.65), layer: layers};
  if (panels.length < 2) return spec as unknown as FigureBody;
  return {
    facet: {field: 'panel', type: 'nominal', sort: panels, title: null, header: {labelAnchor: 'start', labelPadding: 4, labelExpr: headingLines(panels, width)}},
    columns: options.columns ?? balancedColumns(panels.length),
    spacing: 22, spec,
    resolve: {axis: {}, scale: {y: options.freeY ? 'independent' : 'shared'}},
  } as unknown as FigureBody;
}

/** At most three panels side by side, and no row much shorter than the others: four stand two by two. */
export function balancedColumns(panels: number): number {
  return Math.ceil(panels / Math.ceil(panels / 3));
}
