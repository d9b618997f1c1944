import katexPlugin from '@vscode/markdown-it-katex';
import highlighter from 'highlight.js/lib/common';
import MarkdownIt, {type Token} from 'markdown-it';
import {escapeHtml} from '../../lib/notebook/mime';
import {codeBlock} from './codeBlock';
import {equationsIn, tagOf} from './equations';
import {slug} from './ids';
import {linkedText} from './linkedText';
import type {Scope, Target} from './scope';

// The plug-in is CommonJS with a `default` member, which loaders treat differently.
const katex = ((katexPlugin as {default?: unknown}).default ?? katexPlugin) as (md: unknown, options: object) => void;

const plain = new MarkdownIt({html: false, linkify: true});
katex(plain, {throwOnError: false});
const renderer = new MarkdownIt({html: false, linkify: true});
katex(renderer, {throwOnError: false});

/**
 * Markdown with `$math$` as HTML. HTML inside it stays text, and links that would run a script are no links.
 * @param scope the page it stands on: gives headings and equations anchors, leads links and references somewhere;
 * default none: markup alone
 */
export function renderMarkdown(text: string, scope?: Scope): string {
  return scope ? renderer.render(text, {scope}) : plain.render(text);
}

/** One line of Markdown as HTML, without links. */
export function renderLine(text: string): string {
  return plain.renderInline(text).replace(/<\/?a\b[^>]*>/g, '');
}

/** Code with its words marked for colouring; the language falls back to plain text. */
export function highlight(code: string, language = 'ts'): string {
  const name = highlighter.getLanguage(language) ? language : 'plaintext';
  return highlighter.highlight(code, {language: name}).value;
}

const scopeOf = (env: unknown): Scope => (env as {scope: Scope}).scope;

renderer.core.ruler.push('site', state => {
  const scope = scopeOf(state.env), {tokens} = state;
  tokens.forEach((token, k) => {
    if (token.type === 'heading_open') markHeading(token, tokens[k + 1], scope);
    if (token.type === 'blockquote_open') markQuote(token, tokens.slice(k + 1).find(t => t.type === 'inline'), scope);
    if (token.type === 'th_open' && tokens[k + 1].content === '') token.tag = tokens[k + 2].tag = 'td';
    // What stands in a heading is shown in the contents as well, where a link would be one too many.
    if (token.type === 'inline') token.children = linkedText(token.children ?? [], scope, {
      // A cell of a table may be what explains the symbol.
      make: state.Token, refer: tokens[k - 1]?.type !== 'heading_open', explain: tokens[k - 1]?.type !== 'td_open',
    });
  });
});

function markHeading(token: Token, inline: Token, scope: Scope): void {
  const id = scope.id(slug(inline.content));
  token.attrSet('id', id);
  scope.headings.push({level: Number(token.tag.slice(1)), id, html: renderLine(inline.content)});
}

/** A quoted claim of the paper is the place of the equations that it names, where no formula on the page is. */
function markQuote(token: Token, lead: Token | undefined, scope: Scope): void {
  const numbers = equationsIn(lead?.content ?? '').filter(number => scope.own.get(number) === 'quote');
  token.meta = {ids: numbers.map(number => scope.id(`eq-${number}`)).filter((id, k) => id === `eq-${numbers[k]}`)};
}

const rules = renderer.renderer.rules;
type Rule = NonNullable<(typeof rules)[string]>;

const own = (name: string): Rule =>
  rules[name] ?? ((...[tokens, k, options, , self]) => self.renderToken(tokens, k, options));

rules.heading_close = (tokens, k) => {
  const open = tokens.slice(0, k).reverse().find(token => token.type === 'heading_open');
  return ` ${anchor(String(open?.attrGet('id')), 'this section')}</${tokens[k].tag}>\n`;
};

/** A link to the place where it stands. */
export function anchor(id: string, what: string): string {
  return `<a class="anchor" href="#${encodeURIComponent(id)}" aria-label="Link to ${escapeHtml(what)}">#</a>`;
}

rules.blockquote_open = (tokens, k) =>
  `<blockquote>\n${((tokens[k].meta?.ids ?? []) as string[]).map(id => `<span id="${id}"></span>`).join('')}`;

rules.table_open = () => '<div class="scroll"><table>\n';
rules.table_close = () => '</table></div>\n';

rules.fence = (tokens, k) => {
  const {content, info} = tokens[k];
  return codeBlock(highlight(content, /^\w+/.exec(info)?.[0] ?? 'plaintext'), content);
};

for (const name of ['math_block', 'math_inline_block', 'math_inline_bare_block']) {
  const formula = own(name);
  rules[name] = (...seen) => {
    const [tokens, k, , env] = seen;
    const scope = scopeOf(env), number = tagOf(tokens[k].content);
    const id = scope.id(number ? `eq-${number}` : 'formula');
    return `<div class="equation" id="${id}">${formula(...seen)}`
      + `${anchor(id, number ? `equation ${number}` : 'this formula')}</div>\n`;
  };
}

const inlineFormula = own('math_inline');
rules.math_inline = (...seen) => {
  const [tokens, k] = seen, html = inlineFormula(...seen), meta = tokens[k].meta as {target?: Target} | null;
  const {href, card, label = ''} = meta?.target ?? {href: null};
  return href ? `<a class="term" href="${escapeHtml(href)}" data-card="${card}">${html}`
    + `<span class="visually-hidden"> (${escapeHtml(label)})</span></a>` : html;
};
