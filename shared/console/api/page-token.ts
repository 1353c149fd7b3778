import { createHmac, timingSafeEqual } from 'node:crypto'

import type { Principal } from '../../identity/principal.ts'
import { principalKey } from '../../identity/principal.ts'
import { canonicalJson } from '../../kernel/canonical-json.ts'
import { type Result, err, ok } from '../../kernel/result.ts'
import { derivedKey } from '../../recording/derived-key.ts'
import type { AuditRefusal } from '../audit-refusal.ts'

/** What a page token belongs to: whoever asked, and for what. */
export interface PageOf {
  readonly principal: Principal
  readonly what: string
  readonly filter: Readonly<Record<string, unknown>>
}

/**
 * Tokens that say where the next page begins, each good for one person and one filter. `open` refuses what was not made for
 * them, or was changed. `key` is `Recorder.digestKey`.
 */
export function pageTokens(key: Uint8Array) {
  const macKey = derivedKey(key, 'sluice page token')
  const macOf = (cursor: string, { principal, what, filter }: PageOf): Buffer =>
    createHmac('sha256', macKey)
      .update(canonicalJson({ cursor, filter, principal: principalKey(principal), what }))
      .digest()
  const seal = (cursor: string, of: PageOf): string =>
    `${Buffer.from(cursor).toString('base64url')}.${macOf(cursor, of).toString('base64url')}`
  return {
    seal,
    open: (token: string, of: PageOf): Result<string, AuditRefusal> => {
      const cursor = Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()
      const ours = Buffer.from(seal(cursor, of))
      const given = Buffer.from(token)
      const isOurs = given.length === ours.length && timingSafeEqual(given, ours)
      return isOurs ? ok(cursor) : NOT_VALID
    },
  }
}

/** What is said of a token that is not good here. */
export const NOT_VALID: Result<never, AuditRefusal> = err({
  problem: 'malformed',
  message: 'the page token is not valid here; start again without',
})
