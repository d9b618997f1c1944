import type {EditorView} from '@codemirror/view';
import type {CellView, OutputsChange, Question} from '../protocol';
import {make} from '../../html/client/dom';
import {button} from './button';
import type {EditorHost} from './editor';

/** How a cell is run. */
export interface RunOptions {
  /** Whether all cells below follow. Default: this one alone. */
  readonly below?: boolean;
  /** Whether the reader goes on to the next cell. Default: stays. */
  readonly advance?: boolean;
}

/** What a cell asks of its page. */
export interface CellHost extends Pick<EditorHost, 'complete' | 'inspect' | 'errors'> {
  readonly nonce: string;
  /** @param draft null for the text of the notebook */
  readonly edited: (draft: string | null) => void;
  readonly run: (options: RunOptions) => void;
  readonly interrupt: () => void;
  readonly answer: (value: string) => void;
  /** New markup is on the page. */
  readonly added: (place: HTMLElement) => void;
}

const FRESH: Omit<CellView, 'cell'> = {phase: 'fresh', count: null, ran: null, took: null, stale: false};

/** A code cell on the page: its listing, the editor that takes its place, its outputs, and what is said of it. */
export class CellBox {
  view: CellView;
  private text: string;
  private editor: EditorView | undefined;
  private opening: Promise<EditorView> | undefined;
  private readonly listing: HTMLElement;
  private readonly code: HTMLElement;
  private readonly listed: HTMLElement;
  private readonly counter: HTMLElement;
  /** What the page of the notebook says in its place. */
  private readonly printed: string;
  private readonly place = make('div', {class: 'live-editor', hidden: ''});
  private readonly tools = make('div', {class: 'live-tools'});
  private readonly note = make('div', {class: 'live-note', role: 'status'});
  private readonly below = make('div', {class: 'live-below'});
  private outputs: HTMLElement | undefined;
  private since = 0;
  private ticker = 0;

  /** @param original text of the notebook */
  constructor(
    readonly cell: string, private readonly section: HTMLElement, private readonly original: string,
    private readonly host: CellHost,
  ) {
    this.view = {cell, ...FRESH};
    this.text = original;
    this.code = section.querySelector<HTMLElement>('pre.code')!;
    this.listing = this.code;
    while (this.listing.parentElement !== section) this.listing = this.listing.parentElement!;
    this.listing.after(this.place, this.tools, this.note, this.below);
    this.fillTools();
    // On the text itself: whether the box around it can be focused depends on whether it scrolls.
    this.counter = section.querySelector<HTMLElement>('.count')!;
    this.printed = this.counter.textContent ?? '';
    this.listed = this.code.querySelector('code')!;
    this.listed.tabIndex = 0;
    this.listed.setAttribute('role', 'group');
    this.listed.setAttribute('aria-label', 'Code; press Enter to change it');
    this.code.addEventListener('click', ({clientX: x, clientY: y}) => {
      if (getSelection()?.isCollapsed !== false) void this.edit({x, y});
    });
    this.code.addEventListener('keydown', (event) => this.key(event));
  }

  private fillTools(): void {
    const run = button('Run', 'Run this cell (Shift+Enter, Ctrl+Enter)', () => this.host.run({}));
    run.classList.add('live-run');
    const below = button('Run from here', 'Run this cell and all below', () => this.host.run({below: true}));
    const stop = button('Stop', 'Stop what runs', () => this.host.interrupt());
    stop.classList.add('live-stop');
    const reset = button('Reset', 'Back to the text of the notebook', () => void this.reset());
    reset.classList.add('live-reset');
    this.tools.append(run, stop, below, reset);
  }

  private key(event: KeyboardEvent): void {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    if (event.shiftKey || event.ctrlKey || event.metaKey) this.host.run({advance: event.shiftKey});
    else void this.edit();
  }

  /** The text as the reader has it; null while it is that of the notebook. */
  get draft(): string | null {
    return this.text === this.original ? null : this.text;
  }

  /** The listing becomes an editor. @param at where the reader pressed */
  async edit(at?: {readonly x: number; readonly y: number}): Promise<void> {
    const editor = await this.open();
    editor.focus();
    const position = at && editor.posAtCoords(at);
    if (typeof position === 'number') editor.dispatch({selection: {anchor: position}});
  }

  private open(): Promise<EditorView> {
    this.opening ??= import('./editor').then(({openEditor}) => {
      this.listing.hidden = true;
      this.place.hidden = false;
      return (this.editor = openEditor(this.place, this.text, {
        ...this.host, label: 'Code of the cell',
        changed: (text) => this.typed(text),
        run: (advance) => this.host.run({advance}),
        leave: () => this.tools.querySelector('button')?.focus(),
      }));
    });
    return this.opening;
  }

