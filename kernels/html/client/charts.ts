import {expressionInterpreter} from 'vega-interpreter';
import * as vega from 'vega';
import {make} from './dom';

declare global {
  /** Draws the chart of a figure in place of its picture, which stays for paper. */
  var obsnodeChart: (figure: HTMLElement) => Promise<void>;
}

/** Nothing is fetched and nothing leads away: the data are in the specification. */
const loader = {
  ...vega.loader(), load: () => Promise.reject(new Error('charts load nothing')),
  sanitize: () => Promise.reject(new Error('charts lead nowhere')),
} as unknown as vega.Loader;

globalThis.obsnodeChart = async figure => {
  const sheet = figure.querySelector<HTMLElement>('.sheet'), data = figure.querySelector('script[type$="json"]');
  const alt = figure.querySelector('img')?.alt ?? '';
  if (!sheet || !data) return;
  const spec = JSON.parse(data.textContent ?? '') as vega.Spec;
  const chart = make('div', {'class': 'chart', 'role': 'img', 'aria-label': alt});
  // Expressions are interpreted, not compiled: the page forbids code made from text.
  const view = new vega.View(vega.parse(spec, undefined, {ast: true}), {
    renderer: 'svg', container: chart, hover: true, loader, tooltip: tooltip, expr: expressionInterpreter,
    logLevel: vega.Error,
  } as vega.ViewOptions);
  await view.runAsync();
  chart.querySelector('svg')?.setAttribute('aria-hidden', 'true');
  sheet.append(chart);
  sheet.classList.add('live');
};

let tip: HTMLElement | undefined;

/** Data of the mark under the pointer, as text. */
function tooltip(_handler: unknown, event: MouseEvent, _item: unknown, value: unknown): void {
  tip?.remove();
  tip = undefined;
  if (value === null || value === undefined || value === '') return;
  const rows = typeof value === 'object' ? Object.entries(value).map(row =>
    make('tr', {}, ...row.map(cell => make('td', {}, String(cell))))) : [];
  const told = rows.length > 0 ? make('table', {}, make('tbody', {}, ...rows)) : String(value);
  tip = make('div', {class: 'tip'}, told);
  document.body.append(tip);
  const {width, height} = tip.getBoundingClientRect();
  tip.style.left = `${Math.min(event.clientX + 14, innerWidth - width - 6)}px`;
  tip.style.top = `${event.clientY + 14 + height < innerHeight ? event.clientY + 14 : event.clientY - height - 10}px`;
}
