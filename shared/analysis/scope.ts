/** The names that a path in FROM may refer to instead of a table, in lower case. */
export interface Scope {
  /** Of the WITH clauses around it. */
  readonly queries: ReadonlySet<string>
  /** Of the tables to its left and of the enclosing queries: `FROM patients AS p, p.visits`. */
  readonly aliases: ReadonlySet<string>
}

export const emptyScope: Scope = { queries: new Set(), aliases: new Set() }

/** `scope` with one more WITH query. */
export function withQuery(scope: Scope, name: string): Scope {
  return { ...scope, queries: new Set([...scope.queries, name.toLowerCase()]) }
}

/** `scope` with more aliases; names that are undefined add none. */
export function withAliases(scope: Scope, names: readonly (string | undefined)[]): Scope {
  // Fail closed: a quoted name with a dot is one name to GoogleSQL, and another to BigQuery.
  const plain = names.flatMap((name) =>
    name === undefined || name.includes('.') ? [] : [name.toLowerCase()],
  )
  return { ...scope, aliases: new Set([...scope.aliases, ...plain]) }
}

/** Whether a path is not a table: it names a WITH query, or an array of a table that is in scope. */
export function isInScope([first = '', ...rest]: readonly string[], scope: Scope): boolean {
  const names = rest.length === 0 ? scope.queries : scope.aliases
  return names.has(first.toLowerCase())
}
