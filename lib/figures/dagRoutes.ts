/** An arrow between variables, or a two-headed dashed one that stands for a hidden common cause. */
export interface DagEdge {
  readonly from: string;
  readonly to: string;
  /** Default `'directed'`. */
  readonly kind?: 'directed' | 'bidirected';
  /** Dashed, e.g. for an edge that only dynamic treatment regimes have. */
  readonly dashed?: boolean;
}

type Point = readonly [x: number, y: number];

/** How an edge runs on the page, in px, rows counted downwards. */
export interface EdgeRoute {
  readonly edge: DagEdge;
  readonly points: readonly Point[];
  /** Arrow heads: tip and direction in degrees clockwise from right. */
  readonly heads: readonly {readonly at: Point; readonly angle: number}[];
}

/**
 * Straight lines between node rims; two-headed edges, and edges that would run through a third node or over their
 * reverse, bend.
 */
export function edgeRoutes(edges: readonly DagEdge[], place: ReadonlyMap<string, Point>, radius: number): EdgeRoute[] {
  return edges.map(edge => {
    const [from, to] = [place.get(edge.from)!, place.get(edge.to)!];
    const others = [...place].filter(([id]) => id !== edge.from && id !== edge.to).map(([, at]) => at);
    const twin = edges.some(other => other !== edge
      && ((other.from === edge.to && other.to === edge.from) || (other.from === edge.from && other.to === edge.to)));
    const bends = edge.kind === 'bidirected' ? [0.32, -0.32, 0.6, -0.6]
      : twin ? [0.22, -0.22, 0.4]
      : [0, -0.1, 0.1, 0.25, -0.25, 0.4, -0.4, 0.6];
    const curves = bends.map(bend => curve(from, to, bend));
    const clear = (points: readonly Point[]) =>
      Math.min(Infinity, ...others.flatMap(at => points.map(point => distance(point, at))));
    const chosen = curves.find(points => clear(points) > radius + 5)
      ?? curves.reduce((best, points) => (clear(points) > clear(best) ? points : best));
    return route(edge, chosen, [from, to], radius + 2);
  });
}

/** 41 points of the parabola whose middle leaves the chord by `bend` / 2 of its length, to the left of the way. */
function curve([x0, y0]: Point, [x1, y1]: Point, bend: number): Point[] {
  const [cx, cy] = [(x0 + x1) / 2 + bend * (y1 - y0), (y0 + y1) / 2 - bend * (x1 - x0)];
  return Array.from({length: 41}, (_, k) => {
    const t = k / 40;
    const [a, b, c] = [(1 - t) ** 2, 2 * t * (1 - t), t * t];
    return [a * x0 + b * cx + c * x1, a * y0 + b * cy + c * y1] as const;
  });
}

function route(edge: DagEdge, points: readonly Point[], [from, to]: readonly [Point, Point], rim: number): EdgeRoute {
  const inside = points.filter(point => distance(point, from) >= rim && distance(point, to) >= rim);
  const [start, end] = [onRim(from, inside[0], rim), onRim(to, inside[inside.length - 1], rim)];
  const heads = [
    {at: end, angle: direction(inside[inside.length - 1], to)},
    ...(edge.kind === 'bidirected' ? [{at: start, angle: direction(inside[0], from)}] : []),
  ];
  // a line that ends at the tip would blunt it
  const shortened = onRim(to, inside[inside.length - 1], rim + 5);
  const first = edge.kind === 'bidirected' ? onRim(from, inside[0], rim + 5) : start;
  const body = inside.filter(point =>
    distance(point, to) > rim + 5 && (edge.kind !== 'bidirected' || distance(point, from) > rim + 5));
  return {edge, points: [first, ...body, shortened], heads};
}

function onRim([x, y]: Point, [px, py]: Point, rim: number): Point {
  const far = distance([x, y], [px, py]);
  return [x + (rim * (px - x)) / far, y + (rim * (py - y)) / far];
}

function direction([x0, y0]: Point, [x1, y1]: Point): number {
  return (Math.atan2(y1 - y0, x1 - x0) * 180) / Math.PI;
}

function distance([x0, y0]: Point, [x1, y1]: Point): number {
  return Math.hypot(x1 - x0, y1 - y0);
}
