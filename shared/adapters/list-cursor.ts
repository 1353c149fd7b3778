import { createHash } from 'node:crypto'

import { canonicalJson } from '../kernel/canonical-json.ts'
import { type Result, err, ok } from '../kernel/result.ts'
import type { CursorProblem } from '../recording/entry-store.ts'

/** Where a page ended: the next one holds what sorts before it. */
export interface Position {
  /** Epoch milliseconds. */
  readonly at: number
  readonly id: string
}

type Scope = Readonly<Record<string, string | undefined>>

const DIGEST_BYTES = 12
const POSITION = /^(\d{1,15}) ([\x21-\x7e]{1,1100})$/

/** An opaque cursor for `position` in the list that `scope` (its filters) describes. */
export function listCursor(scope: Scope, position: Position): string {
  const text = Buffer.from(`${position.at} ${position.id}`)
  return Buffer.concat([digest(scope, text), text]).toString('base64url')
}

/**
 * The position in a cursor that `listCursor` made for the same scope; undefined for no cursor.
 *
 * The digest has no key: a cursor says where, never what the caller may see. It keeps a changed
 * cursor from being taken for page one, or for another list's.
 */
export function parseListCursor(
  scope: Scope,
  cursor: string | undefined,
): Result<Position | undefined, CursorProblem> {
  if (cursor === undefined) return ok(undefined)
  const bytes = Buffer.from(cursor, 'base64url')
  const text = bytes.subarray(DIGEST_BYTES)
  const [, at, id] = POSITION.exec(text.toString('latin1')) ?? []
  // Buffer ignores characters that are not base64url, so the text must be what it would write.
  const whole = bytes.toString('base64url') === cursor
  if (
    !whole ||
    at === undefined ||
    id === undefined ||
    !digest(scope, text).equals(bytes.subarray(0, DIGEST_BYTES))
  )
    return err({ problem: 'cursor-invalid' })
  return ok({ at: Number(at), id })
}

function digest(scope: Scope, text: Buffer): Buffer {
  const hash = createHash('sha256').update(canonicalJson(scope)).update('\n').update(text)
  return hash.digest().subarray(0, DIGEST_BYTES)
}
