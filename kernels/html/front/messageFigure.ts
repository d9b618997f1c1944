import {escapeHtml} from '../../../lib/notebook/mime';
import {drawMessage} from './drawMessage';
import {messageText, type MessageAxis, type MessageGrid, type MessagePlace} from './message';

/** What the sliders are called. */
const LABELS: Readonly<Record<MessageAxis, string>> = {
  visits: 'measurements so far', confounding: 'strength of the hidden cause',
  stateNoise: 'chance in the body (sd a step)', decay: 'what is left of a difference after one step',
};

/** The order of the sliders on the page. */
const SHOWN: readonly MessageAxis[] = ['visits', 'confounding', 'stateNoise', 'decay'];

/** Wards that a reader should try, by the values of the sliders. */
const WARDS: readonly (readonly [name: string, values: Readonly<Record<MessageAxis, number>>])[] = [
  ['nothing hidden', {confounding: 0, stateNoise: 0.3, decay: 0.9, visits: 8}],
  ['the body forgets', {confounding: 1, stateNoise: 0, decay: 0.9, visits: 64}],
  ['the body is moved by chance', {confounding: 1, stateNoise: 0.3, decay: 0.9, visits: 64}],
  ['differences grow', {confounding: 1, stateNoise: 0, decay: 1.1, visits: 64}],
];

const START: Readonly<Record<MessageAxis, number>> = {confounding: 1, stateNoise: 0, decay: 0.9, visits: 3};

/** The moving figure as markup: a picture with its words, and sliders that appear where scripts run. */
export function messageFigure(grid: MessageGrid, links: {readonly problem: string; readonly formula: string}): string {
  const place = placeOf(grid, START), {answers, state} = drawMessage(grid, place, {answers: 600, state: 270});
  const wards = WARDS.map(([name, values]) => `<button type="button" data-place="${
    escapeHtml(JSON.stringify(placeOf(grid, values)))}">${name}</button>`).join(' ');
  const numbers = JSON.stringify(grid).replace(/</g, '\\u003c');
  return `<figure id="message" class="message" aria-labelledby="message-title">
<div class="pictures"><div class="answers-box">${answers}</div><div class="state-box">${state}</div></div>
<p id="message-said" class="said" aria-live="polite">${messageText(grid, place)}</p>
<div class="controls">
<p class="wards"><button type="button" id="message-play" class="play">▶ Measure on</button> or try ${wards}</p>
<div class="sliders">${SHOWN.map(axis => slider(grid, axis, place[axis])).join('')}</div>
</div>
<figcaption><b id="message-title">When does the record tell what a treatment does?</b> A ward in equations: a hidden
state moves under treatment and is read with error; something that is in no record pushes both treatment and reading.
The regression knows every reading and every dose. It errs the more, the less is known of the state, because it takes
what the dose betrays about the state for what the dose does; the paper's formula keeps the dose out of its estimate of
the state. Both answers are exact, as from endless records, at every place of the sliders:
<a href="${escapeHtml(links.problem)}">notebook 01</a> explains the ward,
<a href="${escapeHtml(links.formula)}">notebook 02</a> derives the formula.</figcaption>
<script type="application/json">${numbers}</script>
</figure>`;
}

/** The place of the sliders at which they have these values. */
function placeOf(grid: MessageGrid, values: Readonly<Record<MessageAxis, number>>): MessagePlace {
  const place = Object.entries(values).map(([axis, value]) => [axis, grid.axes[axis as MessageAxis].indexOf(value)]);
  return Object.fromEntries(place) as MessagePlace;
}

function slider(grid: MessageGrid, axis: MessageAxis, at: number): string {
  const values = grid.axes[axis], id = `message-${axis}`;
  return `<div class="slider"><label for="${id}">${LABELS[axis]}</label>`
    + `<input type="range" id="${id}" min="0" max="${values.length - 1}" step="1" value="${at}" `
    + `aria-valuetext="${values[at]}"><output id="${id}-value" for="${id}">${values[at]}</output></div>`;
}
