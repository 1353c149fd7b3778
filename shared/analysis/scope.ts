interface Name {
  readonly name: string
  /** A query of a WITH clause; or a table to the left, or of an enclosing query. */
  readonly kind: 'query' | 'alias'
  readonly outer: Scope
}

/** The names that a path in FROM may refer to instead of a table: a list, the innermost first. */
export type Scope = Name | undefined

export const noScope: Scope = undefined

/** `scope` with one more WITH query. */
export function withQuery(scope: Scope, name: string): Scope {
  return { name: name.toLowerCase(), kind: 'query', outer: scope }
}

/** `scope` with more aliases. */
export function withAliases(scope: Scope, names: readonly string[]): Scope {
  // Fail closed: a quoted name with a dot is one name to GoogleSQL, and another to BigQuery.
  const plain = names.filter((name) => !name.includes('.'))
  return plain.reduce<Scope>(
    (outer, name) => ({ name: name.toLowerCase(), kind: 'alias', outer }),
    scope,
  )
}

/** Whether a path is not a table: it names a WITH query, or an array of a table that is in scope. */
export function isInScope(path: readonly string[], scope: Scope): boolean {
  const name = path[0]?.toLowerCase()
  const kind = path.length === 1 ? 'query' : 'alias'
  for (let at = scope; at !== undefined; at = at.outer) {
    if (at.name === name && at.kind === kind) return true
  }
  return false
}
