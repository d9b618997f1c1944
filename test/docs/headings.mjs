// Shows what the door hands out under the headings of lib/index.ts, and names places in the source as they are.
import {readFileSync} from 'node:fs';
import {CommentTag, Converter} from 'typedoc';

/** Which heading of a door each of its names stands under. @returns {Map<string, string>} */
export function headingsOf(door) {
  const parts = door.split(/^\/\/ (.*)$/m).slice(1), found = new Map();
  for (let k = 0; k < parts.length; k += 2) {
    const names = [...parts[k + 1].matchAll(/export (?:type )?(?:\{([^}]*)\}|\* as (\w+))/g)];
    for (const [, list, space] of names) {
      for (const [, name] of (space ?? list).matchAll(/(?:type )?(\w+)/g)) found.set(name, parts[k]);
    }
  }
  return found;
}

/** The headings of the library's own door. */
export const DOOR_HEADINGS = headingsOf(readFileSync(new URL('../../lib/index.ts', import.meta.url), 'utf8'));

/** A plug-in of TypeDoc. */
export function headings(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({project}) => {
    const door = project.children?.find(({name}) => name === 'lib');
    if (!door) return;
    for (const child of door.children ?? []) {
      const {comment} = child.signatures?.[0] ?? child, text = DOOR_HEADINGS.get(child.name);
      if (comment && text) comment.blockTags.push(new CommentTag('@category', [{kind: 'text', text}]));
    }
  });
}

/**
 * A plug-in of TypeDoc: file and line of each name, without a link. TypeDoc links to where a clone was taken from, and
 * a checkout that was taken from nowhere has no such place.
 */
export function places(app) {
  app.converter.on(Converter.EVENT_RESOLVE_END, ({project}) => {
    for (const {sources = []} of Object.values(project.reflections)) for (const place of sources) delete place.url;
  });
}
