import type { SyntaxNode } from './syntax-tree.ts'

/**
 * Whether two trees mean the same but for the tables they name: equal kinds, roles and attributes
 * throughout, locations aside, with nodes in `tables` in the same places.
 */
export function sameTree(a: SyntaxNode, b: SyntaxNode, tables: ReadonlySet<SyntaxNode>): boolean {
  if (tables.has(a) || tables.has(b)) return tables.has(a) && tables.has(b)
  return (
    a.kind === b.kind &&
    sameAttributes(a, b) &&
    a.children.length === b.children.length &&
    a.children.every(({ role, node }, index) => {
      const other = b.children[index]
      return role === other?.role && sameTree(node, other.node, tables)
    })
  )
}

function sameAttributes(a: SyntaxNode, b: SyntaxNode): boolean {
  const names = new Set([...a.attributes.keys(), ...b.attributes.keys()])
  for (const name of names) {
    // The formatter changes quotes and drops brackets; the string's value and the tree remain.
    const style = name === 'parenthesized' || (name === 'image' && a.attributes.has('string_value'))
    if (!style && a.attributes.get(name) !== b.attributes.get(name)) return false
  }
  return true
}
