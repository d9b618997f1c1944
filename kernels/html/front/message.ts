/**
 * The numbers behind the moving figure: what regression says, for every place of the sliders. All of them are computed
 * beforehand, so that the page needs no kernel.
 */
export interface MessageGrid {
  /** What a dose truly does to the next reading. */
  readonly effect: number;
  /** Values of each slider, ascending. */
  readonly axes: Readonly<Record<MessageAxis, readonly number[]>>;
  /** Answer of regression minus the truth, in units of {@link MessageGrid.unit}; the last axis moves fastest. */
  readonly bias: readonly number[];
  /** Standard deviation of the hidden state, given all measurements, in the same units and order. */
  readonly spread: readonly number[];
  /** Size of one step of the whole numbers above. */
  readonly unit: number;
}

/** The sliders, in the order of the grid. */
export const MESSAGE_AXES = ['confounding', 'decay', 'stateNoise', 'visits'] as const;

/** One of the sliders. */
export type MessageAxis = (typeof MESSAGE_AXES)[number];

/** Where the sliders stand: a position on each axis, counted from 0. */
export type MessagePlace = Readonly<Record<MessageAxis, number>>;

/** What the grid says at one place. */
export interface MessageValue {
  /** Values of the sliders. */
  readonly at: Readonly<Record<MessageAxis, number>>;
  readonly truth: number;
  readonly regression: number;
  readonly spread: number;
}

/** The value of the grid at a place. */
export function messageAt(grid: MessageGrid, place: MessagePlace): MessageValue {
  const index = MESSAGE_AXES.reduce((sum, axis) => sum * grid.axes[axis].length + place[axis], 0);
  const at = Object.fromEntries(MESSAGE_AXES.map(axis => [axis, grid.axes[axis][place[axis]]]));
  return {
    at: at as MessageValue['at'], truth: grid.effect, regression: grid.effect + grid.bias[index] * grid.unit,
    spread: grid.spread[index] * grid.unit,
  };
}

/** The values at all numbers of measurements, the other sliders staying where they are. */
export const messageCurve = (grid: MessageGrid, place: MessagePlace): MessageValue[] =>
  grid.axes.visits.map((_, visits) => messageAt(grid, {...place, visits}));

/** A number as a reader wants it: two digits behind the point and a true minus sign. */
export const readable = (value: number): string => value.toFixed(2).replace(/^-(0\.00)$/, '$1').replace('-', '\u2212');

/** What the figure shows, in words. */
export function messageText(grid: MessageGrid, place: MessagePlace): string {
  const {at, truth, regression, spread} = messageAt(grid, place), off = regression - truth;
  const known = `After ${at.visits} measurement${at.visits === 1 ? '' : 's'} the hidden state is known to within `
    + `±${readable(spread)} (one standard deviation).`;
  const answer = `Regression says that a dose changes the next reading by ${readable(regression)}; in truth, and by `
    + `the paper's formula, it is ${readable(truth)}.`;
  return `${known} ${answer} ${verdict(Math.abs(off), Math.abs(truth), at.confounding)}`;
}

function verdict(off: number, effect: number, confounding: number): string {
  if (confounding === 0) return 'Nothing is hidden from the record, and regression is right.';
  if (off < 0.005) return 'Nothing is left to learn about the state, and regression is right.';
  return `Regression is off by ${readable(off)}: it takes the treatment to be ${(1 + off / effect).toFixed(1)} times `
    + 'as helpful as it is.';
}
