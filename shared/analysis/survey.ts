import { calledRoutine, nodeProblem } from './node-problem.ts'
import { isInScope, noScope, type Scope, withAliases, withQuery } from './scope.ts'
import { child, childrenIn, identifierText, pathParts, type SyntaxNode } from './syntax-tree.ts'

/** What a statement, or part of one, was found to name. */
export interface Survey {
  /** The paths that name tables: neither a WITH query nor an array of a table. */
  readonly tables: readonly SyntaxNode[]
  /** The paths of the functions it calls that are not BigQuery's own. */
  readonly routines: readonly SyntaxNode[]
  /** Why it cannot be understood, as hints for the caller; empty when it can. */
  readonly problems: readonly string[]
}

/**
 * Finds the tables that `nodes` read, by GoogleSQL's rules of scope but independently of GoogleSQL's own
 * `ExtractTableNames`. A node that is not known, and a path whose meaning depends on a schema, is a
 * problem. `from` is what a DML statement reads from; `alias` is its target's.
 */
export function survey(
  nodes: readonly SyntaxNode[],
  { from, alias }: { readonly from?: SyntaxNode | undefined; readonly alias?: string | undefined },
): Survey {
  const found: Found = { tables: [], routines: [], problems: [] }
  const target = withAliases(noScope, alias === undefined ? [] : [alias])
  const scope = from === undefined ? target : visitFrom(from, target, target, found)
  for (const node of nodes) visit(node, scope, found)
  return found
}

interface Found {
  readonly tables: SyntaxNode[]
  readonly routines: SyntaxNode[]
  readonly problems: string[]
}

function visit(node: SyntaxNode, scope: Scope, found: Found): void {
  switch (node.kind) {
    case 'ASTQuery':
      visitQuery(node, scope, found)
      return
    case 'ASTSelect':
      visitSelect(node, scope, found)
      return
    case 'ASTFromClause':
    case 'ASTJoin':
    case 'ASTParenthesizedJoin':
    case 'ASTTablePathExpression':
      visitFrom(node, scope, scope, found)
      return
    case 'ASTArrayElement':
      visitArrayElement(node, scope, found)
      return
    default:
      visitChildren(node, scope, found)
  }
}

/** `array[OFFSET(0)]` looks like a call, but only here. */
function visitArrayElement(node: SyntaxNode, scope: Scope, found: Found): void {
  const position = child(node, 'position')
  const name = position === undefined ? undefined : pathParts(child(position, 'function'))
  const accesses = name?.length === 1 && /^(?:safe_)?(?:offset|ordinal)$/i.test(name[0] ?? '')
  visitChildren(node, scope, found, accesses ? ['position'] : [])
  if (accesses) position?.children.forEach((each) => visit(each.node, scope, found))
}

function visitChildren(
  node: SyntaxNode,
  scope: Scope,
  found: Found,
  done: readonly string[] = [],
): void {
  const problem = nodeProblem(node)
  if (problem !== undefined) found.problems.push(problem)
  const called = calledRoutine(node)
  if (called !== undefined) found.routines.push(called)
  for (const { role, node: each } of node.children) {
    if (!done.includes(role)) visit(each, scope, found)
  }
}

function visitQuery(node: SyntaxNode, outer: Scope, found: Found): void {
  const clause = child(node, 'with_clause')
  const named = clause === undefined ? [] : childrenIn(clause, 'with')

  // WITH RECURSIVE: each query sees all of them; else each sees those before it.
  const recursive = clause?.attributes.get('recursive') === 'true'
  let scope = recursive ? named.reduce(include, outer) : outer
  for (const query of named) {
    visit(query, scope, found)
    scope = include(scope, query)
  }
  // ORDER BY and LIMIT of a plain SELECT see what its FROM names.
  const select = node.children.find((each) => each.node.kind === 'ASTSelect')
  const inner = select === undefined ? scope : visitSelect(select.node, scope, found)
  visitChildren(node, inner, found, ['with_clause', ...(select === undefined ? [] : [select.role])])
}

