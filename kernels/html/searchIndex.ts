import {renderLine} from './markdown';

/** A section of a page, as the search finds it. */
export interface SearchEntry {
  /** Address from the root of the site. */
  readonly url: string;
  readonly page: string;
  readonly heading: string;
  readonly text: string;
}

/** @param html a whole page; @param url its address from the root of the site */
export function searchEntries(html: string, url: string, title: string): SearchEntry[] {
  const main = /<main[^>]*>([\s\S]*)<\/main>/.exec(html)?.[1].replace(/<div class="cards" hidden>[\s\S]*$/, '') ?? '';
  const page = words(renderLine(title));
  return main.split(/(?=<h[1-4] id=")/).flatMap(part => {
    const [, id, head] = /^<h[1-4] id="([^"]*)">([\s\S]*?)<\/h[1-4]>/.exec(part) ?? [];
    const heading = words(head ?? '');
    const text = words(part);
    const place = id ? `${url}#${encodeURIComponent(id)}` : url;
    return text === '' ? [] : [{url: place, page, heading: heading || page, text}];
  });
}

/** The words of a piece of markup: formulas once, no data of charts. */
function words(html: string): string {
  return withoutBoxes(html).replace(/<(script|annotation)\b[\s\S]*?<\/\1>/g, ' ')
    .replace(/<span class="visually-hidden">[^<]*<\/span>|<a class="anchor"[\s\S]*?<\/a>|<[^>]*>/g, ' ')
    .replace(/&(lt|gt|quot|amp);/g, (_, name: string) => ENTITIES[name]).replace(/\s+/g, ' ').trim();
}

const ENTITIES: Readonly<Record<string, string>> = {lt: '<', gt: '>', quot: '"', amp: '&'};

/** KaTeX writes each formula twice, for readers and as boxes for eyes; the boxes go. */
function withoutBoxes(html: string): string {
  const kept: string[] = [];
  let depth = 0, from = 0;
  for (const tag of html.matchAll(/<span class="katex-html"|<span\b|<\/span>/g)) {
    if (depth === 0 && tag[0].endsWith('"')) {
      kept.push(html.slice(from, tag.index));
      depth = 1;
    } else if (depth > 0) {
      depth += tag[0] === '</span>' ? -1 : 1;
      if (depth === 0) from = tag.index + tag[0].length;
    }
  }
  return kept.join(' ') + html.slice(from);
}
