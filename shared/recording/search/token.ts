import { createHash } from 'node:crypto'

/** What a token may be about. None has a colon or a `#` in it. */
export type TokenKind =
  | 'is'
  | 'principal'
  | 'principal-key'
  | 'group'
  | 'client'
  | 'claim'
  | 'session'
  | 'table'
  | 'column'
  | 'masked'
  | 'filtered'
  | 'tag'
  | 'statement'
  | 'decision'
  | 'rule'
  | 'problem'
  | 'outcome'
  | 'decision-outcome'
  | 'approver'
  | 'approver-key'
  | 'approval'
  | 'job'
  | 'fingerprint'
  | 'flag'
  | 'replay-of'
  | 'word'
  | 'at-least'
  | 'below'
  | 'reads'
  | 'runs'
  | 'denied'
  | 'session-of'
  | 'session-of-key'
  | 'session-id'
  | 'event'
  | 'event-by'
  | 'event-by-key'

/** Longer values are found by their digest. */
const MOST_BYTES = 200

/**
 * A token: kind, colon, value in lower case; kind, `#` and SHA-256 (hex) of a value of more than 200 bytes. What stands in a
 * value never makes it a token of another kind, as the first colon or `#` ends the kind.
 */
export function token(kind: TokenKind, value: string): string {
  const folded = value.toLowerCase()
  // No letter is more than three bytes.
  return folded.length * 3 <= MOST_BYTES || Buffer.byteLength(folded) <= MOST_BYTES
    ? `${kind}:${folded}`
    : `${kind}#${createHash('sha256').update(folded).digest('hex')}`
}

/** The kind of a token. */
export function kindOf(made: string): string {
  return /^[a-z-]*/.exec(made)?.[0] ?? ''
}

/** Several values as one, such that no two lists become the same. */
export function joined(...values: readonly string[]): string {
  return JSON.stringify(values)
}

/** Both as one token: each is on most calls, so that nothing is slower to find than two that hardly meet. */
export function decisionOutcomeToken(decision: string, outcome: string): string {
  return token('decision-outcome', joined(decision, outcome))
}
