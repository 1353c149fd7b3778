import { z } from 'zod'

import { crc32c } from '../secret-manager/crc32c.ts'
import { NoReply } from '../whole-reply.ts'

/** Base64, as Cloud KMS sends bytes. */
export const wireBytes = z.base64().transform((text) => Buffer.from(text, 'base64'))

/** An int64, in a string, with a CRC-32C in it. */
export const wireChecksum = z.string().regex(/^\d{1,10}$/)

/** A CRC-32C as Cloud KMS reads it. */
export function checksumOf(bytes: Uint8Array): string {
  return String(crc32c(bytes))
}

/**
 * Throws `NoReply` unless what arrived is what was sent, both ways. https://cloud.google.com/kms/docs/data-integrity-guidelines
 */
export function verifyTransfer(what: {
  /** What Cloud KMS says of the request: that every checksum in it was right. */
  readonly heard: readonly (boolean | undefined)[]
  readonly received: readonly { readonly bytes: Uint8Array; readonly checksum: string }[]
}): void {
  const isIntact =
    what.heard.every((each) => each === true) &&
    what.received.every(({ bytes, checksum }) => checksumOf(bytes) === checksum)
  if (!isIntact) throw new NoReply('bytes were changed on the way to cloud kms, or back')
}
