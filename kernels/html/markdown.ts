import katexPlugin from '@vscode/markdown-it-katex';
import highlighter from 'highlight.js/lib/common';
import MarkdownIt from 'markdown-it';

// Both packages are CommonJS with a `default` member, which the loaders treat differently.
const katex = ((katexPlugin as {default?: unknown}).default ?? katexPlugin) as (md: MarkdownIt, options: object) => void;

const renderer = new MarkdownIt({html: true, linkify: true, highlight: highlight}).use(katex, {throwOnError: false});

/** Markdown with `$math$` as HTML. Markup in the text is kept: notebooks are our own. */
export function renderMarkdown(text: string): string {
  return renderer.render(text);
}

/** Code with its words marked for colouring; the language falls back to plain text. */
export function highlight(code: string, language = 'ts'): string {
  const name = highlighter.getLanguage(language) ? language : 'plaintext';
  return highlighter.highlight(code, {language: name}).value;
}
