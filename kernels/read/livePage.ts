import {escapeHtml} from '../../lib/notebook/mime';
import {PUBLISHED} from '../html/front/runNotice';

/** What a page of the site needs to become live. */
export interface Live {
  /** Name of the notebook; undefined for other pages, which stay as they are. */
  readonly name?: string;
  /** In which its cells run. */
  readonly profile: string;
  readonly nonce: string;
  readonly port: number;
}

/**
 * Headers of a page: scripts, styles and sockets of this server and nothing else. The editor writes a style sheet, for
 * which it gets a number that nobody can guess.
 */
export function pagePolicy({nonce, port}: Live): string {
  const sockets = [`ws://127.0.0.1:${port}`, `ws://localhost:${port}`].join(' ');
  return [
    "default-src 'none'", "script-src 'self'", `style-src 'self' 'nonce-${nonce}'`, "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:", "font-src 'self'", `connect-src 'self' ${sockets}`, "base-uri 'none'",
    "form-action 'none'", "frame-ancestors 'none'",
  ].join('; ');
}

/** The policy that a page of the site brings for itself; it forbids sockets, so ours takes its place. */
const OWN_POLICY = /<meta http-equiv="Content-Security-Policy"[^>]*>\n?/;

/** A page of the site with what makes it live; it says in which profile its cells run. */
export function livePage(html: string, {name, profile, nonce}: Live): string {
  if (name === undefined) return html.replace(OWN_POLICY, '');
  const head = '<link rel="stylesheet" href="/live/read.css">\n'
    + `<script type="module" src="/live/read.js"></script>\n`
    + `<meta name="obsnode-page" content="${escapeHtml(name)}">\n<meta name="obsnode-nonce" content="${nonce}">\n`;
  const own = `<span class="badge own">${escapeHtml(profile)} profile</span>`;
  const runs = `${PUBLISHED}; cells that you run here, in the ${own}`;
  return html.replace(OWN_POLICY, '').replace('</head>', () => `${head}</head>`).replace(PUBLISHED, () => runs);
}
