import {join} from 'node:path';
import {type CellDeclarations, declarationsOf, type DeclarationKind} from './declarations';

/** A cell as a module of its own, for the type checker. */
export interface CellModule {
  readonly path: string;
  readonly text: string;
  /** Characters of the head line that stands before the user's first line. */
  readonly headLength: number;
  readonly declarations: CellDeclarations;
}

interface Origin {
  readonly stem: string;
  readonly kind: DeclarationKind;
}

/**
 * The cells of one notebook as modules: each imports the earlier names that it mentions and exports its own, so that a name can be declared anew in a
 * later cell, and the lines of the user keep their numbers but for one.
 */
export class CellModules {
  private readonly origins = new Map<string, Origin>();

  /**
   * @param directory folder that relative imports start from
   * @param name tells notebooks of one folder apart
   * @param holdsAll every module imports all earlier cells, so that a program with one root keeps them and their libraries; default false
   */
  constructor(private readonly directory: string, private readonly name: string, private readonly holdsAll = false) {}

  /** The module of a cell; earlier cells count only once they are kept. */
  create(index: number, source: string): CellModule {
    const declarations = declarationsOf(source);
    const head = this.head(declarations);
    const own = [...declarations.names.keys()].filter((name) => !declarations.exported.has(name));
    const path = join(this.directory, `${this.stem(index)}.ts`);
    return {path, text: `${head}\n${source}\nexport {${own.join(', ')}};\n`, headLength: head.length + 1, declarations};
  }

  /** Makes the names of a cell known to later ones. */
  keep(index: number, {declarations}: CellModule): void {
    for (const [name, kind] of declarations.names) this.origins.set(name, {stem: this.stem(index), kind});
  }

  /** Whether a cell speaks of a name that an earlier one has left. */
  mentions({names, mentioned}: CellDeclarations): boolean {
    return [...mentioned].some((name) => this.origins.has(name) && !names.has(name));
  }

  /** Paths of the cells that some name still comes from. */
  live(): Set<string> {
    return new Set([...this.origins.values()].map(({stem}) => join(this.directory, `${stem}.ts`)));
  }

  private stem(index: number): string {
    return `__${this.name.replace(/\W/g, '_')}_cell_${index}`;
  }

  /** Each earlier cell is imported once, whatever the cell mentions: where the imports stay the same, TypeScript keeps the structure of its program. */
  private head({names, mentioned}: CellDeclarations): string {
    const imported = new Map<string, string[]>();
    const variables: string[] = [];
    for (const [name, {stem, kind}] of this.origins) {
      const isUsed = mentioned.has(name) && !names.has(name);
      if (isUsed || this.holdsAll) imported.set(stem, imported.get(stem) ?? []);
      if (isUsed) imported.get(stem)!.push(kind === 'import' ? name : `${name} as $${name}`);
      if (isUsed && kind === 'variable') variables.push(`declare let ${name}: typeof $${name};`);
    }
    return [...[...imported].map(([stem, list]) => `import {${list.join(', ')}} from './${stem}';`), ...variables].join(' ');
  }
}
