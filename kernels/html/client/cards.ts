import {all, make} from './dom';

/** What shows a card: symbols, works and equations elsewhere by name, equations of the page by their place. */
const ASKING = 'a[data-card], a[href^="#eq-"]:not(.anchor)';

const CARD = 'card-shown';

/** Shows a card when the reader points at a word or reaches it with the keyboard; Escape closes it. */
export function showCards(): void {
  let asking: HTMLElement | undefined, card: HTMLElement | undefined, timer: ReturnType<typeof setTimeout> | undefined;
  const close = (): void => {
    clearTimeout(timer);
    card?.remove();
    asking?.removeAttribute('aria-describedby');
    [card, asking] = [undefined, undefined];
  };
  const open = (link: HTMLElement): void => {
    clearTimeout(timer);
    if (link === asking) return;
    close();
    const content = contentFor(link as HTMLAnchorElement);
    if (!content) return;
    card = make('div', {class: 'card', role: 'tooltip', id: CARD}, content);
    document.body.append(card);
    place(card, link);
    link.setAttribute('aria-describedby', CARD);
    asking = link;
  };
  const askedBy = (event: Event): HTMLElement | null => (event.target as Element).closest?.(ASKING) ?? null;
  const later = (act: () => void, ms: number): void => {
    clearTimeout(timer);
    timer = setTimeout(act, ms);
  };
  document.addEventListener('mouseover', event => {
    const link = askedBy(event);
    if (link) later(() => open(link), 120);
    else if (card?.contains(event.target as Node)) clearTimeout(timer);
    else if (card || timer) later(close, 250);
  });
  document.addEventListener('focusin', event => {
    const link = askedBy(event);
    if (link) open(link);
    else close();
  });
  document.addEventListener('keydown', event => {
    if (event.key === 'Escape') close();
  });
}

function contentFor(link: HTMLAnchorElement): Node | undefined {
  const name = link.dataset.card ?? decodeURIComponent(link.hash.slice(1)), found = document.getElementById(name);
  const block = found?.matches('blockquote > span') ? found.parentElement : found;
  if (!block) return undefined;
  const copy = block.cloneNode(true) as HTMLElement;
  for (const element of [copy, ...all('*', copy)]) {
    element.removeAttribute('id');
    element.removeAttribute('tabindex');
  }
  all('a', copy).forEach(inner => inner.replaceWith(...Array.from(inner.childNodes)));
  return copy;
}

/** Below the word, or above it where there is no room. */
function place(card: HTMLElement, link: HTMLElement): void {
  const word = link.getBoundingClientRect(), {width, height} = card.getBoundingClientRect();
  const below = word.bottom + height + 12 < innerHeight || word.top < height + 12;
  const left = Math.max(8, Math.min(word.left, document.documentElement.clientWidth - width - 8));
  card.style.left = `${left + scrollX}px`;
  card.style.top = `${(below ? word.bottom + 6 : word.top - height - 6) + scrollY}px`;
}
