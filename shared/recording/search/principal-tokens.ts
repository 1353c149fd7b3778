import { principalKey } from '../../identity/principal.ts'
import { type TokenKind, token } from './token.ts'

interface Somebody {
  readonly issuer: string
  readonly subject: string
  readonly email: string | undefined
}

const KEYED = {
  principal: 'principal-key',
  approver: 'approver-key',
  'session-of': 'session-of-key',
  'event-by': 'event-by-key',
} as const satisfies Partial<Record<TokenKind, TokenKind>>

/** In which part somebody has to do with a document. */
export type Part = keyof typeof KEYED

/** Somebody by subject, by e-mail address, and by issuer and subject: the last is a kind of its own, so no subject is taken for it. */
export function personTokens(part: Part, somebody: Somebody | undefined): readonly string[] {
  if (somebody === undefined) return []
  const { subject, email } = somebody
  return [
    token(KEYED[part], principalKey(somebody)),
    token(part, subject),
    ...(email === undefined ? [] : [token(part, email)]),
  ]
}

/** The token of what somebody typed for a person. */
export function typedPerson(part: Part, typed: string): string {
  return token(isKey(typed) ? KEYED[part] : part, typed)
}

/** Whether what was typed means somebody, letter by letter but for addresses. */
export function isMeant(typed: string, somebody: Somebody | undefined): boolean {
  if (somebody === undefined) return false
  if (isKey(typed)) return typed === principalKey(somebody)
  return typed === somebody.subject || typed.toLowerCase() === somebody.email?.toLowerCase()
}

function isKey(typed: string): boolean {
  return /^https?:\/\/\S+ /.test(typed)
}
