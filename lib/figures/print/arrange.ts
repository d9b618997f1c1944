import {isPart, plots, type Part} from './parts';
import type {PrintSize} from './options';
import {plotWidth} from './sizes';

/** A plot narrower than so many letters is read with a lens: fewer stand side by side. */
const LEAST_LETTERS = 9;

/**
 * Rearranges, in place, the panels of `spec` so that they can be read at this width: fewer side by side, and a grid
 * with more columns than rows is turned.
 * @param aside width that legends take [px]
 * @param most panels side by side, at most
 * @returns how many stand side by side now
 */
export function arrange(spec: Part, size: PrintSize, aside: number, most = Infinity): number {
  if (Array.isArray(spec.hconcat)) {
    spec.concat = spec.hconcat;
    spec.columns = (spec.hconcat as Part[]).length;
    delete spec.hconcat;
  }
  if (isPart(spec.facet)) unroll(spec, spec.facet);
  if (Array.isArray(spec.concat)) return arrangeConcat(spec, size, aside, most);
  if (isPart(spec.facet) && 'field' in spec.facet) return arrangeWrapped(spec, size, aside, most);
  return isPart(spec.facet) ? arrangeGrid(spec, spec.facet, size, aside) : 1;
}

/** A grid of one row, or one column, becomes panels that may stand in several. */
function unroll(spec: Part, facet: Part): void {
  const [rows, columns] = [facet.row, facet.column].map(panelsOf);
  if (!isPart(facet.row) || !isPart(facet.column) || Math.min(rows, columns) > 1 || Math.max(rows, columns) < 2) return;
  const {header, ...field} = (rows > 1 ? facet.row : facet.column) as {header: Part} & Part;
  Object.assign(spec, {
    facet: {...field, header: {labelAnchor: 'start', ...(header.labelExpr ? {labelExpr: header.labelExpr} : {})}},
    columns: rows > 1 ? Math.min(3, rows) : columns, spacing: 0, resolve: {axis: {}},
  });
}

const panelsOf = (side: unknown): number => (isPart(side) && Array.isArray(side.sort) ? side.sort.length : 1);

/** How many plots fit side by side: `outside` is what each needs beside itself [px]. */
function columnsWithin(most: number, {width, font}: PrintSize, aside: number, outside: number): number {
  for (let columns = most; columns > 1; columns--) {
    if ((width - aside) / columns - outside >= LEAST_LETTERS * font) return columns;
  }
  return 1;
}

function arrangeWrapped(spec: Part, size: PrintSize, aside: number, most: number): number {
  const free = isPart(spec.resolve) && isPart(spec.resolve.scale) && spec.resolve.scale.y === 'independent';
  const columns = columnsWithin(
    Math.min(Number(spec.columns ?? 1), most), size, aside + 3 * size.font, (free ? 4 : 1.5) * size.font);
  spec.columns = Math.ceil(panelsOf(spec.facet) / Math.ceil(panelsOf(spec.facet) / columns));
  spec.spacing = 1.6 * size.font;
  return spec.columns as number;
}

/** Each plot of a row has its own labels; the first of each row says what the axis is. */
function arrangeConcat(spec: Part, size: PrintSize, aside: number, most: number): number {
  const parts = spec.concat as Part[];
  const now = Math.min(Number(spec.columns ?? parts.length), parts.length, most);
  const columns = columnsWithin(now, size, aside, 5 * size.font);
  const said = plots(parts[0]).map(labelsOfY);
  parts.forEach((part, i) => plots(part).forEach((plot, k) => {
    if (said[k] && i % columns === 0) giveLabelsOfY(plot, said[k]);
  }));
  Object.assign(spec, {columns, spacing: {row: 1.6 * size.font, column: 1.6 * size.font}});
  return columns;
}

interface LabelsOfY {
  readonly title: unknown;
  readonly labels: unknown;
}

function labelsOfY(plot: Part): LabelsOfY | undefined {
  const y = channels(plot, 'y').find(one => 'title' in one);
  return y && {title: y.title, labels: isPart(y.axis) ? y.axis.labels : undefined};
}

function giveLabelsOfY(plot: Part, {title, labels}: LabelsOfY): void {
  for (const y of channels(plot, 'y').filter(one => 'title' in one)) {
    y.title = title;
    if (labels !== undefined && isPart(y.axis)) y.axis.labels = labels;
  }
}

function channels(plot: Part, name: string): Part[] {
  const parts = [plot, ...((plot.layer as Part[] | undefined) ?? [])];
  return parts.map(part => (isPart(part.encoding) ? part.encoding[name] : undefined)).filter(isPart);
}

function arrangeGrid(spec: Part, facet: Part, size: PrintSize, aside: number): number {
  const [columns, rows] = [panelsOf(facet.column), panelsOf(facet.row)];
  const room = (n: number) => (size.width - aside - 5 * size.font) / n;
  const [plot] = plots(spec), shrunk = room(columns) / plotWidth(plot, spec);
  if (rows < columns && (room(columns) < LEAST_LETTERS * size.font || shrunk < 0.5)) turn(facet);
  spec.spacing = {row: 0.8 * size.font, column: 0.8 * size.font};
  return 1;
}

/** Rows become columns. */
function turn(facet: Part): void {
  const [row, column] = [facet.row as Part, facet.column as Part];
  const [ofRow, ofColumn] = [row.header, column.header] as Part[];
  const swap = (from: Part, as: Part, own: Part): Part => {
    const {labelExpr} = own;
    const {labelExpr: _, ...look} = as;
    return {...from, header: own.labels === false ? own : {...look, ...(labelExpr ? {labelExpr} : {})}};
  };
  facet.row = swap(column, looks(ofRow, ROW), ofColumn);
  facet.column = swap(row, looks(ofColumn, COLUMN), ofRow);
}

const ROW = {labelAngle: -90, labelAlign: 'center', labelAnchor: 'middle', labelOrient: 'left', labelPadding: 4};
const COLUMN = {labelAnchor: 'middle', labelBaseline: 'bottom'};

const looks = (header: Part, otherwise: Part): Part => (header.labels === false ? otherwise : header);
