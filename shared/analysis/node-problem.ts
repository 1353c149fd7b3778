import { isBuiltinFunction } from './builtin-functions.ts'
import { describeKind, isKnownKind } from './node-kinds.ts'
import { child, identifierText, pathParts, type SyntaxNode } from './syntax-tree.ts'

/**
 * Why this node by itself, whatever is in it, cannot be understood: a hint for the caller, or undefined.
 */
export function nodeProblem(node: SyntaxNode): string | undefined {
  switch (node.kind) {
    case 'ASTTVF': {
      const routine = pathParts(child(node, 'name'))?.join('.') ?? ''
      return `it calls table function \`${routine}\`; query its tables instead`
    }
    case 'ASTSimpleType':
    case 'ASTSimpleColumnSchema':
      // `a.b` would be a type that somebody defined.
      return pathParts(child(node, 'type_name'))?.length === 1
        ? undefined
        : 'use one of the types of BigQuery'
    case 'ASTSelectAs':
      return child(node, 'type_name') === undefined ? undefined : 'select AS STRUCT or AS VALUE'
    case 'ASTAlias':
    case 'ASTAliasedQuery':
      return aliasProblem(
        identifierText(node.kind === 'ASTAlias' ? node : child(node, 'alias')) ?? '',
      )
    default:
      return isKnownKind(node.kind) ? undefined : `rewrite it without ${describeKind(node.kind)}`
  }
}

/** The path of a call of a function that is not BigQuery's own. */
export function calledRoutine(node: SyntaxNode): SyntaxNode | undefined {
  const path = node.kind === 'ASTFunctionCall' ? child(node, 'function') : undefined
  return path === undefined || isBuiltinFunction(pathParts(path) ?? []) ? undefined : path
}

/** GoogleSQL takes a quoted `a.b` for one name where BigQuery may see two, or in `a*` and `a$1` a table. */
function aliasProblem(name: string): string | undefined {
  return name === '' || /[.*$@]/.test(name) ? `choose another alias than \`${name}\`` : undefined
}
