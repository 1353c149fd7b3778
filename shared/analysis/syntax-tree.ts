/** Offsets into the UTF-8 bytes of the text that was parsed: `start` inclusive, `end` exclusive. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/**
 * A node of GoogleSQL's parse tree, in our own shape: any release of GoogleSQL, however it is reached,
 * can be read into it. `kind` is GoogleSQL's name for the most derived class, like `ASTSelect`.
 */
export interface SyntaxNode {
  readonly kind: string
  readonly range: ByteRange | undefined
  /** Flags, names and enum values, as text: `{ id_string: 'patients' }`. */
  readonly attributes: ReadonlyMap<string, string>
  /** What it is made of, by role, in the order of GoogleSQL's own declaration. */
  readonly children: readonly SyntaxChild[]
}

export interface SyntaxChild {
  readonly role: string
  readonly node: SyntaxNode
}

/** The first child in a role, or undefined. */
export function child(node: SyntaxNode, role: string): SyntaxNode | undefined {
  return node.children.find((each) => each.role === role)?.node
}

/** All children in a role. */
export function childrenIn(node: SyntaxNode, role: string): readonly SyntaxNode[] {
  return node.children.filter((each) => each.role === role).map((each) => each.node)
}

/** The text of an `ASTIdentifier`; of an `ASTAlias`, that of the identifier in it. */
export function identifierText(node: SyntaxNode | undefined): string | undefined {
  if (node?.kind === 'ASTAlias') return identifierText(child(node, 'identifier'))
  return node?.attributes.get('id_string')
}

/** The identifiers of an `ASTPathExpression`, decoded, or undefined for anything else. */
export function pathParts(node: SyntaxNode | undefined): readonly string[] | undefined {
  if (node?.kind !== 'ASTPathExpression') return undefined
  const parts = childrenIn(node, 'names').map(identifierText)
  return parts.every((part) => part !== undefined) ? parts : undefined
}
