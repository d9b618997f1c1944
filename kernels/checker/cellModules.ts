import {join} from 'node:path';
import ts from 'typescript';
import {type CellDeclarations, type Declaration, declarationsOf, type Meaning} from './declarations';

/** A cell as a module of its own, for the type checker. */
export interface CellModule {
  readonly path: string;
  readonly text: string;
  /** Characters of the head that stands before the user's first line. */
  readonly headLength: number;
  /** What the user wrote. */
  readonly source: string;
  readonly declarations: CellDeclarations;
}

/** Where a name comes from. */
interface Origin extends Declaration {
  readonly stem: string;
}

/** A name may have its type from one cell and its value from another. */
interface Origins {
  readonly type?: Origin;
  readonly value?: Origin;
}

/**
 * The cells of one notebook as modules: each imports the earlier names that it mentions and exports its own, so that a
 * name can be declared anew in a later cell, and the lines of the user keep their numbers but for one.
 */
export class CellModules {
  private readonly origins = new Map<string, Origins>();

  private readonly disposed = new Set<string>();

  /**
   * @param directory folder that relative imports start from
   * @param name tells notebooks of one folder apart
   * @param holdsAll every module imports all earlier cells, so that a program with one root keeps them and their
   * libraries; default false
   */
  constructor(private readonly directory: string, private readonly name: string, private readonly holdsAll = false) {}

  /**
   * The module of a cell; earlier cells count only once they are kept.
   *
   * @param isDraft whether the cell is still being written, and any earlier name may be meant; default false
   */
  create(index: number, source: string, isDraft = false): CellModule {
    const declarations = declarationsOf(source);
    const head = pragmas(source) + this.head(declarations, isDraft);
    const own = [...declarations.names].filter(([name, {kind}]) => isReached(kind) && !declarations.exported.has(name))
      .map(([name]) => name);
    const path = join(this.directory, `${this.stem(index)}.ts`);
    return {
      path, text: `${head}\n${source}\nexport {${own.join(', ')}};\n`, headLength: head.length + 1, source,
      declarations,
    };
  }

  /** Makes the names of a cell known to later ones. */
  keep(index: number, {declarations}: CellModule): void {
    for (const [name, declaration] of declarations.names) {
      if (declaration.kind === 'disposed') this.disposed.add(name);
      else this.origins.set(name, joined(this.origins.get(name), {...declaration, stem: this.stem(index)}));
    }
  }

  /** Whether an earlier cell has declared the name with `using`, so that it ended with that cell. */
  wasDisposed(name: string): boolean {
    return this.disposed.has(name) && !this.origins.has(name);
  }

  /** Whether a cell speaks of a name that an earlier one has left. */
  mentions({names, mentioned}: CellDeclarations): boolean {
    return [...mentioned].some((name) => this.origins.has(name) && lacks(names.get(name)) !== 'nothing');
  }

  /** Paths of the cells that some name still comes from. */
  live(): Set<string> {
    const origins = [...this.origins.values()].flatMap(({type, value}) =>
      [type, value].filter((origin) => origin !== undefined));
    return new Set(origins.map(({stem}) => join(this.directory, `${stem}.ts`)));
  }

  private stem(index: number): string {
    return `__${this.name.replace(/\W/g, '_')}_cell_${index}`;
  }

  /**
   * Each earlier cell is imported once, whatever the cell mentions: where the imports stay the same, TypeScript keeps
   * the structure of its program.
   */
  private head({names, mentioned}: CellDeclarations, isDraft: boolean): string {
    const imported = new Map<string, string[]>();
    const declared: string[] = [];
    for (const [name, origins] of this.origins) {
      for (const origin of [origins.type, origins.value]) {
        if (origin && this.holdsAll) imported.set(origin.stem, imported.get(origin.stem) ?? []);
      }
      if (!isDraft && !mentioned.has(name)) continue;
      for (const {stem, specifier, declaration} of reach(name, origins, lacks(names.get(name)))) {
        if (specifier) imported.set(stem, [...(imported.get(stem) ?? []), specifier]);
        if (declaration) declared.push(declaration);
      }
    }
    return [...[...imported].map(([stem, list]) => `import {${list.join(', ')}} from './${stem}';`), ...declared]
      .join(' ');
  }
}

/** What a later cell writes to have a name: a part of the import from a cell, and a declaration of its own. */
interface Reach {
  readonly stem: string;
  readonly specifier?: string;
  readonly declaration?: string;
}

function reach(name: string, {type, value}: Origins, wanted: Meaning | 'nothing'): Reach[] {
  if (wanted === 'nothing') return [];
  // Beside a declaration of its own, a cell has only what can stand beside it.
  const needsType = type && wanted !== 'value' && (wanted === 'both' || type.meaning === 'type');
  const needsValue = value && wanted !== 'type' && (wanted === 'both' || value.meaning === 'value');
  const isOne = wanted === 'both' && (!type || type.stem === value?.stem);
  if (needsValue && isOne && value.kind === 'import') return [{stem: value.stem, specifier: name}];
  return [
    ...(needsType ? [{stem: type.stem, specifier: `type ${name}`}] : []),
    ...(needsValue ? [declared(name, value)] : []),
  ];
}

/**
 * A variable of its own with the type of the earlier one: an import could not be assigned, nor stand beside a type of
 * that name.
 */
function declared(name: string, {kind, isConstant, stem}: Origin): Reach {
  const keyword = `declare ${isConstant ? 'const' : 'let'} ${name}`;
  if (kind === 'any' || kind === 'any[]') return {stem, declaration: `${keyword}: ${kind};`};
  const alias = `__${name}_of${stem.replace(/\W/g, '_')}`;
  return {stem, specifier: `${name} as ${alias}`, declaration: `${keyword}: typeof ${alias};`};
}

/** Names that cells are given for the checker's sake: of no use to their author. */
export const INTERNAL_NAME = /\b__([\p{ID_Continue}$]+)_of__\w+_cell_\d+/gu;

/** What of a name is still to come from earlier cells, where the cell has this declaration of its own. */
function lacks(own: Declaration | undefined): Meaning | 'nothing' {
  if (!own) return 'both';
  if (own.meaning === 'both') return 'nothing';
  return own.meaning === 'type' ? 'value' : 'type';
}

/**
 * An interface or alias and a variable or function live side by side, as in one file; any other declaration takes the
 * whole name.
 */
function joined(before: Origins = {}, origin: Origin): Origins {
  const {meaning} = origin;
  if (meaning === 'both') return {type: origin, value: origin};
  const other = meaning === 'type' ? before.value : before.type;
  const stays = other && other.meaning !== 'both' ? other : undefined;
  return meaning === 'type' ? {type: origin, value: stays} : {type: stays, value: origin};
}

function isReached(kind: Declaration['kind']): boolean {
  return kind === 'import' || kind === 'variable';
}

/** Comments that TypeScript heeds at the top of a file alone, which the imports would otherwise push down. */
function pragmas(source: string): string {
  const comments = (ts.getLeadingCommentRanges(source, 0) ?? []).map(({pos, end}) => source.slice(pos, end));
  return comments.filter((text) => /^\/\/(\/?\s*@ts-nocheck|\/\s*<reference)/.test(text)).map((text) => `${text}\n`)
    .join('');
}
