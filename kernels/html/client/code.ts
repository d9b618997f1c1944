import {all, make} from './dom';

/** Puts a button for copying on every listing. @param within part of the page; default all of it */
export function addCopyButtons(within?: ParentNode): void {
  for (const code of all('pre.code:not(.lines)', within)) {
    const box = make('div', {class: 'code-box'});
    code.replaceWith(box);
    const button = make('button', {'type': 'button', 'class': 'copy', 'aria-label': 'Copy this code'}, 'Copy');
    button.addEventListener('click', () => void copy(code.textContent ?? '').then(done => {
      button.textContent = done ? 'Copied' : 'Select and copy';
      setTimeout(() => { button.textContent = 'Copy'; }, 1500);
    }));
    box.append(code, button);
  }
}

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** What scrolls sideways can be scrolled with the keyboard. */
export function reachScrollers(): void {
  const scrollers = all('pre, .scroll, .sheet, .katex-display');
  const check = (element: HTMLElement): void => {
    const scrolls = element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1;
    if (scrolls) element.tabIndex = 0;
    else element.removeAttribute('tabindex');
  };
  const observer = new ResizeObserver(entries => entries.forEach(({target}) => check(target as HTMLElement)));
  scrollers.forEach(scroller => observer.observe(scroller));
}

/** On paper nothing is folded. */
export function unfoldForPrint(): void {
  let opened: HTMLDetailsElement[] = [];
  addEventListener('beforeprint', () => {
    opened = all<HTMLDetailsElement>('details:not([open])');
    opened.forEach(fold => { fold.open = true; });
  });
  addEventListener('afterprint', () => opened.forEach(fold => { fold.open = false; }));
}

/** Opens the fold around the place that an address names. */
export function openTarget(): void {
  const open = (): void => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const fold = target?.closest<HTMLDetailsElement>('details:not([open])');
    if (fold) fold.open = true;
  };
  addEventListener('hashchange', open);
  open();
}
