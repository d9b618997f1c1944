/** Names under which the source of a cell publishes, in order; `${...}` stands in them where a loop makes several. */
export function publishedNames(source: string): string[] {
  return [...source.matchAll(/\bpublish\s*\(/g)].flatMap(({index, 0: call}) => {
    const given = argumentsOf(source.slice(index + call.length));
    const last = [...given.matchAll(/'([\w.-]+)'|`((?:[\w.-]|\$\{[^}]*\})+)`/g)].pop();
    return last ? [last[1] ?? last[2]] : [];
  });
}

/** What stands before the parenthesis that closes a call. */
function argumentsOf(rest: string): string {
  let depth = 1, quote = '';
  for (let k = 0; k < rest.length; k++) {
    const char = rest[k];
    if (quote) {
      if (char === '\\') k++;
      else if (char === quote) quote = '';
    } else if (`'"\``.includes(char)) quote = char;
    else if ('([{'.includes(char)) depth++;
    else if (')]}'.includes(char) && --depth === 0) return rest.slice(0, k);
  }
  return rest;
}

/**
 * Names for `count` things that a cell has published, where its outputs do not carry them: a loop's get numbers.
 * @returns nothing where it cannot be said which is which
 */
export function namesFor(source: string, count: number): readonly string[] | undefined {
  const names = publishedNames(source), loops = names.filter(isLoop).length;
  if (names.length === 0 || loops > 1 || (loops === 0 && names.length !== count)) return undefined;
  const each = count - names.length + loops;
  return names.flatMap(name => (isLoop(name)
    ? Array.from({length: each}, (_, k) => name.replace(/\$\{[^}]*\}/g, String(k + 1)))
    : [name]));
}

const isLoop = (name: string): boolean => name.includes('$');
