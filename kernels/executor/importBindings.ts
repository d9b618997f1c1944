import ts from 'typescript';
import type {ImportBinding} from './cell';

/**
 * The names that an import statement brings in; `null` for one that is of types alone and leaves nothing to be loaded.
 */
export function importBindings({importClause: clause}: ts.ImportDeclaration): ImportBinding[] | null {
  if (clause?.isTypeOnly) return null;
  const bindings: ImportBinding[] = [];
  if (clause?.name) bindings.push({local: clause.name.text, imported: 'default'});
  const named = clause?.namedBindings;
  if (named && ts.isNamespaceImport(named)) bindings.push({local: named.name.text, imported: '*'});
  if (named && ts.isNamedImports(named)) {
    for (const item of named.elements) {
      if (!item.isTypeOnly) bindings.push({local: item.name.text, imported: (item.propertyName ?? item.name).text});
    }
    if (named.elements.length > 0 && bindings.length === 0) return null;
  }
  return bindings;
}
