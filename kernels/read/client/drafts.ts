/** The texts that a reader has typed, kept in this browser: a reload, a crash or a closed lid lose nothing. */
export class Drafts {
  constructor(private readonly page: string) {}

  private key(cell: string): string {
    return `obsnode:${this.page}:${cell}`;
  }

  get(cell: string): string | null {
    return tried(() => localStorage.getItem(this.key(cell)));
  }

  /** @param text null forgets it */
  set(cell: string, text: string | null): void {
    tried(() => (text === null ? localStorage.removeItem(this.key(cell)) : localStorage.setItem(this.key(cell), text)));
  }

  /** Tells what another window of this browser has typed into a cell of this page. */
  onOther(changed: (cell: string, text: string | null) => void): void {
    addEventListener('storage', ({key, newValue}) => {
      const start = this.key('');
      if (key?.startsWith(start)) changed(key.slice(start.length), newValue);
    });
  }
}

/** A browser may forbid storage; then the text lives in the page alone. */
function tried<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}
