import {escapeHtml} from '../../lib/notebook/mime';

/**
 * What stands around the text of a page. All of it is markup that is shown as it is: escape what comes from elsewhere.
 */
export interface PageFrame {
  /** Items (`<li>`) of the side contents; default: no contents, as on the front page. */
  readonly contents?: string;
  /** Foot of the page: previous and next page, provenance. Default: none. */
  readonly foot?: string;
  /** Style sheets and scripts of this page beside those of all pages: names in the folder of assets. Default: none. */
  readonly extras?: readonly string[];
  /** Address of the front page, from this page. Default: one folder above that of the assets. */
  readonly home?: string;
}

/**
 * Nothing is asked from any host, and no script runs but those written beside the page: what a page holds is data.
 * `'unsafe-inline'` is for the style attributes of formulas and table cells; style sheets come from files alone.
 */
export const POLICY = ['default-src \'none\'', 'script-src \'self\' file:', 'style-src \'self\' file:',
  'style-src-attr \'unsafe-inline\'', 'img-src \'self\' file: data:', 'font-src \'self\' file:', 'base-uri \'none\'',
  'form-action \'none\''].join('; ');

/**
 * A whole HTML page in the frame of the site: bar, side contents, text, foot. It can be read without scripts and from
 * the file system; scripts add search, cards, copying, live charts and the dark mode.
 *
 * @param title plain text
 * @param body markup of the text, the first heading in it
 * @param assets path to the folder with styles and scripts, from the page
 */
export function page(title: string, body: string, assets: string, frame: PageFrame = {}): string {
  const {contents, foot, extras = [], home = `${assets}/../index.html`} = frame;
  const here = contents
    ? ` <span aria-hidden="true">/</span> <span class="here" aria-current="page">${escapeHtml(title)}</span>` : '';
  const side = contents ? `<nav id="contents" class="contents" aria-label="Contents">\n<a class="close" href="#main">`
    + `Close</a>\n<ol>\n${contents}\n</ol>\n</nav>\n` : '';
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${escapeHtml(title)}</title>
${['katex.min.css', 'page.css', ...extras.filter(name => name.endsWith('.css'))].map(name =>
    `<link rel="stylesheet" href="${assets}/${name}">`).join('\n')}
<script src="${assets}/theme.js"></script>
${['site.js', ...extras.filter(name => name.endsWith('.js'))].map(name =>
    `<script src="${assets}/${name}" defer></script>`).join('\n')}
</head>
<body${contents ? ' class="with-contents"' : ''}>
<a class="skip" href="#main">Skip to the text</a>
<header class="bar">
<nav aria-label="Breadcrumb"><a class="home" href="${home}">obsnode</a>${here}</nav>
${contents ? '<a class="to-contents" href="#contents">Contents</a>\n' : ''}</header>
${side}<main id="main" tabindex="-1">
${body}
</main>
<footer>
${foot ?? ''}
</footer>
</body>
</html>
`;
}