  private typed(text: string): void {
    this.text = text;
    this.show();
    this.host.edited(this.draft);
  }

  /** Takes a text that was kept, or typed in another window. */
  async takeText(text: string | null): Promise<void> {
    const next = text ?? this.original;
    if (next === this.text) return;
    this.text = next;
    const editor = await this.open();
    if (editor.state.doc.toString() !== next) {
      editor.dispatch({changes: {from: 0, to: editor.state.doc.length, insert: next}});
    }
    this.show();
  }

  private async reset(): Promise<void> {
    await this.takeText(null);
    this.host.edited(null);
  }

  /** Puts the reader on this cell. */
  focus(): void {
    if (this.editor) this.editor.focus();
    else this.listed.focus();
    this.section.scrollIntoView({block: 'nearest'});
  }

  /** Takes what the server says of the cell. */
  take(view: CellView): void {
    if (view.phase === 'running' && this.view.phase !== 'running') this.since = performance.now();
    this.view = view;
    if (view.phase === 'waiting') this.below.replaceChildren();
    this.show();
  }

  /** A server that knows nothing of this cell has not run it. */
  forget(): void {
    const {ran} = this.view;
    this.take({cell: this.cell, ...FRESH, ran, count: this.view.count, phase: ran === null ? 'fresh' : 'lost'});
  }

  /** Takes the outputs; those of the notebook go with the first. */
  takeOutputs({length, changed}: OutputsChange): void {
    if (!this.outputs) {
      this.section.querySelectorAll(':scope > .output').forEach((old) => old.remove());
      this.outputs = make('div', {class: 'live-outputs'});
      this.below.before(this.outputs);
    }
    const {children} = this.outputs;
    while (children.length > length) children[children.length - 1].remove();
    while (children.length < length) this.outputs.append(make('div', {class: 'output'}));
    for (const [index, html] of changed) {
      const place = children[index] as HTMLElement;
      place.innerHTML = html; // the server has cleaned it
      this.host.added(place);
    }
  }

  /** Puts the question of a cell, or takes it away. */
  ask(question: Question | null): void {
    this.below.replaceChildren();
    if (!question) return;
    const input = make('input', {type: question.password ? 'password' : 'text', autocomplete: 'off'});
    const form = make('form', {class: 'live-question'}, make('label', {}, question.prompt, ' ', input),
      make('button', {type: 'submit'}, 'Answer'));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.host.answer(input.value);
    });
    this.below.append(form);
    input.focus();
  }

  /** Offers to run first what the cell needs. */
  offer(needed: number, choices: readonly (readonly [label: string, press: () => void])[]): void {
    const drop = (): void => this.below.replaceChildren();
    const text = needed === 1 ? 'One cell above, whose names are used here, has not run yet.'
      : `${needed} cells above, whose names are used here, have not run yet.`;
    const buttons = choices.map(([label, press]) => button(label, label, () => {
      drop();
      press();
    }));
    const offer = make('div', {class: 'live-offer', role: 'group', 'aria-label': text}, text, ...buttons);
    this.below.replaceChildren(offer);
    buttons[0].focus();
  }

  private show(): void {
    const {phase, count, ran, stale} = this.view, isEdited = this.text !== this.original;
    this.section.dataset.phase = phase;
    this.section.toggleAttribute('data-edited', isEdited);
    this.section.toggleAttribute('data-stale', stale || phase === 'lost');
    const isOn = phase === 'waiting' || phase === 'running';
    this.counter.textContent = isOn ? '[*]' : count === null ? this.printed : `[${count}]`;
    if (isOn || count !== null) this.counter.ariaLabel = isOn ? 'This cell, [*]' : `Cell ${count}`;
    const changed = ran !== null && ran !== this.text ? ['changed since it ran'] : [];
    const notes = [...this.phaseNotes(), ...changed, ...(ran === null && isEdited ? ['changed, not run'] : [])];
    this.note.textContent = notes.join(' · ');
    clearTimeout(this.ticker);
    if (phase === 'running') this.ticker = window.setTimeout(() => this.show(), 1000);
  }

  private phaseNotes(): string[] {
    const {phase, took, stale} = this.view;
    if (phase === 'waiting') return ['waits for its turn'];
    if (phase === 'running') {
      const seconds = Math.floor((performance.now() - this.since) / 1000);
      return [seconds > 0 ? `runs, ${seconds} s` : 'runs'];
    }
    if (phase === 'lost') return ['from a kernel that is gone'];
    if (stale) return ['out of date: a cell that it uses has run again'];
    return took !== null && (phase === 'done' || phase === 'failed') ? [`${seconds(took)}`] : [];
  }
}

function seconds(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.floor(ms / 60_000)} min ${Math.round(ms / 1000) % 60} s`;
}
