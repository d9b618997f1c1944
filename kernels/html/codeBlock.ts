/** Code longer than this is folded; the page can be read without it. */
const SHOWN_LINES = 12;

/**
 * A listing; a long one shows its first line until it is opened.
 * @param html the code with its words marked
 * @param code the same as plain text
 */
export function codeBlock(html: string, code: string): string {
  const lines = code.trimEnd().split('\n').length, whole = `<pre class="code"><code>${html}</code></pre>\n`;
  if (lines <= SHOWN_LINES) return whole;
  return `<details class="fold"><summary><code>${firstLine(html)}</code> <span class="more">${lines} lines</span>`
    + `</summary>\n${whole}</details>\n`;
}

/** What a program printed; long prints are folded. @param html escaped text */
export function printed(html: string, kind?: 'stdout' | 'stderr' | 'error'): string {
  const lines = html.trimEnd().split('\n').length, whole = `<pre${kind ? ` class="${kind}"` : ''}>${html}</pre>`;
  if (lines <= 2 * SHOWN_LINES || kind === 'error') return whole;
  return `<details class="fold"><summary><span class="printed">${firstLine(html)}</span> `
    + `<span class="more">${lines} lines printed</span></summary>\n${whole}</details>`;
}

/** The first line that says something: a doc comment's first line is only its opening. */
function firstLine(html: string): string {
  const lines = colouredLines(html);
  return lines.find(line => /\w/.test(line.replace(/<[^>]*>|&\w+;/g, ''))) ?? lines[0];
}

/** Lines of marked code, each whole by itself: colours that go over several lines are opened anew on each. */
export function colouredLines(html: string): string[] {
  const open: string[] = [];
  return html.trimEnd().split('\n').map(line => {
    const before = open.join('');
    for (const [tag] of line.matchAll(/<span[^>]*>|<\/span>/g)) {
      if (tag === '</span>') open.pop();
      else open.push(tag);
    }
    return `${before}${line}${'</span>'.repeat(open.length)}`;
  });
}
