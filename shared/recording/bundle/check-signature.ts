import { decodeBase64 } from '../../tlog/base64.ts'
import { verifyEd25519 } from '../../tlog/ed25519.ts'
import { type Stamp, stampHash, stampMessage } from '../stamp.ts'
import type { CheckedStamp } from './checked-line.ts'
import type { LineContext } from './line-context.ts'
import { type Place, type Problem, broken, entryAt } from './problem.ts'

/** A stamp and whether its writer signed it, as far as the writer's key is known by now. */
export function checkSignature(
  stamp: Stamp,
  signature: string,
  { keyOf, isChained }: LineContext,
): { readonly stamp: CheckedStamp; readonly isForged: boolean } {
  const { writer, number, previous } = stamp
  const message = stampMessage(stamp)
  const checked = {
    writer,
    number,
    previous,
    hash: stampHash(message),
    unverified: undefined,
    isVouched: false,
  }
  const bytes = decodeBase64(signature)
  if (bytes?.length !== SIGNATURE_BYTES) return { stamp: checked, isForged: true }
  const key = isChained ? undefined : keyOf(writer)
  if (key === undefined)
    return { stamp: { ...checked, unverified: { message, signature: bytes } }, isForged: false }
  return { stamp: checked, isForged: !verifyEd25519(key, message, bytes) }
}

/** Somebody else signed an entry, or nobody. */
export function signatureInvalid({ id, index }: Place): Problem {
  const place = { id, index }
  return broken(
    'signature-invalid',
    place,
    `${entryAt(place)} was not signed by the writer that it names`,
  )
}

const SIGNATURE_BYTES = 64
