import {ink, palette} from './theme';

/** What a key under a causal graph explains. */
export interface DagKeyParts {
  readonly hidden: boolean;
  readonly treatment: boolean;
  readonly outcome: boolean;
  readonly conditioned: boolean;
  /** What dashed arrows stand for; absent where there are none. */
  readonly dashed?: string;
}

interface Entry { readonly text: string; readonly ring?: object; readonly arrow?: boolean }

const SIZE = 11, LINE = 20, SIGN = 24, GAP = 16;

/**
 * Layers of a key below a graph that ends at `bottom`, between `left` and `right`, and where the key ends. One pixel is
 * one unit of both axes.
 */
export function dagKey(
  parts: DagKeyParts, {left, right, bottom}: Readonly<{left: number; right: number; bottom: number}>,
) {
  let x = left + 10, y = bottom + 14;
  const placed = entries(parts).map(entry => {
    const width = SIGN + entry.text.length * SIZE * 0.56;
    if (x > left + 10 && x + width > right) [x, y] = [left + 10, y + LINE];
    const at = {...entry, x, y};
    x += width + GAP;
    return at;
  });
  return {layers: placed.flatMap(layersOf), bottom: y + LINE / 2};
}

function entries({hidden, treatment, outcome, conditioned, dashed}: DagKeyParts): Entry[] {
  const ring = (style: object) => ({fill: ink.paper, stroke: ink.text, strokeWidth: 1.3, ...style});
  return [
    ...(treatment ? [{text: 'treatment', ring: ring({stroke: palette[1], strokeWidth: 2.2})}] : []),
    ...(outcome ? [{text: 'outcome', ring: ring({stroke: palette[0], strokeWidth: 2.2})}] : []),
    ...(hidden ? [{text: 'not measured', ring: ring({strokeDash: [3, 2]})}] : []),
    ...(conditioned ? [{text: 'conditioned on', ring: ring({fill: ink.faint})}] : []),
    ...(dashed ? [{text: dashed, arrow: true}] : []),
  ];
}

function layersOf({x, y, text, ring, arrow}: Entry & Readonly<{x: number; y: number}>): object[] {
  const line = [{x: x - 6, y, order: 0}, {x: x + 12, y, order: 1}];
  return [
    ...(ring ? [{
      data: {values: [{x, y}]},
      mark: {type: 'point', shape: 'circle', filled: true, size: 110, opacity: 1, tooltip: false, ...ring},
    }] : []),
    ...(arrow ? [{
      data: {values: line},
      mark: {type: 'line', color: '#444444', strokeWidth: 1.2, strokeDash: [5, 3], tooltip: false},
      encoding: {order: {field: 'order'}},
    }, {
      data: {values: [{x: x + 15, y}]},
      mark: {
        type: 'point', shape: 'M0,0L-1,0.42L-0.78,0L-1,-0.42Z', size: 90, color: '#444444', filled: true,
        tooltip: false,
      },
    }] : []),
    {
      data: {values: [{x: x + (arrow ? 22 : 12), y, text}]},
      mark: {type: 'text', align: 'left', baseline: 'middle', fontSize: SIZE, color: ink.text, tooltip: false},
      encoding: {text: {field: 'text'}},
    },
  ];
}
