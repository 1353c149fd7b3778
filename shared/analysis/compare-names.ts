import { pathParts, type SyntaxNode } from './syntax-tree.ts'

/** Whether our own search and GoogleSQL's found exactly the same table names. */
export function sameNames(
  ours: readonly SyntaxNode[],
  theirs: readonly (readonly string[])[],
): boolean {
  const found = new Set(ours.map((path) => key(pathParts(path) ?? [])))
  const reported = new Set(theirs.map(key))
  return found.size === reported.size && [...found].every((name) => reported.has(name))
}

function key(parts: readonly string[]): string {
  return JSON.stringify(parts)
}
