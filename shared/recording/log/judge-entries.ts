import { type KeyObject, hash } from 'node:crypto'

import { decodeBase64 } from '../../tlog/base64.ts'
import { ed25519PublicKey, verifyEd25519 } from '../../tlog/ed25519.ts'
import type { RawEntry } from '../entry-store.ts'
import type { Leaf, SoundLeaf } from '../leaf.ts'
import { type TrustedAuthority, openWriter, openedId } from './open-writer.ts'
import { type ReadEntry, readEntry } from './read-entry.ts'
import type { Certified } from './sealer-state.ts'

/** What is stored, with the leaf that it gets. */
export type Judged =
  | JudgedSound
  | { readonly raw: RawEntry; readonly entry: undefined; readonly leaf: Leaf }

export interface JudgedSound {
  readonly raw: RawEntry
  readonly entry: ReadEntry
  readonly leaf: SoundLeaf
  /** Of the writer that it opens. */
  readonly opens: Certified | undefined
}

/** Whom to believe. */
export interface Beliefs {
  /** Of the log. */
  readonly origin: string
  readonly authorities: readonly TrustedAuthority[]
  /** The certificate of a writer whose `writer-opened` is sealed. */
  readonly certificateOf: (writer: string) => Certified | undefined
}

/**
 * Leaves for what is stored, in the order given: sound ones for entries that hold, whose stamp is signed by a
 * certified writer, and `invalid` ones for all else. Writers that are opened among them count from the first on.
 */
export function judgeEntries(raws: readonly RawEntry[], beliefs: Beliefs): readonly Judged[] {
  const { origin, authorities } = beliefs
  const read = raws.map((raw) => ({ raw, entry: readEntry(raw, origin) }))
  const opened = new Map<string, Certified>()
  const holds = signatures()
  for (const { entry } of read) {
    if (entry === undefined) continue
    const certificate = openWriter(entry, origin, authorities)
    if (certificate === undefined || !holds(entry, certificate)) continue
    const { publicKey, from, until } = certificate
    opened.set(certificate.writer, { publicKey, from, until })
  }
  return read.map(({ raw, entry }) => {
    // Manifests are sealed by who makes them, in the batch they are about.
    if (entry === undefined || entry.type === 'sealed-batch') return invalid(raw)
    const { writer } = entry.stamp
    const opens = raw.id === openedId(writer) ? opened.get(writer) : undefined
    const certificate = opened.get(writer) ?? beliefs.certificateOf(writer)
    const misplaced = entry.type === 'writer-opened' && opens === undefined
    return certificate !== undefined && !misplaced && holds(entry, certificate)
      ? { raw, entry, leaf: soundLeaf(entry), opens }
      : invalid(raw)
  })
}

/** Whether a writer with this certificate has stamped an entry, in its time. */
function signatures() {
  const keys = new Map<string, KeyObject | undefined>()
  return ({ raw, stampMessage }: ReadEntry, { publicKey, from, until }: Certified): boolean => {
    if (!keys.has(publicKey)) keys.set(publicKey, keyOf(publicKey))
    const key = keys.get(publicKey)
    const at = Math.floor(raw.committedAt / 1000)
    return (
      key !== undefined &&
      from <= at &&
      at <= until &&
      verifyEd25519(key, stampMessage, raw.signature)
    )
  }
}

function keyOf(publicKey: string): KeyObject | undefined {
  const raw = decodeBase64(publicKey)
  return raw && ed25519PublicKey(raw)
}

/** The leaf of an entry that holds. */
function soundLeaf({ raw, type, hash: e, stamp, stampHash, ciphertext }: ReadEntry): SoundLeaf {
  return {
    t: 'sluice-leaf/v1',
    c: raw.committedAt,
    e,
    i: raw.id,
    k: type,
    n: stamp.number,
    p: ciphertext,
    s: stampHash,
    w: stamp.writer,
  }
}

function invalid(raw: RawEntry): Judged {
  const { id, committedAt, bytes } = raw
  const e = hash('sha256', bytes, 'hex')
  const leaf: Leaf = { t: 'sluice-leaf/v1', c: committedAt, e, i: id, k: 'invalid' }
  return { raw, entry: undefined, leaf }
}
