/** Those of `names` that a reader may have meant by `name`, nearest first; at most five. */
export function near(name: string, names: readonly string[]): string[] {
  const far = new Map(names.map(one => [one, distance(name.toLowerCase(), one.toLowerCase())]));
  const most = Math.max(2, name.length / 3);
  const alike = names.filter(one => one.includes(name) || name.includes(one) || far.get(one)! <= most);
  return [...new Set(alike)].sort((a, b) => far.get(a)! - far.get(b)!).slice(0, 5);
}

/** How many letters must be put in, taken out or changed. @reference Levenshtein 1966 */
function distance(a: string, b: string): number {
  let row = Array.from({length: b.length + 1}, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length];
}
