import { entryHash } from '../encode-entry.ts'
import type { RawEntry } from '../entry-store.ts'
import { parseStamp } from '../parse-stamp.ts'
import type { Stamp } from '../stamp.ts'
import { stampHash, stampMessage } from '../stamp.ts'
import { HEX_HASH, type Members, canonicalMembers, membersOf } from './members.ts'

/** What is stored under an id as far as it holds by itself; nobody has verified who wrote it. */
export interface ReadEntry {
  readonly raw: RawEntry
  readonly type: string
  readonly members: Members
  /** Hash of the entry, hex. */
  readonly hash: string
  /** Names this entry, its hash and this log. */
  readonly stamp: Stamp
  /** What the stamp's signature is over, and the hash of that, hex. */
  readonly stampMessage: Buffer
  readonly stampHash: string
  /** SHA-256, hex, of the ciphertext of its private facts, as the entry says; undefined without. */
  readonly ciphertext: string | undefined
}

/** The entry stored under an id; undefined when there is something else. FORMAT.md §2 and §4. */
export function readEntry(raw: RawEntry, origin: string): ReadEntry | undefined {
  const members = canonicalMembers(raw.bytes)
  const stamp = parseStamp(raw.stamp)
  if (members === undefined || stamp === undefined) return undefined
  const hash = entryHash(raw.bytes)
  const named = stamp.entry === raw.id && stamp.hash === hash && stamp.log === origin
  const type = members.get('type')
  // A leaf of the type `invalid` says that there is no entry, and one of 64 KiB does not fit a bundle.
  if (!named || typeof type !== 'string' || !TYPE.test(type) || type === 'invalid') return undefined
  if (members.get('v') !== 1 || members.get('id') !== raw.id) return undefined
  const ciphertext = membersOf(members.get('private'))?.get('ciphertext')
  if (ciphertext !== undefined && !isHash(ciphertext)) return undefined
  const message = stampMessage(stamp)
  const hashes = { stampMessage: message, stampHash: stampHash(message) }
  return { raw, type, members, hash, stamp, ...hashes, ciphertext }
}

const TYPE = /^[a-z0-9-]{1,64}$/

function isHash(value: unknown): value is string {
  return typeof value === 'string' && HEX_HASH.test(value)
}
