import { readFileSync } from 'node:fs'

import { parse } from 'yaml'

/** The secret of a person or machine in an identities file of the local stack. Throws when there is none. */
export function secretOf(name: string, file: string): string {
  const document: unknown = parse(readFileSync(file, 'utf8'))
  const identities =
    typeof document === 'object' && document !== null && 'identities' in document
      ? document.identities
      : undefined
  for (const identity of Array.isArray(identities) ? identities : []) {
    const found: unknown = identity
    if (typeof found !== 'object' || found === null || !('id' in found && 'secret' in found))
      continue
    if (found.id === name && typeof found.secret === 'string') return found.secret
  }
  throw new Error(`no identity of that name in \`${file}\`: \`${name}\``)
}
