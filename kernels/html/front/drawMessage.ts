import {messageAt, messageCurve, readable, type MessageGrid, type MessagePlace} from './message';

/** The picture as SVG, at a width in pixels: letters keep their size on every screen. */
export interface MessagePictures {
  /** Answers over the number of measurements. */
  readonly answers: string;
  /** What the record leaves open about the hidden state. */
  readonly state: string;
}

const HEIGHT = 290, LEFT = 52, RIGHT = 16, TOP = 34, BOTTOM = 46;
/** Ends of the vertical axis: they hold every answer of the grid. */
const LEAST = -0.9, MOST = 0;

/** Both pictures. @param widths of the two in pixels @param title text that stands for each of them */
export function drawMessage(
  grid: MessageGrid, place: MessagePlace, widths: {readonly answers: number; readonly state: number},
): MessagePictures {
  return {answers: drawAnswers(grid, place, widths.answers), state: drawState(grid, place, widths.state)};
}

const px = (value: number): string => value.toFixed(1);

function drawAnswers(grid: MessageGrid, place: MessagePlace, width: number): string {
  const {visits} = grid.axes, last = Math.log(visits[visits.length - 1]);
  const x = (n: number) => LEFT + (width - LEFT - RIGHT) * Math.log(n) / last;
  const y = (value: number) => TOP + (HEIGHT - TOP - BOTTOM) * (MOST - value) / (MOST - LEAST);
  const curve = messageCurve(grid, place), now = messageAt(grid, place), at = x(now.at.visits);
  const path = (upTo: number) =>
    curve.slice(0, upTo).map((v, k) => `${k ? 'L' : 'M'}${px(x(v.at.visits))} ${px(y(v.regression))}`).join('');
  const truth = y(grid.effect), answer = y(now.regression), low = answer - truth > 26;
  const side = at > width - 110 ? {x: at - 10, anchor: 'end'} : {x: at + 10, anchor: 'start'};
  const marks = [
    `<path class="later" d="${path(curve.length)}"/>`, `<path class="regression" d="${path(place.visits + 1)}"/>`,
    `<path class="truth" d="M${LEFT} ${px(truth)}H${width - RIGHT}"/>`,
    `<text class="truth" x="${width - RIGHT}" y="${px(truth - 8)}" text-anchor="end">truth = equation (4)</text>`,
    `<path class="gap" d="M${px(at)} ${px(truth)}V${px(answer)}"/>`,
    `<circle class="regression" cx="${px(at)}" cy="${px(answer)}" r="6"/>`,
    `<text class="regression" x="${px(side.x)}" y="${px(low ? answer + 16 : truth + 24)}" `
      + `text-anchor="${side.anchor}">regression: ${readable(now.regression)}</text>`,
  ];
  return svg(width, 'answers', [
    `<text class="head" x="0" y="14">What a dose does to the next reading</text>`,
    ...[0, -0.2, -0.4, -0.6, -0.8].map(v => `<path class="grid" d="M${LEFT} ${px(y(v))}H${width - RIGHT}"/>`
      + `<text x="${LEFT - 8}" y="${px(y(v) + 4)}" text-anchor="end">${v ? readable(v).slice(0, -1) : '0'}</text>`),
    ...[1, 2, 4, 8, 16, 32, 64].map(n =>
      `<text x="${px(x(n))}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${n}</text>`),
    `<text x="${px((LEFT + width - RIGHT) / 2)}" y="${HEIGHT - 8}" text-anchor="middle">measurements so far</text>`,
    ...marks,
  ]);
}

/** The law of the hidden state given the record: a bell, narrow where the state is known. */
function drawState(grid: MessageGrid, place: MessagePlace, width: number): string {
  const {spread} = messageAt(grid, place), base = HEIGHT - BOTTOM, middle = width / 2, half = (width - 16) / 2;
  const x = (z: number) => middle + half * z / 2, height = base - TOP - 22;
  const bell = Array.from({length: 121}, (_, k) => (k - 60) / 30).map(z =>
    `${px(x(z))} ${px(base - height * Math.exp(-0.5 * (z / Math.max(spread, 0.012)) ** 2))}`);
  return svg(width, 'state', [
    `<text class="head" x="0" y="14">The hidden state, as known</text>`,
    `<path class="bell" d="M${bell.join('L')}Z"/>`,
    `<path class="axis" d="M8 ${base}H${width - 8}"/>`,
    `<path class="true-state" d="M${px(middle)} ${base + 4}V${TOP}"/>`,
    ...[-2, -1, 1, 2].map(z => `<text x="${px(x(z) - Math.sign(z) * (Math.abs(z) > 1 ? 8 : 0))}" y="${base + 18}" `
      + `text-anchor="middle">${z > 0 ? '+' : '\u2212'}${Math.abs(z)}</text>`),
    `<text x="${px(middle)}" y="${base + 18}" text-anchor="middle">best guess</text>`,
    `<text x="${px(middle)}" y="${HEIGHT - 8}" text-anchor="middle">within ±${readable(spread)}</text>`,
  ]);
}

const svg = (width: number, name: string, parts: readonly string[]): string =>
  `<svg class="${name}" viewBox="0 0 ${width} ${HEIGHT}" width="${width}" height="${HEIGHT}" aria-hidden="true" `
  + `focusable="false">${parts.join('')}</svg>`;
