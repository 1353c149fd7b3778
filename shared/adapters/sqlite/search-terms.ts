import { createHash } from 'node:crypto'

import { base32 } from '../../kernel/base32.ts'

const LETTERS = 12

/**
 * Tokens as FTS5 keeps them: each is 12 letters and digits, the first 60 bits of its SHA-256. So one token is one term, whatever
 * is in it, and nothing in it is syntax of a query.
 */
export function searchTerms(tokens: readonly string[]): string {
  return tokens.map(termOf).join(' ')
}

function termOf(token: string): string {
  return base32(createHash('sha256').update(token).digest().subarray(0, 8)).slice(0, LETTERS)
}
