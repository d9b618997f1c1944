import {
  acceptCompletion, autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap, type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete';
import {defaultKeymap, history, historyKeymap, indentWithTab} from '@codemirror/commands';
import {javascript} from '@codemirror/lang-javascript';
import {bracketMatching, indentOnInput, indentUnit, syntaxHighlighting} from '@codemirror/language';
import {type Diagnostic, linter} from '@codemirror/lint';
import {EditorState, Prec} from '@codemirror/state';
import {drawSelection, EditorView, hoverTooltip, keymap, type Tooltip} from '@codemirror/view';
import {tagHighlighter, tags} from '@lezer/highlight';
import type {Answers} from '../protocol';
import {make} from '../../html/client/dom';

/** What the editor of a cell asks and tells. */
export interface EditorHost {
  readonly nonce: string;
  readonly label: string;
  readonly changed: (text: string) => void;
  /** @param advance whether the reader goes on to the next cell */
  readonly run: (advance: boolean) => void;
  readonly leave: () => void;
  readonly complete: (offset: number) => Promise<Answers['complete']>;
  readonly inspect: (offset: number) => Promise<string | null>;
  readonly errors: () => Promise<Answers['errors']>;
}

/** Time in ms after the last key until the text is checked. */
const PAUSE = 300;

/** The page's own classes, so that code keeps its colours when it becomes editable, in the dark too. */
const COLOURS = tagHighlighter([
  {tag: [tags.keyword, tags.modifier, tags.controlKeyword, tags.operatorKeyword], class: 'hljs-keyword'},
  {tag: [tags.string, tags.special(tags.string)], class: 'hljs-string'},
  {tag: tags.regexp, class: 'hljs-regexp'},
  {tag: [tags.number, tags.bool, tags.null], class: 'hljs-number'},
  {tag: tags.comment, class: 'hljs-comment'},
  {tag: [tags.typeName, tags.className], class: 'hljs-type'},
  {tag: [tags.function(tags.definition(tags.variableName))], class: 'hljs-title'},
]);

/** An editor in the place of a listing. */
export function openEditor(place: HTMLElement, text: string, host: EditorHost): EditorView {
  return new EditorView({
    parent: place,
    state: EditorState.create({doc: text, extensions: [
      EditorView.cspNonce.of(host.nonce), history(), drawSelection(), indentOnInput(), indentUnit.of('  '),
      bracketMatching(), closeBrackets(), javascript({typescript: true}), syntaxHighlighting(COLOURS),
      EditorView.lineWrapping, EditorView.contentAttributes.of({'aria-label': host.label}),
      autocompletion({override: [(context) => completions(context, host)]}),
      linter(async (view) => (await host.errors().catch(() => [])).map((error) => diagnostic(view, error)), {
        delay: PAUSE,
      }),
      hoverTooltip((_view, pos) => tooltip(pos, host)),
      Prec.highest(keymap.of(runKeys(host))),
      keymap.of([
        {key: 'Tab', run: acceptCompletion}, ...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap,
        ...completionKeymap, indentWithTab, {key: 'Escape', run: () => (host.leave(), true)},
      ]),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) host.changed(update.state.doc.toString());
      }),
    ]}),
  });
}

function runKeys({run}: EditorHost): {key: string; run: () => boolean}[] {
  const press = (work: () => void) => () => {
    work();
    return true;
  };
  return [
    {key: 'Shift-Enter', run: press(() => run(true))}, {key: 'Mod-Enter', run: press(() => run(false))},
    {key: 'Ctrl-Enter', run: press(() => run(false))},
  ];
}

async function completions(context: CompletionContext, host: EditorHost): Promise<CompletionResult | null> {
  const isWanted = context.explicit || context.matchBefore(/[\p{ID_Continue}$]$|[.'"/]$/u);
  if (!isWanted) return null;
  const {start, items} = await host.complete(context.pos).catch(() => ({start: 0, items: []}));
  if (context.aborted || items.length === 0) return null;
  return {
    from: start, validFor: /^[\p{ID_Continue}$]*$/u,
    options: items.map(({text, kind, signature}, k) =>
      ({label: text, type: kindOf(kind), detail: signature.replace(/^.*?\)\s*/, '').slice(0, 60), boost: -k / 100})),
  };
}

/** TypeScript's kinds by the names that have a sign of their own. */
function kindOf(kind: string): string {
  if (kind === 'const' || kind === 'let' || kind === 'var' || kind === 'alias') return 'variable';
  return kind === 'getter' || kind === 'setter' ? 'property' : kind;
}

async function tooltip(pos: number, host: EditorHost): Promise<Tooltip | null> {
  const text = await host.inspect(pos).catch(() => null);
  return text === null ? null : {pos, above: true, create: () => ({dom: make('div', {class: 'type'}, text)})};
}

function diagnostic(
  view: EditorView, {line, column, endLine, endColumn, code, message}: Answers['errors'][number],
): Diagnostic {
  const {doc} = view.state;
  const at = (row: number, place: number): number => {
    const {from, to} = doc.line(Math.min(Math.max(row, 1), doc.lines));
    return Math.min(from + place - 1, to);
  };
  const from = at(line, column), to = at(endLine, endColumn);
  return {from, to: Math.max(from, to), severity: 'error', message, source: `TS${code}`};
}

/** Puts another text in an editor. */
export function setText(view: EditorView, text: string): void {
  view.dispatch({changes: {from: 0, to: view.state.doc.length, insert: text}});
}
