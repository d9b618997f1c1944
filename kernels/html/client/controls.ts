import {all, make, remember} from './dom';

/** The controls of the bar: what of the cells is shown, and in which colours. */
export function addControls(bar: HTMLElement): void {
  if (all('.cell').length > 0) bar.append(codeChoice());
  bar.append(themeButton());
}

const CHOICES = {folded: 'Long code folded', all: 'All code', prose: 'Prose only'} as const;
type Choice = keyof typeof CHOICES;

function codeChoice(): HTMLElement {
  const select = make('select', {'aria-label': 'Code shown', id: 'code-shown'});
  for (const [value, label] of Object.entries(CHOICES)) select.append(make('option', {value}, label));
  const chosen = remember('obsnode-code');
  select.value = chosen && chosen in CHOICES ? chosen : 'folded';
  const apply = (): void => show(select.value as Choice);
  select.addEventListener('change', () => {
    remember('obsnode-code', select.value);
    apply();
  });
  if (select.value !== 'folded') apply();
  return select;
}

function show(choice: Choice): void {
  document.body.classList.toggle('prose-only', choice === 'prose');
  for (const fold of all<HTMLDetailsElement>('details.fold')) fold.open = choice === 'all';
}

function themeButton(): HTMLElement {
  const root = document.documentElement;
  const dark = (): boolean => (root.dataset.theme
    ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches);
  const button = make('button', {'type': 'button', 'aria-pressed': String(dark())}, 'Dark');
  button.addEventListener('click', () => {
    root.dataset.theme = dark() ? 'light' : 'dark';
    remember('obsnode-theme', root.dataset.theme);
    button.setAttribute('aria-pressed', String(dark()));
  });
  return button;
}
