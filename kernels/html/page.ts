import {escapeHtml} from '../../lib/notebook/mime';

/** A whole HTML page. @param assets path to the folder with the style sheets, from the page */
export function page(title: string, body: string, assets: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" href="${assets}/katex.min.css">
<link rel="stylesheet" href="${assets}/page.css">
</head>
<body>
${body}
</body>
</html>
`;
}

/** Style of all pages: one column for text, code on grey, figures at their own size. */
export const STYLE = `
body {
  margin: 0 auto; max-width: 62rem; padding: 1rem 1.5rem 4rem;
  font: 1rem/1.55 Georgia, 'Times New Roman', serif; color: #222;
}
nav, h1, h2, h3, h4, table, .count, footer { font-family: system-ui, 'Helvetica Neue', Arial, sans-serif; }
a { color: #0b5394; }
pre, code { font: .86rem/1.45 'DejaVu Sans Mono', Consolas, Menlo, monospace; }
pre { overflow-x: auto; margin: .4rem 0; padding: .55rem .75rem; }
pre.code { background: #f5f5f5; border-left: 3px solid #cfcfcf; }
pre.stderr { background: #fff6e5; }
pre.error { background: #fdecea; }
.cell { position: relative; margin: .8rem 0; }
.count {
  position: absolute; left: -3rem; top: .6rem; width: 2.6rem; text-align: right; color: #8a8a8a; font-size: .75rem;
}
.output { overflow-x: auto; }
.output figure { margin: .6rem 0; }
.output svg, .output img { max-width: 100%; height: auto; }
table { border-collapse: collapse; font-size: .88rem; margin: .6rem 0; }
th, td { border-bottom: 1px solid #e2e2e2; padding: .25rem .7rem; vertical-align: top; }
thead th { text-align: left; border-bottom: 2px solid #b5b5b5; }
blockquote { margin-left: 0; padding-left: 1rem; border-left: 3px solid #9fc5e8; color: #3b3b3b; }
.failed { color: #a61c00; font-weight: 600; }
.hljs-keyword, .hljs-built_in, .hljs-type { color: #6a3d9a; }
.hljs-string, .hljs-regexp { color: #22673b; }
.hljs-number, .hljs-literal { color: #9c5100; }
.hljs-comment, .hljs-doctag { color: #6b6b6b; font-style: italic; }
.hljs-title { color: #0b5394; }
@media (max-width: 68rem) { .count { position: static; text-align: left; } }
`;
