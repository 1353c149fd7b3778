import { createPublicKey, hash } from 'node:crypto'

import { base32 } from '../../kernel/base32.ts'
import { type Result, err, ok } from '../../kernel/result.ts'
import { decodeBase64 } from '../../tlog/base64.ts'
import { verifyP256 } from '../../tlog/ecdsa-p256.ts'
import { ed25519PublicKey } from '../../tlog/ed25519.ts'
import { stampHash } from '../stamp.ts'
import { certificateMessage } from '../writer-certificate.ts'
import { parseCanonical } from './canonical.ts'
import type { CertifiedWriter } from './checked-line.ts'
import type { FactsOf } from './entry-facts.ts'
import type { SentContext } from './line-context.ts'
import { base32Id, integer, one, only, text } from './shapes.ts'

/** Why nobody vouches for a writer: the end of a sentence that begins with its entry. */
export interface CertificateProblem {
  readonly problem: 'certificate-malformed' | 'certificate-of-another-log' | 'certificate-forged'
  readonly words: string
}

/** The writer that a writer-opened entry opens, if somebody trusted vouches for it. FORMAT.md §4. */
export function readCertificate(
  { writer, certificate, signature, authority }: FactsOf<'writer-opened'>,
  { log, authorities }: Pick<SentContext, 'log' | 'authorities'>,
): Result<CertifiedWriter, CertificateProblem> {
  const value = parseCanonical(certificate)
  if (!isCertificate(value)) return malformed('holds no certificate')
  const raw = decodeBase64(value.publicKey)
  if (raw === undefined || ed25519PublicKey(raw) === undefined)
    return malformed('holds a certificate of a key that binds nobody')
  const id = base32(hash('sha256', raw, 'buffer').subarray(0, 16))
  if (id !== value.writer || id !== writer)
    return malformed('holds a certificate that is not of the writer it opens')
  if (value.log !== log)
    return err({
      problem: 'certificate-of-another-log',
      words: 'holds a certificate for another log',
    })
  const trusted = authorities.find(({ id: of }) => of === authority)
  if (trusted === undefined)
    return forged('holds a certificate of an authority that the trust file does not name')
  const message = certificateMessage(certificate)
  const bytes = decodeBase64(signature)
  const key = createPublicKey({
    key: Buffer.from(trusted.publicKey, 'base64'),
    format: 'der',
    type: 'spki',
  })
  if (bytes === undefined || !verifyP256(key, message, bytes))
    return forged('holds a certificate that its authority did not sign')
  if (value.from < (trusted.from ?? -Infinity) || value.from > (trusted.until ?? Infinity))
    return forged('holds a certificate from outside the time for which its authority is trusted')
  const { publicKey, from, until } = value
  return ok({ id, publicKey, from, until, hash: stampHash(message) })
}

const isCertificate = only({
  v: one,
  log: text,
  writer: base32Id,
  publicKey: text,
  from: integer,
  until: integer,
})

const malformed = (words: string) => err({ problem: 'certificate-malformed', words } as const)
const forged = (words: string) => err({ problem: 'certificate-forged', words } as const)
