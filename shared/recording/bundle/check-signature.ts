import { decodeBase64 } from '../../tlog/base64.ts'
import { verifyEd25519 } from '../../tlog/ed25519.ts'
import { type Stamp, stampHash, stampMessage } from '../stamp.ts'
import type { CheckedStamp } from './checked-line.ts'
import type { LineContext } from './line-context.ts'

/** A stamp and whether its writer signed it, as far as the writer's key is known by now. */
export function checkSignature(
  stamp: Stamp,
  signature: string,
  { keyOf }: LineContext,
): { readonly stamp: CheckedStamp; readonly isForged: boolean } {
  const { writer, number, previous } = stamp
  const message = stampMessage(stamp)
  const checked = { writer, number, previous, hash: stampHash(message), unverified: undefined }
  const bytes = decodeBase64(signature)
  if (bytes?.length !== SIGNATURE_BYTES) return { stamp: checked, isForged: true }
  const key = keyOf(writer)
  if (key === undefined)
    return { stamp: { ...checked, unverified: { message, signature: bytes } }, isForged: false }
  return { stamp: checked, isForged: !verifyEd25519(key, message, bytes) }
}

const SIGNATURE_BYTES = 64
