import {channel, isPart, rowsOf, type Part} from './parts';

/** Width of a plot as it is drawn [px]; where only that of a band is given, from the bands of the fullest panel. */
export function plotWidth(plot: Part, spec: Part): number {
  return extentOf(plot, 'width', ['x', 'xOffset'], spec) ?? 320;
}

/** Height of a plot as it is drawn [px]. */
export function plotHeight(plot: Part, spec: Part): number {
  return extentOf(plot, 'height', ['y', 'yOffset'], spec) ?? 220;
}

function extentOf(
  plot: Part, side: 'width' | 'height', [along, offset]: readonly [string, string], spec: Part,
): number | undefined {
  const size = plot[side];
  if (typeof size === 'number') return size;
  if (!isPart(size) || typeof size.step !== 'number') return undefined;
  const bands = valuesOf(plot, along, spec) * (size.for === 'offset' ? valuesOf(plot, offset, spec) : 1);
  return size.step * Math.max(1, bands);
}

/** How many values the field of a channel has. */
export function valuesOf(plot: Part, name: string, spec: Part): number {
  const field = channel(plot, name)?.field;
  return typeof field === 'string' ? new Set(rowsOf(spec).map(row => row[field])).size : 1;
}
