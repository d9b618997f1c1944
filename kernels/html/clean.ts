import {escapeHtml} from '../../lib/notebook/mime';

/** Elements that only arrange text. */
const ELEMENTS = new Set(('a b blockquote br caption code col colgroup dd del details div dl dt em figcaption '
  + 'figure h1 h2 h3 h4 h5 h6 hr i img kbd li mark ol p pre q '
  + 's samp small span strong sub summary sup table tbody td tfoot th thead tr u ul var').split(' '));
const WITHOUT_END = new Set(['br', 'col', 'hr', 'img']);

/** No parentheses: nothing is computed or fetched. */
const DECLARATION =
  /^\s*(?:(?:text-align|vertical-align|padding|caption-side|font-(?:weight|style|size|family)|color|background(?:-color)?|width|white-space|border(?:-[a-z]+)?)\s*:[\w\s.,%#-]+)?$/;

const isNumber = (value: string): boolean => /^\d+$/.test(value);
const isWord = (value: string): boolean => /^\w*$/.test(value);

/** Attributes and what they may say; none can name a script. */
const ATTRIBUTES: ReadonlyMap<string, (value: string) => boolean> = new Map([
  ['style', value => value.split(';').every(part => DECLARATION.test(part))],
  ['href', value => /^(?:https?:\/\/[^\s&]*|[\w./#?=%-]*)$/.test(value)],
  ['src', value => /^data:image\/(?:png|jpeg|gif);base64,[A-Za-z0-9+/=]*$/.test(value)],
  ['colspan', isNumber], ['rowspan', isNumber], ['width', isNumber], ['height', isNumber], ['align', isWord],
  ['scope', isWord], ['open', isWord], ['alt', () => true], ['title', () => true],
]);

const TAG = /<(\/?)([a-zA-Z][a-zA-Z0-9]*)((?:\s+[a-zA-Z-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?)*)\s*\/?>|[<>]/g;
const PAIR = /([a-zA-Z-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/g;

/**
 * Markup that cannot run a script, fetch from another place or leave its element. What is on the lists is written anew,
 * everything else becomes text; elements left open are closed, ends without a start dropped.
 */
export function cleanHtml(html: string): string {
  const open: string[] = [];
  const cleaned = html.replace(TAG, (whole: string, slash = '', name = '', attributes = '') => {
    const element = (name as string).toLowerCase();
    if (!ELEMENTS.has(element)) return escapeHtml(whole);
    if (slash) return open.includes(element) ? ends(open.splice(open.lastIndexOf(element))) : '';
    if (!WITHOUT_END.has(element)) open.push(element);
    return `<${element}${kept(attributes as string)}>`;
  });
  return cleaned + ends(open);
}

const ends = (open: readonly string[]): string => [...open].reverse().map(element => `</${element}>`).join('');

function kept(attributes: string): string {
  const pairs = new Map([...attributes.matchAll(PAIR)].map(([, name, ...values]) =>
    [name.toLowerCase(), values.find(Boolean) ?? '']));
  return [...pairs].filter(([name, value]) => ATTRIBUTES.get(name)?.(value))
    .map(([name, value]) => ` ${name}="${value.replace(/[<>"]/g, escapeHtml)}"`).join('');
}
