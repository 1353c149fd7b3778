import { createHash } from 'node:crypto'

import { type Edit, editText } from './edit-text.ts'
import type { SyntaxNode } from './syntax-tree.ts'

/** Literals, but for TRUE, FALSE, NULL and DEFAULT. Of nested ones the outer counts: `DATE '…'`. */
const LITERAL = new Set([
  'ASTBigNumericLiteral',
  'ASTBytesLiteral',
  'ASTDateOrTimeLiteral',
  'ASTFloatLiteral',
  'ASTIntLiteral',
  'ASTJSONLiteral',
  'ASTNumericLiteral',
  'ASTRangeLiteral',
  'ASTStringLiteral',
])

/** `sql` with every literal in its tree replaced by `?`, and the SHA-256 of that, in hex. */
export function stripLiterals(
  sql: string,
  tree: SyntaxNode,
): { readonly strippedSql: string; readonly fingerprint: string } {
  const edits: Edit[] = []
  const visit = (node: SyntaxNode): void => {
    if (LITERAL.has(node.kind)) {
      if (node.range === undefined) throw new Error('a literal has no location')
      edits.push({ range: node.range, text: '?' })
    } else for (const { node: inner } of node.children) visit(inner)
  }
  visit(tree)
  const strippedSql = editText(sql, edits)
  return { strippedSql, fingerprint: createHash('sha256').update(strippedSql).digest('hex') }
}
