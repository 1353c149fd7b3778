import type { SyntaxNode } from './syntax-tree.ts'

/**
 * A text that is equal for trees that mean the same but for the tables they name: kinds, roles and
 * attributes of all nodes, without locations, and with a mark in place of each node in `tables`.
 */
export function outline(node: SyntaxNode, tables: ReadonlySet<SyntaxNode>): string {
  const pieces: string[] = []
  const write = (each: SyntaxNode): void => {
    if (tables.has(each)) {
      pieces.push('table')
      return
    }
    pieces.push(each.kind, '(')
    for (const [name, value] of each.attributes) {
      // The formatter changes quotes and drops brackets; `string_value` and the tree stay.
      if (name === 'parenthesized' || (name === 'image' && each.attributes.has('string_value'))) {
        continue
      }
      pieces.push(name, '=', JSON.stringify(value), ' ')
    }
    for (const { role, node: inner } of each.children) {
      pieces.push(role, ':')
      write(inner)
    }
    pieces.push(')')
  }
  write(node)
  return pieces.join('')
}
