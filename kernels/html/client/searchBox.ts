import {all, asset, load, make} from './dom';
import type {Hit} from './search';

/** The search of all pages. Its words are loaded when it is used for the first time. */
export function addSearch(bar: HTMLElement): void {
  const input = make('input', {
    'type': 'search', 'placeholder': 'Search', 'aria-label': 'Search all pages', 'autocomplete': 'off',
    'aria-keyshortcuts': '/',
  });
  const hits = make('div', {class: 'hits', hidden: ''});
  const box = make('search', {class: 'search'}, input, hits);
  bar.append(box);
  const close = (): void => { hits.hidden = true; };
  const update = (): void => void find(input.value).then(found => show(hits, input.value, found), () =>
    show(hits, input.value, undefined));
  input.addEventListener('focus', () => void ready().catch(() => undefined));
  input.addEventListener('input', () => (input.value.trim() === '' ? close() : update()));
  box.addEventListener('keydown', event => {
    if (event.key === 'Escape') {
      close();
      input.focus();
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      move(box, event.key === 'ArrowDown' ? 1 : -1);
    }
  });
  hits.addEventListener('click', event => {
    if ((event.target as Element).closest('a')) close();
  });
  document.addEventListener('click', event => {
    if (!box.contains(event.target as Node)) close();
  });
  box.addEventListener('focusout', event => {
    if (event.relatedTarget && !box.contains(event.relatedTarget as Node)) close();
  });
  document.addEventListener('keydown', event => {
    const typing = (event.target as Element).matches('input, select');
    if (event.key !== '/' || event.ctrlKey || event.metaKey || typing) return;
    event.preventDefault();
    input.focus();
  });
}

const ready = (): Promise<unknown> => load('search-index.js').then(() => load('search.js'));

const find = (words: string): Promise<readonly Hit[]> => ready().then(() => globalThis.obsnodeSearch(words));

function move(box: HTMLElement, step: number): void {
  const stops = all('input, .hits:not([hidden]) a', box);
  stops[Math.min(stops.length - 1, Math.max(0, stops.indexOf(document.activeElement as HTMLElement) + step))]?.focus();
}

function show(hits: HTMLElement, words: string, found: readonly Hit[] | undefined): void {
  const status = found ? `${found.length === 0 ? 'Nothing' : found.length} found for “${words}”`
    : 'The search cannot be loaded.';
  const items = (found ?? []).map(({url, page, heading, before, match, after}) =>
    make('li', {}, make('a', {href: asset(`../${url}`)}, make('strong', {}, heading),
      make('span', {}, before, make('mark', {}, match), after), make('span', {class: 'where'}, ` ${page}`))));
  hits.replaceChildren(make('p', {class: 'status', role: 'status'}, status), make('ol', {}, ...items));
  hits.hidden = false;
}
