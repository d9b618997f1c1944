import katexPlugin from '@vscode/markdown-it-katex';
import highlighter from 'highlight.js/lib/common';
import MarkdownIt from 'markdown-it';

// The plug-in is CommonJS with a `default` member, which loaders treat differently.
const katex = ((katexPlugin as {default?: unknown}).default ?? katexPlugin) as (md: unknown, options: object) => void;

const renderer = new MarkdownIt({html: false, linkify: true, highlight});
katex(renderer, {throwOnError: false});

/** Markdown with `$math$` as HTML. HTML inside it stays text, and links that would run a script are no links. */
export function renderMarkdown(text: string): string {
  return renderer.render(text);
}

/** Code with its words marked for colouring; the language falls back to plain text. */
export function highlight(code: string, language = 'ts'): string {
  const name = highlighter.getLanguage(language) ? language : 'plaintext';
  return highlighter.highlight(code, {language: name}).value;
}
