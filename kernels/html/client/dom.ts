/** An element with attributes and content. Text is always text: nothing here takes markup. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K, attributes: Readonly<Record<string, string>> = {}, ...content: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...content);
  return element;
}

export const all = <E extends HTMLElement = HTMLElement>(selector: string, within: ParentNode = document): E[] =>
  Array.from(within.querySelectorAll<E>(selector));

/** Remembers a choice where the browser allows it. */
export function remember(key: string, value?: string): string | null {
  try {
    if (value !== undefined) localStorage.setItem(key, value);
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

// Read at once: later there is no current script.
const here = (document.currentScript as HTMLScriptElement | null)?.src ?? '';

/** Address of a file of the site. @param path from the folder of assets */
export const asset = (path: string): string => new URL(path, here).href;

const loading = new Map<string, Promise<void>>();

/** Loads a script of the site once. Pages from the file system can load scripts, but no data: data comes as scripts. */
export function load(name: string): Promise<void> {
  const known = loading.get(name);
  if (known) return known;
  const script = make('script', {src: asset(name)});
  const ready = new Promise<void>((resolve, reject) => {
    script.onload = () => resolve();
    script.onerror = () => reject(new Error(`${name} cannot be loaded`));
  });
  document.head.append(script);
  loading.set(name, ready);
  return ready;
}
