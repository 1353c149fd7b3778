import { generateKeyPairSync, hash, sign } from 'node:crypto'

import { base32 } from '../kernel/base32.ts'
import type { Clock } from '../kernel/clock.ts'
import { encodeBase64 } from '../tlog/base64.ts'
import { rawEd25519 } from '../tlog/ed25519.ts'
import type { SignedStamp, Stamp } from './stamp.ts'
import { stampHash, stampMessage } from './stamp.ts'
import type { Missed, WriterOpenedEntry } from './upkeep-entry.ts'
import {
  type WriterAuthority,
  certificateMessage,
  encodeCertificate,
} from './writer-certificate.ts'

/** Stamps what one instance writes, one number after the other. FORMAT.md §4. */
export interface Writer {
  readonly id: string
  /** The number the next stamp gets. */
  readonly next: number
  /** Stamps an entry. Numbers and hashes follow the order of the calls, whatever the store does later. */
  readonly stamp: (entry: { readonly id: string; readonly hash: string }) => SignedStamp
  /** Remembers that a number will not be found, or not for certain. */
  missed(stamp: SignedStamp, reason: Missed['reason']): void
  /** What was missed and is not told yet; whoever takes it tells it, or gives it back. */
  takeMissed(): readonly Missed[]
  giveBack(missed: readonly Missed[]): void
  /** Ed25519 over any message that is no stamp: receipts. */
  readonly sign: (message: Uint8Array) => Buffer
}

/** A certificate ends when nothing of its writer can be under way any more. */
export const WRITER_LIFE_MS = 24 * 60 * 60 * 1000
const CERTIFICATE_LIFE_MS = WRITER_LIFE_MS + 60 * 60 * 1000
/** The clock of the store, by which verifiers judge, may be behind. */
const SKEW_MS = 2 * 60 * 1000

/**
 * A writer with a key that was made here and never leaves, and the entry that opens it, to be stamped
 * first. Rejects when the authority cannot sign.
 */
export async function certifiedWriter(options: {
  /** Origin of the log. */
  readonly log: string
  readonly authority: WriterAuthority
  readonly clock: Clock
  readonly instance: string | undefined
}): Promise<{ readonly writer: Writer; readonly opened: WriterOpenedEntry }> {
  const { log, authority, instance } = options
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const raw = rawEd25519(publicKey)
  const id = base32(hash('sha256', raw, 'buffer').subarray(0, 16))
  const at = options.clock()
  const certificate = encodeCertificate({
    v: 1,
    log,
    writer: id,
    publicKey: encodeBase64(raw),
    from: at - SKEW_MS,
    until: at + CERTIFICATE_LIFE_MS,
  })
  const message = certificateMessage(certificate)
  const signature = encodeBase64(await authority.sign(message))
  const opened: WriterOpenedEntry = {
    v: 1,
    type: 'writer-opened',
    id: `writer~${id}~opened`,
    at,
    writer: id,
    certificate,
    signature,
    authority: authority.id,
    instance,
  }
  const signed = (bytes: Uint8Array) => sign(undefined, bytes, privateKey)
  return { writer: numbering({ log, id, first: stampHash(message), signed }), opened }
}

function numbering(of: {
  readonly log: string
  readonly id: string
  readonly first: string
  readonly signed: (bytes: Uint8Array) => Buffer
}): Writer {
  let next = 0
  let previous = of.first
  let untold: readonly Missed[] = []
  return {
    id: of.id,
    get next() {
      return next
    },
    stamp(entry) {
      const stamp: Stamp = {
        v: 1,
        log: of.log,
        writer: of.id,
        number: next,
        previous,
        entry: entry.id,
        hash: entry.hash,
      }
      const message = stampMessage(stamp)
      next += 1
      previous = stampHash(message)
      return { stamp, signature: of.signed(message) }
    },
    missed({ stamp }, reason) {
      const { number } = stamp
      untold = [...untold, { number, stamp: stampHash(stampMessage(stamp)), reason }]
    },
    takeMissed() {
      const taken = untold
      untold = []
      return taken
    },
    giveBack(missed) {
      untold = [...missed, ...untold]
    },
    sign: of.signed,
  }
}
