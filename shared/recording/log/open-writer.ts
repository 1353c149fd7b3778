import { type KeyObject, hash } from 'node:crypto'

import { base32 } from '../../kernel/base32.ts'
import { decodeBase64 } from '../../tlog/base64.ts'
import { p256Spki, verifyP256 } from '../../tlog/ecdsa-p256.ts'
import { certificateMessage, encodeCertificate } from '../writer-certificate.ts'
import type { WriterCertificate } from '../writer-certificate.ts'
import { WRITER_ID, canonicalMembers, countIn, readMembers, textIn } from './members.ts'
import type { ReadEntry } from './read-entry.ts'

/** A key that may vouch for writers; epoch milliseconds between which its certificates begin. FORMAT.md §8. */
export interface TrustedAuthority {
  /** ECDSA P-256. */
  readonly publicKey: KeyObject
  readonly from?: number | undefined
  readonly until?: number | undefined
}

/**
 * The certificate in a `writer-opened` entry, if an authority that is trusted at the time it begins vouches for it, and
 * its stamp is the first of that writer. Whether the writer signed the stamp remains to be verified. FORMAT.md §4.
 */
export function openWriter(
  { type, raw, members, stamp }: ReadEntry,
  origin: string,
  authorities: readonly TrustedAuthority[],
): WriterCertificate | undefined {
  if (type !== 'writer-opened' || raw.id !== openedId(stamp.writer)) return undefined
  const [text, signature] = ['certificate', 'signature'].map((name) => members.get(name))
  if (typeof text !== 'string' || typeof signature !== 'string') return undefined
  const certificate = parseCertificate(text)
  if (certificate === undefined || certificate.log !== origin) return undefined
  if (members.get('writer') !== stamp.writer || certificate.writer !== stamp.writer)
    return undefined
  const message = certificateMessage(text)
  if (stamp.number !== 0 || stamp.previous !== hash('sha256', message, 'hex')) return undefined
  const der = decodeBase64(signature)
  const vouched = authorities.some(
    ({ publicKey, from = 0, until = Infinity }) =>
      members.get('authority') === hash('sha256', p256Spki(publicKey), 'hex') &&
      from <= certificate.from &&
      certificate.from <= until &&
      der !== undefined &&
      verifyP256(publicKey, message, der),
  )
  return vouched ? certificate : undefined
}

/** Id of the entry that opens a writer. */
export function openedId(writer: string): string {
  return `writer~${writer}~opened`
}

function parseCertificate(text: string): WriterCertificate | undefined {
  const certificate = readMembers(
    canonicalMembers(Buffer.from(text)),
    (members): WriterCertificate => ({
      v: 1,
      log: textIn(members, 'log'),
      writer: textIn(members, 'writer', WRITER_ID),
      publicKey: textIn(members, 'publicKey'),
      from: countIn(members, 'from'),
      until: countIn(members, 'until'),
    }),
  )
  if (certificate === undefined || encodeCertificate(certificate) !== text) return undefined
  const key = decodeBase64(certificate.publicKey)
  if (key === undefined) return undefined
  const id = base32(hash('sha256', key, 'buffer').subarray(0, 16))
  return id === certificate.writer ? certificate : undefined
}