function include(scope: Scope, query: SyntaxNode): Scope {
  return withQuery(scope, identifierText(child(query, 'alias')) ?? '')
}

function visitSelect(node: SyntaxNode, outer: Scope, found: Found): Scope {
  const from = child(node, 'from_clause')
  const scope = from === undefined ? outer : visitFrom(from, outer, outer, found)
  visitChildren(node, scope, found, ['from_clause'])
  return scope
}

/**
 * Visits a part of a FROM clause; returns `scope` with the names that this part makes visible to its right.
 * `outer` is what the whole clause sees.
 */
function visitFrom(node: SyntaxNode, outer: Scope, scope: Scope, found: Found): Scope {
  const part = (role: string, within: Scope): Scope => {
    const inner = child(node, role)
    return inner === undefined ? within : visitFrom(inner, outer, within, found)
  }
  switch (node.kind) {
    case 'ASTFromClause':
      return part('table_expression', scope)
    case 'ASTParenthesizedJoin': {
      const inner = part('join', scope)
      visitChildren(node, inner, found, ['join'])
      return inner
    }
    case 'ASTJoin': {
      const inner = part('rhs', part('lhs', scope))
      visitChildren(node, inner, found, ['lhs', 'rhs'])
      return inner
    }
    case 'ASTTablePathExpression':
      return visitTablePath(node, scope, found)
    default:
      // A subquery sees the names of the enclosing query, not those of its neighbours in FROM.
      visitChildren(node, outer, found)
      return withAliases(scope, aliasesOf(node))
  }
}

function visitTablePath(node: SyntaxNode, scope: Scope, found: Found): Scope {
  const path = child(node, 'path_expr')
  const unnest = child(node, 'unnest_expr')
  const parts = pathParts(path)
  if (path === undefined ? unnest === undefined : parts === undefined) {
    found.problems.push('name each table in FROM')
  }
  if (path !== undefined && parts !== undefined && !isInScope(parts, scope)) found.tables.push(path)

  // `FROM UNNEST(dataset.table.column)` reads a table where an expression stands, and GoogleSQL's list
  // of table names is silent about it. Only a path that begins with a table's alias is surely an array.
  for (const item of unnest === undefined ? [] : childrenIn(unnest, 'expressions')) {
    const array = pathParts(leftmost(child(item, 'expression')))
    if (array !== undefined && array.length > 1 && !isInScope(array, scope)) {
      const column = array.join('.')
      found.problems.push(`write \`FROM … AS t, UNNEST(t.…)\` instead of \`UNNEST(${column})\``)
    }
  }
  const inner = withAliases(scope, aliasesOf(node))
  visitChildren(node, inner, found, ['path_expr'])
  return inner
}

/** What a table in FROM is called: its alias, that of its PIVOT, else the end of its path. */
function aliasesOf(node: SyntaxNode): readonly string[] {
  const pivots = ['pivot_clause', 'unpivot_clause'].flatMap((role) => childrenIn(node, role))
  const names = [
    identifierText(child(node, 'alias')) ?? lastName(child(node, 'path_expr')),
    ...pivots.map((pivot) => identifierText(child(pivot, 'output_alias'))),
  ]
  return names.filter((name) => name !== undefined)
}

/** The name of a table in its own query, if it has no alias; quoted `project.dataset.table` too. */
export function lastName(path: SyntaxNode | undefined): string | undefined {
  return pathParts(path)?.at(-1)?.split('.').at(-1)
}

/** The path at the beginning of `a.b`, `a.b[0]` and `a.b[0].c`. */
function leftmost(node: SyntaxNode | undefined): SyntaxNode | undefined {
  const inner = node === undefined ? undefined : (child(node, 'expr') ?? child(node, 'array'))
  return inner === undefined ? node : leftmost(inner)
}
