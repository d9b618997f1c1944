/**
 * What a rich display shows: one value a MIME type (an object for JSON types, base64 for images), as Jupyter's
 * `display_data` wants it.
 */
export interface MimeBundle {
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** A value with this method shows itself in a notebook; the bundle may come as a promise. */
export const mimeSymbol: unique symbol = Symbol.for('obsnode.mime') as never;

/** A value that knows how to show itself. */
export interface RichDisplay {
  /** What is shown, in several forms. */
  [mimeSymbol](): MimeBundle | Promise<MimeBundle>;
}
