import {textOf} from './results';
import type {Filed} from './files';

/** Lets pages take their pictures from the files of the figures instead of holding each once more. */
export function shared(filed: readonly Filed[]): (html: string) => string {
  const files = new Map(filed.filter(({endings}) => endings.includes('png')).map(({data, file}) =>
    [Buffer.from(textOf(data['image/png']), 'base64').toString('base64'), file]));
  return html => html.replace(/(?<= src=")data:image\/png;base64,([A-Za-z0-9+/=]+)(?=")/g, (whole, base64: string) => {
    const file = files.get(base64);
    return file === undefined ? whole : `../figures/${encodeURIComponent(file)}.png" loading="lazy`;
  });
}
