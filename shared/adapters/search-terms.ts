import { hash } from 'node:crypto'

const LETTERS = 16
/** Most tokens are those of many documents. */
const MOST_REMEMBERED = 100_000

/**
 * Tokens as stores keep them, with a space between: each is the first 64 bits of its SHA-256, hex. So one token is one term, whatever is in it, and
 * nothing in it is syntax of a query.
 */
export function searchTerms(): (tokens: readonly string[]) => string {
  const remembered = new Map<string, string>()
  const termOf = (token: string): string => {
    const known = remembered.get(token)
    if (known !== undefined) return known
    const term = hash('sha256', token).slice(0, LETTERS)
    if (remembered.size >= MOST_REMEMBERED) remembered.clear()
    remembered.set(token, term)
    return term
  }
  return (tokens) => tokens.map(termOf).join(' ')
}
