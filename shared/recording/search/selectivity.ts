import { kindOf } from './token.ts'

/** Kinds of tokens, of which few documents have the same one first. */
const BY_RARITY: readonly string[] = [
  'job',
  'replay-of',
  'session-id',
  'session',
  'runs',
  'reads',
  'denied',
  'flag',
  'fingerprint',
  'claim',
  'approver-key',
  'approver',
  'problem',
  'approval',
  'principal-key',
  'principal',
  'session-of-key',
  'session-of',
  'event-by-key',
  'event-by',
  'event',
  'masked',
  'column',
  'filtered',
  'table',
  'tag',
  'word',
  'rule',
  'client',
  'group',
  'statement',
  'decision-outcome',
  'decision',
  'outcome',
]

/** Of tokens, the one that the fewest documents have, as far as its kind tells. Throws for none. */
export function rarestOf(tokens: readonly string[]): string {
  // Of one kind the longer says more: `acme.hospital.patients` than `patients`.
  const [first] = tokens.toSorted((a, b) => rank(a) - rank(b) || b.length - a.length)
  if (first === undefined) throw new RangeError('a search without tokens')
  return first
}

function rank(token: string): number {
  const found = BY_RARITY.indexOf(kindOf(token))
  return found < 0 ? BY_RARITY.length : found
}
