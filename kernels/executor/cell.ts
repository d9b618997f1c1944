/** One name that an import statement brings into the namespace. */
export interface ImportBinding {
  readonly local: string;
  /** Exported name, `'*'` for the whole module, `'='` for `import x = require()`. */
  readonly imported: string;
}

/** An import statement of a cell, carried out before the cell's first line. */
export interface CellImport {
  readonly specifier: string;
  readonly bindings: readonly ImportBinding[];
  /** Zero-based line of the statement in the cell. */
  readonly line: number;
}

/** A cell turned into the text of an async function over the namespace. */
export interface CompiledCell {
  /** File name under which V8 sees the cell, e.g. `cell-3.ts`. */
  readonly fileName: string;
  /** As the user wrote it. */
  readonly source: string;
  /** An expression: `(async function ($cell, ...) {...})`; its first line has number zero. */
  readonly script: string;
  readonly sourceMap: string;
  readonly imports: readonly CellImport[];
  /** Top-level names that the cell declares. */
  readonly declared: readonly string[];
  readonly hasResult: boolean;
}

/** A cell that is not TypeScript; line and column are zero-based. */
export class CellSyntaxError extends SyntaxError {
  override readonly name = 'SyntaxError';
  constructor(message: string, readonly line: number, readonly column: number) {
    super(message);
  }
}
